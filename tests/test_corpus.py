"""Every shipped text imports without a problem; what is wrong is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from bot.domain.story import Manuscript, PermissionFor, PermissionFrom, Rating
from bot.ingest.reading import read
from bot.strings import REFUSALS

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
FOLDERS = sorted(folder for folder in CORPUS.iterdir() if folder.is_dir())


def story_in(folder: Path) -> Manuscript:
    try:
        (story,) = read(folder)
    except BadInput as refusal:
        pytest.fail(REFUSALS[refusal.key].format(**refusal.values))
    return story


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_story_has_no_problem(folder: Path):
    story = story_in(folder)
    problems = [f"{folder.name}/{problem.file}:{problem.line or 1}: {problem.message}" for problem in story.problems]
    assert not problems, "\n" + "\n".join(problems)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_story_says_what_a_server_must_know(folder: Path):
    story = story_in(folder)
    assert story.slug == folder.name
    assert story.authors
    assert story.rating is not Rating.UNRATED
    assert story.language != "und"
    assert story.summary
    assert story.permission.source is not PermissionFrom.UNKNOWN
    assert story.permission.covers is PermissionFor.FULL_TEXT
    assert story.rating in (Rating.GENERAL, Rating.TEEN) or story.warnings


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_story_has_titled_chapters_of_a_few_scenes(folder: Path):
    story = story_in(folder)
    assert [chapter.number for chapter in story.chapters] == list(range(1, len(story.chapters) + 1))
    assert len(story.chapters) >= 4
    for chapter in story.chapters:
        assert chapter.title
        assert 2 <= len(chapter.scenes) <= 5


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_story_has_lines_to_quote(folder: Path):
    story = story_in(folder)
    lines = [line for chapter in story.chapters for scene in chapter.scenes for line in scene.lines]
    assert sum(line.quotable for line in lines) >= 40


def test_one_chapter_stands_as_an_author_would_paste_it():
    assert any(piece.kind == "disclaimer" for folder in FOLDERS for piece in story_in(folder).set_aside)
