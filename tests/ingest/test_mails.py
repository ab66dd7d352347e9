"""A story that came mail by mail, each part with a header of its own."""

from __future__ import annotations

import pytest

from bot.domain.story import Manuscript
from bot.ingest import header
from bot.ingest.reading import read_attached

BODY = "The bell rang, and nobody in the whole street so much as turned a head.\n\n“Well,” said Late.\n\n" * 3


def read(text: str) -> Manuscript:
    (story,) = read_attached(text.encode(), "a.txt")
    return story


def _part(number: int, *, sent: bool = False) -> str:
    mail = "From: Peg <p@example.org>\nDate: 3 May 1999\n\n" if sent else ""
    return f"{mail}Title: The Salt Door ({number}/3)\nAuthor: Peg\nRating: R\nDisclaimer: None are\nmine.\n\n{BODY}"


@pytest.mark.parametrize("sent", [False, True])
def test_later_headers_are_no_story_and_count_its_parts(sent: bool):
    story = read("".join(_part(number, sent=sent) for number in (1, 2, 3)))
    assert (story.title, story.authors) == ("The Salt Door", ("Peg",))
    assert [chapter.number for chapter in story.chapters] == [1, 2, 3]
    assert [chapter.scenes[0].text for chapter in story.chapters] == [BODY.strip()] * 3
    kept = " ".join(piece.text for piece in story.set_aside)
    assert kept.count("None are mine.") == 3


def test_a_heading_below_a_header_stays_the_chapter():
    second = _part(2).replace(f"\n\n{BODY}", f"\n\nChapter 2: The Tide\n\n{BODY}")
    story = read(_part(1).replace(BODY, f"Chapter 1: The Bell\n\n{BODY}") + second)
    assert [(chapter.number, chapter.title) for chapter in story.chapters] == [(1, "The Bell"), (2, "The Tide")]


def test_a_line_of_the_story_that_names_its_title_is_no_header():
    line = "Title: The Salt Door, it said on the spine."
    story = read(f"{_part(1)}{line}\n\n{BODY}")
    assert line in story.chapters[0].scenes[0].text


def test_each_line_is_looked_at_for_few_headers(monkeypatch: pytest.MonkeyPatch):
    looked = 0
    key_of = header.key_of

    def counted(line: str) -> tuple[str, str] | None:
        nonlocal looked
        looked += 1
        return key_of(line)

    monkeypatch.setattr(header, "key_of", counted)
    text = f"Title: The Salt Door\nAuthor: Peg\nRating: R\n\n{BODY}" + "Title: The Salt Door\n" * 3000
    assert "Title: The Salt Door" in read(text).chapters[0].scenes[0].text
    assert looked < 10 * text.count("\n")
