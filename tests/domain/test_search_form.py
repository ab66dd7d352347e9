"""The search form of text: what lines and queries are compared in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import is_unfinished, search_spans, search_words
from bot.domain.wordforms import stem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“Don’t—you’ve SAID so!”", "do not you have said so"),
        ("dont, don't, do not", "do not do not do not"),
        ("the river's edge", "the rivers edge"),
        ("it's its", "it is it is"),
        ("naïve café Ærø Straße", "naive cafe aero strasse"),
        ("_so_ **very** ~~odd~~", "so very odd"),
        ("well-known", "well known"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("n't", "not"),
        ("…!?", ""),
    ],
)
def test_typography_is_levelled(text: str, words: str) -> None:
    assert " ".join(search_words(text)) == words


def test_scripts_without_spaces_become_pairs() -> None:
    assert search_words("我的名字") == ["我的", "的名", "名字", "字"]
    assert search_words("的名") == ["的名", "名"]


@given(st.text())
def test_spans_and_words_agree_and_stay_inside(text: str) -> None:
    spans = search_spans(text)
    assert [form for span in spans for form in span.forms] == search_words(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.start < two.start for one, two in pairwise(spans))


@pytest.mark.parametrize(
    "family",
    ["walk walks walked walking", "happy happiness", "stop stopped stopping", "go went gone", "river rivers"],
)
def test_inflections_share_a_stem(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


def test_a_query_is_unfinished_until_a_space_follows() -> None:
    assert is_unfinished("the riv")
    assert not is_unfinished("the river ")
    assert not is_unfinished("")
