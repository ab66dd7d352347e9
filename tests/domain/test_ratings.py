"""Which of several ratings counts."""

from __future__ import annotations

from itertools import permutations

from bot.domain.access import OPEN_RATINGS
from bot.domain.story import Rating, strictest


def test_the_most_adult_counts_and_unrated_is_stricter_than_what_may_be_shown_anywhere():
    order = [Rating.GENERAL, Rating.TEEN, Rating.UNRATED, Rating.MATURE, Rating.EXPLICIT]
    assert set(order) == set(Rating)
    for ratings in permutations(order, 2):
        assert strictest(ratings) is max(ratings, key=order.index)
    assert strictest([]) is None
    for closed in set(Rating) - OPEN_RATINGS:
        assert strictest([closed, *OPEN_RATINGS]) is closed
