"""Which lines head chapters, and how chapters are numbered that count badly."""

from __future__ import annotations

import pytest

from bot.domain.breaks import Block
from bot.domain.story import Manuscript
from bot.ingest import html, plaintext
from bot.ingest.headings import heading_of
from bot.ingest.manuscripts import story_of_one_file
from bot.ingest.metadata import Source

PROSE = (
    "The road went on between the beet fields, and nobody on it had anything left to say to anybody at all that day. "
    "He counted the loaves twice, as his father had, and put the ledger back under the counter, and then went out. "
    "Rosa found the gate open and the geese gone, and she did not call out to anyone about either of them."
)


def read(text: str) -> Manuscript:
    return story_of_one_file(plaintext.read(text, "story.txt"), "a-story")


def chapters(story: Manuscript) -> list[tuple[int, str | None]]:
    return [(chapter.number, chapter.title) for chapter in story.chapters]


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("xXx Chapter 1 xXx", 1, None),
        ("oOo Chapter Two: Geese oOo", 2, "Geese"),
        ("*Chapter 1*: Chapter 1", 1, None),
        ("*Chapter 2*: Low Water", 2, "Low Water"),
        ("THE EPILOGUE", None, "Epilogue"),
    ],
)
def test_heads_a_chapter(text: str, number: int | None, title: str | None):
    found = heading_of(text)
    assert found is not None
    assert (found.number, found.title) == (number, title)


@pytest.mark.parametrize("text", ["the epilogue", "the Epilogue", "xXx Tom xXx", "The epilogue was long."])
def test_heads_none(text: str):
    assert heading_of(text) is None


def test_a_downloader_s_headings_are_no_second_titles():
    story = read("\n\n".join(f"*Chapter {n}*: Chapter {n}\n\n{PROSE}" for n in (1, 2, 3)))
    assert chapters(story) == [(1, None), (2, None), (3, None)]


def test_three_titles_in_capitals_spaced_like_chapters_are_headings():
    story = read("\n\n".join(f"{title}\n\n{PROSE}" for title in ("THE STAIR", "THE BOAT", "THE MOLE AT NIGHT")))
    assert chapters(story) == [(1, "THE STAIR"), (2, "THE BOAT"), (3, "THE MOLE AT NIGHT")]


def test_titles_in_capitals_with_much_more_text_below_one_are_told():
    longer = "\n\n".join([PROSE] * 14)
    story = read(f"THE STAIR\n\n{longer}\n\nTHE BOAT\n\n{PROSE}\n\nTHE MOLE\n\n{PROSE}")
    assert len(story.chapters) == 1
    assert any("may be headings" in problem.message for problem in story.problems)


def test_names_that_head_scenes_are_no_titles():
    story = read(f"Chapter 1\n\nIda\n\n{PROSE}\n\nBo\n\n{PROSE}\n\nIda\n\n{PROSE}\n\nChapter 2\n\nBo\n\n{PROSE}")
    assert chapters(story) == [(1, None), (2, None)]
    assert [len(chapter.scenes) for chapter in story.chapters] == [3, 1]


def test_lines_in_capitals_that_are_not_spaced_so_are_told():
    story = read(f"{PROSE}\n\n{PROSE}\n\n{PROSE}\n\n{PROSE}\n\nTHE BOAT\n\n{PROSE}\n\nTHE MOLE\n\nHe went.")
    assert len(story.chapters) == 1
    assert "THE BOAT" in story.chapters[0].scenes[0].text
    assert any(problem.message.endswith("lines 9, 13") for problem in story.problems)


def test_exclamations_in_capitals_are_neither():
    story = read("\n\n".join(f"NO, TOM!\n\n{PROSE}" for _ in range(3)))
    assert len(story.chapters) == 1
    assert not story.problems


def test_roman_numbers_below_a_list_of_contents_are_headings():
    titles = ["The Stage", "The Mill", "The Shop"]
    entries = "\n".join(f" {roman}. {title}" for roman, title in zip(("I", "II", "III"), titles, strict=True))
    text = "\n\n".join(
        f"{roman}\n\n{title.upper()}\n\n{PROSE}" for roman, title in zip(("I", "II", "III"), titles, strict=True)
    )
    story = read(f"The Ford\n\nCONTENTS\n\n{entries}\n\n\n{text}")
    assert chapters(story) == [(1, "THE STAGE"), (2, "THE MILL"), (3, "THE SHOP")]
    assert all(scene.text == PROSE for chapter in story.chapters for scene in chapter.scenes)


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ([1, 2, 2, 4], [1, 2, 3, 4]),
        ([1, 2, 2, 3, 4], [1, 2, 3, 4, 5]),
        ([1, 1, 3], [1, 2, 3]),
        ([1, 2, 1, 2], [1, 2, 3, 4]),
        ([1, 1, 2, 4], [1, 2, 3, 4]),
    ],
)
def test_a_doubled_number_leaves_the_rest_as_far_as_there_is_room(written: list[int], counted: list[int]):
    story = read("\n\n".join(f"Chapter {n}\n\n{PROSE}" for n in written))
    assert [chapter.number for chapter in story.chapters] == counted


def test_a_doubled_number_is_named_with_both_lines():
    story = read("\n\n".join(f"Chapter {n}\n\n{PROSE}" for n in (1, 2, 2, 4)))
    (problem,) = story.problems
    assert problem.line == 9
    assert "“Chapter 2”" in problem.message
    assert "line 5" in problem.message


def test_a_paragraph_without_a_line_stands_where_the_one_before_it_does():
    source = Source(file="a.html", blocks=[Block("One went.", 7), Block("***", 0), Block("Two came.", 0)])
    (chapter,) = story_of_one_file(source, "a").chapters
    assert [scene.source_line for scene in chapter.scenes] == [7, 7]


def test_every_scene_has_a_line_and_a_page_of_one_line_is_named_once():
    body = "".join(f"{PROSE}<br><br>" for _ in range(3)) + "<br>&nbsp;<br>He left.<br><br>" * 2
    story = story_of_one_file(html.read(f"<html><body>{body}</body></html>".encode(), "a.html"), "a")
    assert all(scene.source_line > 0 for chapter in story.chapters for scene in chapter.scenes)
    assert all(problem.line != 0 and "1, 1" not in problem.message for problem in story.problems)
