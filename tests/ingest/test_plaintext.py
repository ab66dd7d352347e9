"""Plain text: what is unwrapped, what is kept, what is set aside."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Iterable

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.story import Manuscript, Rating
from bot.ingest import plaintext
from bot.ingest.manuscripts import story_of_one_file
from bot.strings import PROBLEMS
from tests.support.laws import LAW


def story(text: str) -> Manuscript:
    return story_of_one_file(plaintext.read(text, "story.txt"), "a-story")


def paragraphs(text: str) -> list[str]:
    return [
        paragraph
        for chapter in story(text).chapters
        for scene in chapter.scenes
        for paragraph in scene.text.split("\n\n")
    ]


WORDS = (
    "the river remembers every oar that broke it and nothing else in all the long grey year does so much "
    "as ask whose hands were on the rope when the bell stopped although everybody in the street could "
    "have told them"
).split()
PICK = random.Random(3)
PROSE = st.sampled_from([" ".join(PICK.choices(WORDS, k=45 + n)).capitalize() + "." for n in range(30)])
SPEECH = st.sampled_from([f'"{" ".join(PICK.choices(WORDS, k=n))}," she said.' for n in range(2, 8)])
PARAGRAPHS = st.tuples(
    st.lists(PROSE, min_size=4, max_size=5),
    st.lists(st.one_of(PROSE, SPEECH), max_size=5),
    st.lists(PROSE, min_size=1, max_size=2),
).map(lambda parts: [paragraph for part in parts for paragraph in part])


@settings(LAW, max_examples=30)
@given(PARAGRAPHS, st.sampled_from([0, 50, 65, 72, 80]), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 2))
def test_what_was_written_is_read_however_it_was_wrapped(texts: list[str], width: int, newline: str, gap: int):
    lines = [textwrap.fill(text, width, break_on_hyphens=False) if width else text for text in texts]
    written = ("\n" * (gap + 1)).join(lines).replace("\n", newline)
    assert paragraphs(written) == texts


@settings(LAW, max_examples=30)
@given(PARAGRAPHS, st.sampled_from([0, 60, 72]), st.sampled_from(["  ", "    ", "\t"]))
def test_indented_paragraphs_need_no_blank_lines(texts: list[str], width: int, indent: str):
    lines = [textwrap.fill(indent + text, width, expand_tabs=False) if width else indent + text for text in texts]
    assert paragraphs("\n".join(lines)) == texts


@settings(LAW, max_examples=30)
@given(PARAGRAPHS)
def test_one_line_is_one_paragraph_where_nothing_parts_them(texts: list[str]):
    assert paragraphs("\n".join(texts)) == texts


LINES = st.lists(
    st.one_of(
        st.text("abcdefgh ABCDEFGH.,!?\"'*_-–—:123\t", max_size=90),
        st.sampled_from(
            [
                "",
                "",
                "",
                "***",
                "Chapter 3",
                "Title: A",
                "Rating: R",
                "TBC",
                "The End",
                "III.",
                "---",
                "Prologue",
            ]
        ),
    ),
    max_size=40,
)


def letters(texts: Iterable[str]) -> str:
    return "".join(char for text in texts for char in text.casefold() if char.isalnum())


@LAW
@given(LINES)
def test_reading_loses_and_moves_no_word(lines: list[str]):
    source = plaintext.read("\n".join(["Once.", *lines]), "story.txt")
    kept = [block.line for block in source.blocks]
    assert kept == sorted(kept)
    aside = [
        (piece.line, piece.text if piece.kind in ("front", "header") else piece.kind + piece.text)
        for piece in source.set_aside
    ]
    # What stands in a later header's place heads the part below it.
    parts = [piece.line for piece in source.set_aside if piece.kind == "header"]
    heads = {next((block.line for block in source.blocks if block.line >= line), 0) for line in parts}
    heads |= {source.blocks[0].line} if parts and source.blocks[0].text == "Chapter 1" else set()
    read = sorted([(block.line, block.text) for block in source.blocks if block.line not in heads] + aside)
    assert letters(text for _, text in read) == letters(["Once.", *lines])


FURNITURE = st.sampled_from(
    [
        "Chapter {}",
        "{}.",
        "***",
        "TBC",
        "The End",
        "Part {}",
        "Prologue",
        "THE LOAF",
        "by Peg",
        "Title: A",
        "Rating: T",
    ]
)


@LAW
@given(st.lists(FURNITURE, max_size=4), st.lists(st.lists(FURNITURE, max_size=2), min_size=1, max_size=8))
def test_every_paragraph_is_in_the_story_or_set_aside_in_order_and_once(front: list[str], parts: list[list[str]]):
    texts = list(front)
    for n, furniture in enumerate(parts):
        texts += (text.format(n + 1) for text in furniture)
        texts += [
            f"The bell rang, and nobody in the street turned a head at token{n}x.",
            f"“Well,” said Late{n}x.",
        ]
    try:
        manuscript = story("\n\n".join(texts))
    except BadInput:
        reject()
    told = " ".join(scene.text for chapter in manuscript.chapters for scene in chapter.scenes)
    aside = " ".join(piece.text for piece in manuscript.set_aside)
    order = [int(n) for n in re.findall(r"token(\d+)x", told)]
    assert order == sorted(order)
    assert sorted(order + [int(n) for n in re.findall(r"token(\d+)x", aside)]) == list(range(len(parts)))


WRAPPED = textwrap.fill(" ".join(WORDS * 6).capitalize() + ".", 70)


def test_verse_stays_verse_in_a_wrapped_file():
    verse = "Roses are red,\nViolets are blue,\nNobody told them\nWhat roses do."
    assert paragraphs(f"{WRAPPED}\n\n{verse}\n\n{WRAPPED}")[1] == verse


def test_verse_stays_verse_among_one_line_paragraphs():
    verse = "Roses are red\nViolets are blue"
    prose = " ".join(WORDS * 3) + "."
    assert paragraphs(f"{prose}\n\n{verse}\n\n{prose}\n\n{prose}")[1] == verse


def test_lines_of_talk_are_paragraphs():
    talk = '"Go," she said.\n"No," he said.'
    assert paragraphs(f"{WRAPPED}\n\n{talk}\n\n{WRAPPED}")[1:3] == talk.split("\n")


def test_talk_of_middling_length_is_not_run_together():
    talk = '"I will not go there," she said, and looked away.\n"You never did go anywhere," said the Vicar.'
    assert paragraphs(f"{WRAPPED}\n\n{talk}\n\n{WRAPPED}")[1:3] == talk.split("\n")


def test_words_and_dashes_cut_at_a_line_end_are_put_together():
    line = "x" * 66
    wrapped = "\n".join([line + " half-", "past ten " + line[:-4] + "it--", "and " + line, "end."] * 2)
    assert "half-past ten" in paragraphs(wrapped)[0]
    assert "it--and" in paragraphs(wrapped)[0]


def test_ornaments_need_no_blank_lines_around_them():
    manuscript = story("One went out.\n***\nTwo came in.\n\noOo\n\nThree sat down.")
    assert [(s.text, s.marker) for s in manuscript.chapters[0].scenes] == [
        ("One went out.", ""),
        ("Two came in.", "***"),
        ("Three sat down.", "oOo"),
    ]


def test_a_rule_under_a_title_parts_nothing():
    assert len(story("A Letter Home\n-------------\n\nDear all.\n\nI am well.").chapters[0].scenes) == 1


HEADER = """\
Title: The Salt Door
Author: Peg Lanyon <peg@example.org>
Chapter: 3 - What the Tube Said
Rating: R, for what it does
to its teeth
Disclaimer: Mine, all of it.
Please ask before you put it anywhere else.

Feedback: Yes please!
Spoilers: All of it

"Either nobody goes," said Bettany, "or everybody does."

It was: so.

TBC
"""


def test_a_header_block_is_set_aside_and_understood():
    manuscript = story(HEADER)
    chapter = manuscript.chapters[0]
    assert (manuscript.title, manuscript.slug) == ("The Salt Door", "the-salt-door")
    assert manuscript.authors == ("Peg Lanyon",)
    assert manuscript.rating is Rating.MATURE
    assert (chapter.number, chapter.title) == (3, "What the Tube Said")
    assert chapter.scenes[0].text == '"Either nobody goes," said Bettany, "or everybody does."\n\nIt was: so.'
    assert chapter.scenes[0].source_line == 12
    aside = {piece.kind: piece for piece in manuscript.set_aside}
    assert aside["disclaimer"].text == "Mine, all of it. Please ask before you put it anywhere else."
    assert aside["disclaimer"].line == 6
    assert aside["end"].text == "TBC"
    assert manuscript.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "Note: this is how it began. The bell rang.\n\nThe bell rang again.",
        "He had one rule: never look back.\n\nRating: he had none.",
        "By: then it was too late.\n\nThe bell rang.",
    ],
)
def test_a_colon_makes_no_header(text: str):
    assert story(text).set_aside == ()


@pytest.mark.parametrize(
    ("value", "rating"),
    [
        *(
            ("G", Rating.GENERAL),
            ("K", Rating.GENERAL),
            ("K+", Rating.TEEN),
            ("PG", Rating.TEEN),
            ("PG-13", Rating.TEEN),
        ),
        *(("T", Rating.TEEN), ("M", Rating.MATURE), ("R", Rating.MATURE), ("NC-17", Rating.EXPLICIT)),
        *(
            ("E", Rating.EXPLICIT),
            ("MA", Rating.EXPLICIT),
            ("X", Rating.EXPLICIT),
            ("Explicit", Rating.EXPLICIT),
        ),
        *(
            ("PG-13 now, NC17 later", Rating.EXPLICIT),
            ("FR18", Rating.MATURE),
            ("Teen And Up Audiences", Rating.TEEN),
        ),
        *(("Not Rated", Rating.UNRATED), ("about a g or so", Rating.UNRATED)),
    ],
)
def test_the_ratings_of_other_places_are_ours(value: str, rating: Rating):
    assert story(f"Title: A\nRating: {value}\n\nThe bell rang.").rating is rating


def test_an_unknown_rating_is_unrated_with_a_warning():
    manuscript = story("Title: A\nRating: spicy\n\nThe bell rang.")
    assert manuscript.rating is Rating.UNRATED
    assert [(problem.file, problem.line) for problem in manuscript.problems] == [("story.txt", 2)]


def test_a_title_with_a_chapter_in_it_gives_both():
    manuscript = story("Title: The Salt Door (3/5)\nAuthor: Peg\n\nThe bell rang.")
    assert (manuscript.title, manuscript.chapters[0].number) == ("The Salt Door", 3)


@pytest.mark.parametrize(
    "end", ["TBC", "To be continued...", "The End", "THE END", "~ fin ~", "End file.", "END PART 3"]
)
def test_what_ends_a_file_is_set_aside(end: str):
    manuscript = story(f"The bell rang.\n\n***\n\n{end}\n")
    assert [scene.text for scene in manuscript.chapters[0].scenes] == ["The bell rang."]
    assert [piece.text for piece in manuscript.set_aside] == [end]


def test_a_story_may_end_with_any_other_words():
    assert story("The bell rang.\n\nThat was the end of it.").set_aside == ()


BODY = "The bell rang, and nobody in the whole street so much as turned a head.\n\n“Well,” said Late.\n\n"


@pytest.mark.parametrize(
    ("headings", "chapters"),
    [
        (["Chapter 1", "Chapter 2"], [(1, None), (2, None)]),
        (["CHAPTER ONE: The Loaf", "CHAPTER TWO: The Tube"], [(1, "The Loaf"), (2, "The Tube")]),
        (["CHAPTER I.\nThe Loaf", "CHAPTER II.\nThe Tube"], [(1, "The Loaf"), (2, "The Tube")]),
        (["Chapter 1 - The Loaf", "Ch. 2 - The Tube"], [(1, "The Loaf"), (2, "The Tube")]),
        (["I.", "II.", "III."], [(1, None), (2, None), (3, None)]),
        (["1", "2", "3"], [(1, None), (2, None), (3, None)]),
        (["I\n\nTHE LOAF", "II\n\nTHE TUBE"], [(1, "THE LOAF"), (2, "THE TUBE")]),
        (["Prologue", "Chapter 1", "Epilogue"], [(0, "Prologue"), (1, None), (2, "Epilogue")]),
        (["Part One", "Part Two"], [(1, None), (2, None)]),
        (["Chapter 3", "Chapter 5"], [(3, None), (5, None)]),
        (["* Chapter Twenty-One *", "* Chapter Twenty-Two *"], [(21, None), (22, None)]),
    ],
)
def test_chapters_are_found_by_their_headings(headings: list[str], chapters: list[tuple[int, str | None]]):
    manuscript = story("".join(f"{heading}\n\n{BODY}" for heading in headings))
    assert [(chapter.number, chapter.title) for chapter in manuscript.chapters] == chapters
    assert all(chapter.scenes[0].text.startswith("The bell") for chapter in manuscript.chapters)


def test_a_sentence_about_a_chapter_is_no_heading():
    text = "Chapter two was the worst of it, she thought.\n\nI.\n\nThe bell rang."
    assert len(story(text).chapters) == 1


def test_numbers_below_chapters_part_scenes():
    manuscript = story(f"Chapter 1\n\n{BODY}2\n\n{BODY}3\n\n{BODY}Chapter 2\n\n{BODY}")
    assert [len(chapter.scenes) for chapter in manuscript.chapters] == [3, 1]


def test_a_title_page_and_a_table_of_contents_are_set_aside():
    manuscript = story(
        f"THE SALT DOOR\n\nby Peg Lanyon\n\nChapter 1\n\nChapter 2\n\nChapter 1\n\n{BODY}Chapter 2\n\n{BODY}"
    )
    assert (manuscript.title, manuscript.authors) == ("THE SALT DOOR", ("Peg Lanyon",))
    assert [chapter.number for chapter in manuscript.chapters] == [1, 2]


def test_numbers_that_begin_again_are_counted_on_with_a_warning():
    manuscript = story("".join(f"Chapter {number}\n\n{BODY}" for number in (1, 2, 1, 2)))
    assert [chapter.number for chapter in manuscript.chapters] == [1, 2, 3, 4]
    assert [problem.line for problem in manuscript.problems] == [13]


@pytest.mark.parametrize(
    ("headings", "numbers", "titles"),
    [
        (["Chapter 1", "Chapter 1.5", "Chapter 2"], [1, 2, 3], [None, "Chapter 1.5", "Chapter 2"]),
        (["Chapter 1", "Interlude", "Chapter 2: Tea", "Chapter 4"], [1, 2, 3, 4], [None, "Interlude", "Tea", None]),
        (["Chapter 1", "Interlude", "Chapter 3"], [1, 2, 3], [None, "Interlude", None]),
        (
            ["Chapter 1", "Interlude", "Chapter 2", "Chapter 1", "Chapter 2"],
            [1, 2, 3, 4, 5],
            [None, "Interlude", "Chapter 2", None, None],
        ),
    ],
)
def test_later_chapters_make_room_for_one_without_number_until_one_is_left_out(
    headings: list[str], numbers: list[int], titles: list[str | None]
):
    manuscript = story("".join(f"{heading}\n\n{BODY}" for heading in headings))
    assert [(c.number, c.title) for c in manuscript.chapters] == list(zip(numbers, titles, strict=True))


def test_a_chapter_that_makes_room_does_not_begin_again():
    manuscript = story("".join(f"Chapter {number}\n\n{BODY}" for number in (1, 1.5, 2, 3)))
    said = PROBLEMS["chapters_pushed"].format(heading="Chapter 2", number=3)
    assert [problem.message for problem in manuscript.problems] == [said]
