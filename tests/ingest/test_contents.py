"""Tables of contents are set aside and eat no chapter."""

from __future__ import annotations

import pytest

from bot.domain.story import Manuscript
from bot.ingest.reading import read_attached

BODY = "The bell rang, and nobody in the whole street so much as turned a head.\n\n“Well,” said Late.\n\n" * 3


def read(text: str) -> Manuscript:
    (story,) = read_attached(text.encode(), "a.txt")
    return story


def _chapters(story: Manuscript) -> list[tuple[int, str | None]]:
    return [(chapter.number, chapter.title) for chapter in story.chapters]


def _contents(story: Manuscript) -> list[str]:
    return [piece.text for piece in story.set_aside if piece.kind == "contents"]


LEADERS = "CONTENTS\n\n  I. The Bell ........ 1\n  II. The Tide . . . . 20\n\n\n"
NUMBERED = "Contents\n\nChapter 1. The Bell\nChapter 2. The Tide\n\n\n"
TABS = "TABLE OF CONTENTS\n\n1. The Bell\n2. The Tide\n\n"


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        (LEADERS, "I. The Bell", "II. The Tide"),
        (LEADERS, "I\n\nTHE BELL", "II\n\nTHE TIDE"),
        (NUMBERED, "Chapter 1. The Bell", "Chapter 2. The Tide"),
        (NUMBERED, "CHAPTER 1\n\nThe Bell", "CHAPTER 2\n\nThe Tide"),
        (TABS, "\tThe Bell", "\tThe Tide"),
        (TABS, "1. The Bell", "2. The Tide"),
    ],
)
def test_a_table_of_contents_eats_no_chapter(table: str, first: str, second: str):
    story = read(f"The Salt Door\n\nby Peg\n\n{table}{first}\n\n{BODY}\n{second}\n\n{BODY}")
    assert [(number, (title or "").casefold()) for number, title in _chapters(story)] == [
        (1, "the bell"),
        (2, "the tide"),
    ]
    assert [scene.text for chapter in story.chapters for scene in chapter.scenes] == [BODY.strip()] * 2
    assert len(_contents(story)) == 3


def test_a_table_without_chapters_below_it_is_story():
    story = read(f"{BODY}CONTENTS\n\nsalt and tin\n\n{BODY}")
    assert not _contents(story)
    assert "CONTENTS" in " ".join(scene.text for chapter in story.chapters for scene in chapter.scenes)


def test_talk_below_a_table_is_not_an_entry():
    story = read(f"CONTENTS\n\nThe Bell\nThe Tide\n\n“Go on,” said Peg.\n\nThe Bell\n\n{BODY}\nThe Tide\n\n{BODY}")
    assert _contents(story) == ["CONTENTS", "The Bell", "The Tide"]
