"""Ratings in people's own words: never read more open than they are meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.story import Manuscript, Rating, strictest
from bot.ingest.ratings import ADULT_WORDS, cut_rating, judge, rating_named, stated_in
from bot.ingest.reading import read_attached
from tests.support.laws import LAW

GENERAL, TEEN, UNRATED, MATURE, EXPLICIT = "general", "teen", "unrated", "mature", "explicit"
PLAIN = {
    GENERAL: ["G", "K", "gen", "Everyone", "All Ages", "FRK", "TV-G", "PEGI 3", "G for fluff"],
    TEEN: [
        *("PG", "pg 13", "PG -13", "K+", "12A", "FR13", "FR15", "FRT", "TV-14", "P12", "Teen And Up Audiences"),
        *("PG-13 for language", "T for violence and swearing", "PG overall", "T, just to be safe", "PG-13 m/m slash"),
    ],
    MATURE: ["R", "r", "M", "15", "16+", "FR18", "FRM", "Restricted", "Hard R", "soft R", "Mature Content", "P16"],
    EXPLICIT: [
        *("NC-17", "NC 17", "nc17", "P18 Slash", "P18", "TV-MA", "X-rated", "18", "18+", "FRAO", "FRMAO", "R18"),
        *("PEGI 18", "Adults only", "XXX", "🔞", "-18"),
    ],
    UNRATED: ["Not Rated", "none", "unrated", "N/A"],
}
TOLD = {
    TEEN: ["PG-13 for now", "T (may go up)", "PG (might change)"],
    MATURE: [
        "pg-13/r",
        "pg-13 to r",
        "pg-13, later r",
        "T (might change to m)",
        "PG-13 (R-ish later)",
        "T, but M+ later",
    ],
    EXPLICIT: [
        *("PG-13, NC17+ in chapter 4", "FRT, one chapter FRMAO", "PG-13 with a lemon in chapter 3"),
        *("PG-13 until chapter five, after that it's porn", "NC-seventeen, keep teens away"),
        *("G... just kidding, it's hard-core", "gen, but the sequel is adult", "PG-13 (nothing explicit)"),
    ],
    UNRATED: [
        *("Not for general audiences", "Not suitable for all ages", "Not for everyone", "PG-13 it isn't", "never G"),
        *("spicy", "about a g or so", "PG-13ish and then some", "T, worse than the last one", "G 🍆"),
    ],
}


def cases(values: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(value, rating) for rating, row in values.items() for value in row]


def read(text: str, name: str = "a.txt") -> Manuscript:
    (story,) = read_attached(text.encode(), name)
    return story


@pytest.mark.parametrize(("value", "rating"), cases(PLAIN))
def test_a_plain_rating_is_read_without_a_word(value: str, rating: str):
    story = read(f"Title: A\nRating: {value}\n\nThe bell rang.")
    assert (story.rating, story.problems) == (rating, ())


@pytest.mark.parametrize(("value", "rating"), cases(TOLD))
def test_a_doubtful_rating_is_the_strictest_and_told(value: str, rating: str):
    story = read(f"Title: A\nRating: {value}\n\nThe bell rang.")
    assert story.rating == rating
    assert [problem.line for problem in story.problems] == [2]


WORDS = st.sampled_from(
    [value for value, _ in cases(PLAIN) + cases(TOLD)]
    + "no not never for later the G PG T m everyone rated , /".split()
)


@LAW
@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(ADULT_WORDS), st.data())
def test_a_word_for_adults_opens_nothing(words: list[str], adult: str, data: st.DataObject):
    words = " ".join(words).split()
    at = data.draw(st.integers(0, len(words)))
    before, after = judge(" ".join(words)), judge(" ".join([*words[:at], adult, *words[at:]]))
    assert strictest([before.rating, after.rating, Rating.MATURE]) is after.rating


@LAW
@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(["zorp", "isn't", "hardly", "ne", "кроме"]))
def test_a_word_that_nobody_knows_opens_nothing(words: list[str], strange: str):
    after = judge(f"{' '.join(words)} {strange}")
    assert strictest([after.rating, Rating.UNRATED]) is after.rating
    assert rating_named(strange) is None


@pytest.mark.parametrize(
    ("title", "rest", "rating"),
    [
        ("Chapter 2 (NC-17)", "Chapter 2", EXPLICIT),
        ("The Ford [NC-17] 1/2", "The Ford 1/2", EXPLICIT),
        ("Chapter 3 - rated R", "Chapter 3", MATURE),
        ("Chapter 4 (M)", "Chapter 4", MATURE),
        ("Chapter 5 (15)", "Chapter 5 (15)", None),
        ("Plan R", "Plan R", None),
        ("The Lemon Tree", "The Lemon Tree", None),
    ],
)
def test_a_title_loses_its_rating(title: str, rest: str, rating: str | None):
    cut = cut_rating(title)
    assert (cut.rest, cut.rating) == (rest, rating)


@pytest.mark.parametrize(
    ("note", "rating"),
    [
        ("This chapter is rated M for what they do.", MATURE),
        ("There is a lemon in this one.", EXPLICIT),
        ("Warning: explicit sex.", EXPLICIT),
        ("No smut here.", None),
        ("I wrote this over lemon tea.", None),
        ("Still rated T.", None),
    ],
)
def test_a_note_may_state_a_rating(note: str, rating: str | None):
    assert stated_in(note) == rating


HEAD = "Title: The Ford\nAuthor: Ida\nRating: T\n\n"
FERRY = "The ferry came in late, and Ida stood on the stage with her bag and waited for the rope. Nobody came."


@pytest.mark.parametrize(
    ("own", "rating", "left"),
    [
        ("Chapter 2\n\nRating: NC-17", EXPLICIT, False),
        ("Chapter 2 (NC-17)", EXPLICIT, False),
        ("Chapter 2 - rated R", MATURE, False),
        ("Chapter 2\n\nA/N: This chapter is rated M for what they do. Thank you for the reviews!", MATURE, False),
        ("Chapter 2\n\nWarning: this chapter contains explicit sex and is NC-17.", EXPLICIT, False),
        ("Chapter 2\n\nWARNING! LEMON AHEAD", EXPLICIT, False),
        ("Chapter 2\n\nWarning: thin ice, said the board.", TEEN, True),
        ("Chapter 2\n\nRating: the old word for a sailor.", TEEN, True),
    ],
)
def test_a_chapters_own_rating_counts_for_the_story(own: str, rating: str, left: bool):
    story = read(f"{HEAD}Chapter 1\n\n{FERRY}\n\n{own}\n\n{FERRY}")
    assert (story.rating, [chapter.number for chapter in story.chapters]) == (rating, [1, 2])
    assert story.chapters[1].title is None
    text = story.chapters[1].scenes[0].text
    assert (text == FERRY) is not left
    assert bool(story.problems) is not left


def test_a_chapters_own_rating_opens_no_unrated_story():
    story = read(f"Chapter 1\n\nRating: G\n\n{FERRY}\n\nChapter 2\n\n{FERRY}")
    assert story.rating is Rating.UNRATED


@pytest.mark.parametrize(
    "text",
    [
        "The Ford [NC-17]\nby Ida\nRating: PG\n\n",
        "Subject: FIC: The Ford (NC-17) 1/1\nFrom: Ida <i@example.org>\n\nTitle: The Ford\nAuthor: Ida\nRating: PG\n\n",
        "Title: The Ford\nRating: NC-17\nAuthor: Ida\nRating (this part): PG\n\n",
    ],
)
def test_of_what_contradicts_itself_the_strictest_counts(text: str):
    story = read(f"{text}{FERRY}")
    assert (story.title, story.authors, story.rating) == ("The Ford", ("Ida",), Rating.EXPLICIT)
    assert story.problems


def test_a_page_may_say_its_rating_in_its_head():
    page = f'<html><head><meta name="rating" content="adult"></head><body><p>Rated: T</p><p>{FERRY}</p></body></html>'
    assert read(page, "a.html").rating is Rating.EXPLICIT
