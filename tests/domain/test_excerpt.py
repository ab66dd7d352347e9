"""Cutting text: nothing lost, nothing too long, nothing cut that people see as one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.excerpt import Width, opening, parts
from tests.support.laws import LAW, grapheme_ends, story_text

# How long a span may count, white space at its edges left out.
WIDTHS = {
    "code points": lambda text: len(text.strip()),
    "UTF-16 units": lambda text: len(text.strip().encode("utf-16-le")) // 2,
    "every character escaped": lambda text: 2 * len(text.strip()),
}
WIDEST_GRAPHEME = 25
"""No character of the generated text counts more, in any of the widths."""

_WORDS = st.one_of(
    st.text("abcdefghij", min_size=1, max_size=9),
    st.sampled_from(
        [
            "“Go,”",
            "said.",
            "no?",
            "—",
            "\u0301x",
            "\u200dx",
            "é",
            "👩‍👩‍👧‍👦",
            "🇫🇷🇩🇪",
            "物語だった",
            "क्षि",
            "e\u0301\u0323",
        ]
    ),
)
_GAPS = st.sampled_from([" ", " ", " ", " ", "\n", "\n\n", "\n\n"])


@st.composite
def prose(draw: st.DrawFn, max_words: int = 30) -> str:
    """Words, lines and paragraphs, as a scene has them."""
    words = draw(st.lists(_WORDS, max_size=max_words))
    return "".join(word + draw(_GAPS) for word in words).strip()


def width_of(text: str, measure: str) -> Width:
    return lambda start, end: WIDTHS[measure](text[start:end])


def cut(text: str, limit: int, *, line_ends: Sequence[int] = (), measure: str = "code points"):
    """The parts as text."""
    spans = parts(text, limit=limit, width=width_of(text, measure), line_ends=line_ends)
    return [text[start:end] for start, end in spans]


@st.composite
def _cases(draw: st.DrawFn):
    text = draw(st.one_of(prose(), prose(), story_text(max_pieces=60)))
    # A line ends between characters as people see them.
    line_ends = sorted(draw(st.sets(st.sampled_from(grapheme_ends(text) or [0]), max_size=8)))
    limit = draw(st.integers(WIDEST_GRAPHEME, 80))
    return text, line_ends, limit, draw(st.sampled_from(sorted(WIDTHS)))


@LAW
@given(case=_cases())
def test_the_parts_put_together_are_the_text(case):
    text, line_ends, limit, measure = case
    spans = parts(text, limit=limit, width=width_of(text, measure), line_ends=line_ends)

    assert [start for start, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)


@LAW
@given(case=_cases())
def test_every_part_fits(case):
    text, line_ends, limit, measure = case
    width = width_of(text, measure)

    for start, end in parts(text, limit=limit, width=width, line_ends=line_ends):
        assert width(start, end) <= limit


@LAW
@given(case=_cases())
def test_no_part_cuts_what_people_see_as_one_character(case):
    text, line_ends, limit, measure = case
    ends = set(grapheme_ends(text))

    for _, end in parts(text, limit=limit, width=width_of(text, measure), line_ends=line_ends):
        assert end in ends


@LAW
@given(case=_cases())
def test_no_part_is_blank(case):
    # Discord refuses an empty message.
    text, line_ends, limit, measure = case

    for start, end in parts(text, limit=limit, width=width_of(text, measure), line_ends=line_ends):
        assert text[start:end].strip()


@LAW
@given(text=story_text(max_pieces=60), limit=st.integers(1, 30), measure=st.sampled_from(sorted(WIDTHS)))
def test_it_ends_whatever_the_limit(text: str, limit: int, measure: str):
    """Either it cuts everything, or it says that one character is wider than the limit; it never hangs."""
    width = width_of(text, measure)
    try:
        spans = parts(text, limit=limit, width=width)
    except ValueError:
        starts = [0, *grapheme_ends(text)]
        assert any(width(a, b) > limit for a, b in pairwise(starts))
    else:
        assert "".join(text[start:end] for start, end in spans) == text


@LAW
@given(case=_cases())
def test_what_fits_whole_stays_whole(case):
    text, line_ends, _, measure = case
    width = width_of(text, measure)
    limit = max(1, width(0, len(text)))

    assert parts(text, limit=limit, width=width, line_ends=line_ends) == ([(0, len(text))] if text else [])


def test_empty_text_has_no_parts():
    assert cut("", 10) == []


def test_it_cuts_between_paragraphs_before_anything_else():
    text = "First one. And more of it.\n\nSecond one. And more of it."
    ends = [at + 1 for at, c in enumerate(text) if c == "."]

    assert cut(text, 40, line_ends=ends) == ["First one. And more of it.\n\n", "Second one. And more of it."]


def test_a_paragraph_that_just_fits_is_not_cut():
    text = "a" * 30 + "\n\n" + "b" * 30
    assert cut(text, 30) == ["a" * 30 + "\n\n", "b" * 30]


def test_within_a_paragraph_it_cuts_where_a_line_ends():
    text = "She did not wait for him. The tide came in over the long flat sand before it was day."
    assert cut(text, 60, line_ends=[text.index(".") + 1, len(text)]) == [
        "She did not wait for him. ",
        "The tide came in over the long flat sand before it was day.",
    ]


def test_within_a_line_it_cuts_between_words():
    for part in cut("one two three four five six seven eight nine ten", 12)[:-1]:
        assert part.endswith(" ")


def test_a_part_may_be_just_as_long_as_the_limit_and_no_longer():
    assert [len(part) for part in cut("a" * 25, 10)] == [10, 10, 5]
    assert [len(part) for part in cut("a" * 25, 11, measure="every character escaped")] == [5] * 5


def test_within_a_word_it_cuts_between_characters_as_people_see_them():
    family = "👩‍👩‍👧‍👦"
    pieces = cut(family * 6, 2 * len(family))

    assert "".join(pieces) == family * 6
    assert all(piece.count(family) * len(family) == len(piece) for piece in pieces)


def test_the_parts_are_of_about_equal_size():
    """So that no chapter ends in a message of two words."""
    sizes = [len(part) for part in cut("word " * 84, 400)]

    assert len(sizes) == 2
    assert max(sizes) < 2 * min(sizes)


def test_a_sign_that_stands_on_a_space_stays_with_it():
    text = "The accent alone: \u0301 and then a good deal more about it"
    for limit, line_ends in product(range(12, 40), ([], [17])):
        assert not any(part.startswith("\u0301") for part in cut(text, limit, line_ends=line_ends))


def test_a_far_away_paragraph_end_does_not_make_a_tiny_part():
    text = "No.\n\n" + "She went on and on about the harbour " * 20
    assert len(cut(text, 200)[0]) > 60


def test_a_character_wider_than_the_limit_is_said_so():
    with pytest.raises(ValueError, match="wider"):
        cut("👩‍👩‍👧‍👦", 3)


# --------------------------------------------------------------------------------------------- opening


@LAW
@given(text=story_text(), limit=st.integers(1, 60))
def test_an_opening_fits_and_is_how_the_text_begins(text: str, limit: int):
    flat = " ".join(text.split())
    found = opening(text, limit)

    assert len(found) <= limit
    if len(flat) <= limit:
        assert found == flat
    else:
        assert found.endswith("…")
        assert flat.startswith(found[:-1])


@LAW
@given(text=story_text(), limit=st.integers(WIDEST_GRAPHEME, 80))
def test_an_opening_cuts_no_character(text: str, limit: int):
    flat = " ".join(text.split())
    found = opening(text, limit)

    assert found == flat or len(found) - 1 in {0, *grapheme_ends(flat)}


def test_an_opening_ends_with_a_whole_word_and_without_its_comma():
    assert opening("The river remembers, every oar it broke", 23) == "The river remembers…"


def test_an_opening_of_one_long_word_is_cut_inside_it():
    assert opening("Donaudampfschifffahrtsgesellschaft", 12) == "Donaudampfs…"
