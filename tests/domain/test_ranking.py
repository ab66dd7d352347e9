"""How well a line answers half-remembered words, and which part of it does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ranking import (
    FOUND,
    LEAST,
    UNSURE,
    Matches,
    covered,
    highlight,
    in_order,
    rarity,
    score,
    side_by_side,
)

WEIGHTS = np.array([1.0, 2.0, 1.0], np.float32)
share = st.floats(0, 1)


def matches(*entries: tuple[int, int, int]) -> Matches:
    """(line, place, word) for certain words."""
    line, place, word = np.array(entries).T
    return Matches(line, place, word, np.ones(len(entries), np.float32))


def test_coverage_counts_each_word_of_the_query_once() -> None:
    held = matches((0, 0, 0), (0, 5, 0), (0, 9, 1), (1, 0, 2))
    assert covered(held, WEIGHTS, 3).tolist() == [0.75, 0.25, 0.0]


def test_an_unbroken_quotation_is_wholly_in_order_and_a_shuffled_one_is_not() -> None:
    whole = matches((0, 7, 0), (0, 8, 1), (0, 9, 2))
    shuffled = matches((0, 9, 0), (0, 2, 1), (0, 6, 2))
    assert in_order(whole, WEIGHTS, 1).tolist() == pytest.approx([1.0])
    assert in_order(shuffled, WEIGHTS, 1)[0] < 0.8


def test_a_word_too_many_costs_little_order() -> None:
    extra = matches((0, 7, 0), (0, 8, 1), (0, 10, 2))
    assert 0.9 < in_order(extra, WEIGHTS, 1)[0] < 1.0


def test_neighbours_count_only_in_the_order_of_the_query() -> None:
    forward = matches((0, 3, 0), (0, 4, 1))
    backward = matches((0, 3, 1), (0, 4, 0))
    assert side_by_side(forward, WEIGHTS, 1)[0] == pytest.approx(0.5)
    assert side_by_side(backward, WEIGHTS, 1)[0] == 0.0


def test_rarer_words_weigh_more() -> None:
    assert rarity(1000, 1) > rarity(1000, 100) > rarity(1000, 1000) > 0


@given(st.tuples(share, share, share, share), st.integers(0, 3), share)
def test_no_view_of_a_line_can_make_it_worse(views: tuple[float, ...], which: int, more: float) -> None:
    better = list(views)
    better[which] = max(better[which], more)
    low, high = (score(*(np.array([view]) for view in (*each, 12)))[0] for each in (views, better))
    assert 0 <= low <= high <= 1


def test_thresholds_stand_apart() -> None:
    assert 0 < LEAST < UNSURE < FOUND < 1
    assert score(*(np.ones(1) for _ in range(5)))[0] > 0.99
    assert score(*(np.zeros(1) for _ in range(5)))[0] < 0.001


@pytest.mark.parametrize(
    ("line", "query", "part"),
    [
        ("“Oh my ears and whiskers, how late it’s getting!”", "my ers and wiskers", "my ears and whiskers"),
        ("The Don’t-Care Bear didn’t care.", "did not care", "didn’t care"),
        ("He walked on the shore, and she was walking home.", "she walked home", "she was walking home"),
        ("我的名字是红。", "名字", "名字"),
        ("The river remembers every oar.", "RIVER REM", "river remembers"),
        ("The river remembers every oar.", "zebra", None),
        ("…", "zebra", None),
        ("The river.", "", None),
    ],
)
def test_the_matching_part_is_marked(line: str, query: str, part: str | None) -> None:
    span = highlight(line, query)
    assert (None if span is None else line[span[0] : span[1]]) == part


@given(st.text(), st.text())
def test_the_marked_part_is_inside_the_line(line: str, query: str) -> None:
    span = highlight(line, query)
    assert span is None or 0 <= span[0] < span[1] <= len(line)
