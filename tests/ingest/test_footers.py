"""What stands below or around a list's footer stays story, and Markdown is known whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.story import Manuscript, Rating
from bot.ingest.reading import read, read_attached
from bot.strings import PROBLEMS

SPONSOR = "------- Yahoo! Groups Sponsor -------~-->\nBuy tea!\n-------------------~->\n\n"
LEAVE = "To unsubscribe from this group, send an email to: x-unsubscribe@example.org\n\n"


def story(text: str, name: str = "a.txt") -> Manuscript:
    (found,) = read_attached(text.encode(), name)
    return found


def told(found: Manuscript) -> str:
    return "\n\n".join(scene.text for chapter in found.chapters for scene in chapter.scenes)


@pytest.mark.parametrize("footer", [SPONSOR, LEAVE, SPONSOR + LEAVE])
def test_story_and_ratings_below_a_footer_count(footer: str):
    head = "Title: The Weir ({}/2)\nAuthor: Peg\nRating: {}\n\n"
    found = story(
        f"{head.format(1, 'PG')}The weir was loud.\n\n{footer}{head.format(2, 'NC-17')}They slept.\n\n{footer}"
    )
    assert told(found) == "The weir was loud.\n\nThey slept."
    assert found.rating is Rating.EXPLICIT
    assert {piece.kind for piece in found.set_aside} >= {"footer"}


@pytest.mark.parametrize("line", ["-----Original Message-----", "To unsubscribe from my life, press one."])
def test_a_line_of_the_story_is_no_footer(line: str):
    found = story(f"She read on.\n\n{line}\n\nDear Ann, I am gone.\n\nShe wept.")
    assert line in told(found)
    assert told(found).endswith("She wept.")
    assert PROBLEMS["footer_doubted"] in [problem.message for problem in found.problems]


def test_a_table_of_contents_in_markdown_is_no_chapter():
    text = "# Glass\n\n## Contents\n\n- [Frost](#frost)\n- [Thaw](#thaw)\n\n## Frost\n\nIce.\n\n## Thaw {#thaw}\n\nMud."
    found = story(text, "a.md")
    assert [(chapter.number, chapter.title) for chapter in found.chapters] == [(1, "Frost"), (2, "Thaw")]
    assert [piece.kind for piece in found.set_aside].count("contents") == 3


def test_lang_is_the_language():
    assert story("---\nlang: fr\n---\n\nIl pleut.", "a.md").language == "fr"


def test_markdown_called_text_is_read_as_markdown():
    found = story("# Glass\n\n## Chapter 1: Ice\n\n*Four* ships.\n\n## Chapter 2: Thaw\n\nThey sank.")
    assert found.title == "Glass"
    assert [chapter.title for chapter in found.chapters] == ["Ice", "Thaw"]


def test_what_stands_beside_numbered_chapters_is_told(tmp_path: Path):
    for name in ("1 - A.md", "2 - B.md", "prologue.md", "notes.md", "README.md"):
        (tmp_path / name).write_text("It rained.")
    (found,) = read(tmp_path)
    assert len(found.chapters) == 3
    messages = [problem.message for problem in found.problems]
    assert all(PROBLEMS["beside_left_out"].format(name=name) in messages for name in ("notes.md", "README.md"))
