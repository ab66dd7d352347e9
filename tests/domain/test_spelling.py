"""Which words are near enough in spelling to be looked at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.domain.spelling import signature, signatures

words = st.text(st.sampled_from("abcdeéßщ我z"), min_size=1, max_size=9)


@given(words, words)
def test_the_letter_test_never_rules_out_a_near_word(one: str, two: str) -> None:
    apart = (signature(one) ^ signature(two)).bit_count()
    assert apart <= 2 * OSA.distance(one, two)


@given(st.lists(words, max_size=5))
def test_signatures_of_many_words_are_those_of_each(some: list[str]) -> None:
    assert signatures(some).tolist() == [signature(word) for word in some]
