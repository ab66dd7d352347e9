"""Chapter headings of many languages, and sentences that only begin like one."""

from __future__ import annotations

import pytest

from bot.ingest import plaintext
from bot.ingest.headings import Level, heading_of
from bot.ingest.manuscripts import story_of_one_file

BODY = "The bell rang, and nobody in the whole street so much as turned a head.\n\n“Well,” said Late.\n\n" * 6


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("Chapter 3: Title", 3, "Title"),
        ("Chapter Forty-Nine", 49, None),
        ("CHAPTER THE FIRST", 1, None),
        ("Chapter 3—Tea", 3, "Tea"),
        ("Chapter 10 of 12 - Ends", 10, "Ends"),
        ("~*~ Chapter 5 ~*~", 5, None),
        ("Episode IV: A New Hope", 4, "A New Hope"),
        ("Chapitre premier", 1, None),
        ("Dix-neuvième chapitre", 19, None),
        ("Erstes Kapitel", 1, None),
        ("Kapitel Eins", 1, None),
        ("Første kapittel", 1, None),
        ("Kapitel tjugo", 20, None),
        ("Capítulo cinco: La noche", 5, "La noche"),
        ("Capitolo II", 2, None),
        ("Hoofdstuk 4", 4, None),
        ("Rozdział trzeci - Noc", 3, "Noc"),
        ("Глава первая", 1, None),
        ("第三章 夜", 3, "夜"),
        ("第十二话", 12, None),
        ("Kapitola druhá", 2, None),
        ("Третій розділ", 3, None),
        ("Četvrto poglavlje", 4, None),
        ("Ötödik fejezet", 5, None),
        ("Kuudes luku", 6, None),
        ("Seitsmes peatükk", 7, None),
        ("Sekizinci Bölüm", 8, None),
        ("Capitolul 9: Zăpada", 9, "Zăpada"),
        ("Capítol desè", 10, None),
        ("Κεφάλαιο πρώτο", 1, None),
        ("الفصل الثاني", 2, None),
        ("فصل سوم", 3, None),
        ("פרק ד'", 4, None),
        ("Chương 5", 5, None),
        ("บทที่ 6", 6, None),
        ("अध्याय 7", 7, None),
        ("Skyrius 8", 8, None),
        ("제9장 밤", 9, "밤"),
        ("第十章　雪", 10, "雪"),
    ],
)
def test_a_chapter_heading_is_understood(text: str, number: int, title: str | None):
    found = heading_of(text)
    assert found is not None
    assert (found.level, found.number, found.title) == (Level.CHAPTER, number, title)


@pytest.mark.parametrize(
    "text", ["Teil 2", "Часть II", "PREMIÈRE PARTIE", "Book Three: Ash", "Część druga", "Parte primera"]
)
def test_a_part_is_no_chapter(text: str):
    found = heading_of(text)
    assert found is not None
    assert found.level is Level.VOLUME


@pytest.mark.parametrize(
    "text",
    [
        "Chapter two was the worst of it, she thought.",
        "Chapter 3 was",
        "Part of the problem",
        "Parte del problema",
        "Book club met",
        "Mix 3 eggs",
        "12 Angry Men",
        "1984",
        "Ten. That was what he said.",
        "1. I went to the shop.",
        "“Chapter 3”",
    ],
)
def test_prose_is_no_heading(text: str):
    assert heading_of(text) is None


def chapters(text: str) -> list[tuple[int, str | None]]:
    manuscript = story_of_one_file(plaintext.read(text, "story.txt"), "a-story")
    return [(chapter.number, chapter.title) for chapter in manuscript.chapters]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (
            ["PART ONE\n\nChapter 1", "Chapter 2", "PART TWO\n\nThe Return\n\nChapter 1"],
            [(1, None), (2, None), (3, None)],
        ),
        (["Prologue", "1.", "2.", "3."], [(0, "Prologue"), (1, None), (2, None), (3, None)]),
        (["Chapter 1", "Interlude", "Chapter 2"], [(1, None), (2, "Interlude"), (3, "Chapter 2")]),
        (["The Salt Door - Chapter 1", "The Salt Door - Chapter 2"], [(1, None), (2, None)]),
        (["The Loaf\n========", "The Tube\n========"], [(1, "The Loaf"), (2, "The Tube")]),
        (["Chapter 5: Part 2"], [(5, "Part 2")]),
    ],
)
def test_chapters_of_a_file(headings: list[str], expected: list[tuple[int, str | None]]):
    assert chapters("".join(f"{heading}\n\n{BODY}" for heading in headings)) == expected


def test_a_number_alone_in_the_text_is_no_heading():
    assert len(chapters(f"{BODY}I\n\n{BODY}1\n\n{BODY}")) == 1


def test_prose_before_the_first_chapter_is_kept():
    text = "She ran down to the river before anybody could stop her, and she did not look back. " * 4
    assert chapters(f"{text}\n\nChapter 1\n\n{BODY}") == [(0, None), (1, None)]
