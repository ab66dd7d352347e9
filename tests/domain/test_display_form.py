"""The display form of text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import clean, display_form
from tests.support.laws import LAW


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\u2028d\x85e\vf", "a\nb\nc\nd\ne\nf"),
        ("a\u2029b", "a\n\nb"),
        ("a\n\fb", "a\nb"),
        ("a\fb", "a\nb"),
        ("e\u0301", "é"),
        ("a\u202eb\u200bc\ufeffd\xade\x07f\u2066g", "abcdefg"),
        ("a\t\xa0 \u3000b  \nc", "a b\nc"),
        ("👩\u200d👧 क्\u200dष", "👩\u200d👧 क्\u200dष"),
        ("a\u200d\u200d\u200d\u200d\u200db", "a\u200db"),
        ("a\u200d\u200b\u200db", "a\u200db"),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
        ("a\U000e0041b", "ab"),
        ("❤\ufe0f", "❤\ufe0f"),
    ],
)
def test_display_form(text: str, shown: str):
    assert display_form(text) == shown


ANY = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("\r\n\t \u200b\u200d\u202e\f\v\xa0e\u0301"))
)


@LAW
@given(ANY)
def test_display_form_is_reached_at_once(text: str):
    assert display_form(display_form(text)) == display_form(text)


@LAW
@given(ANY)
def test_no_visible_character_is_lost(text: str):
    def visible(text: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] in "LNPS")

    hidden = str.maketrans("", "", "\u115f\u1160\u3164\uffa0")
    assert visible(display_form(text)) == visible(clean(text)) == visible(text.translate(hidden))


@LAW
@given(ANY)
def test_nothing_unseen_is_left_but_joiners_and_newlines(text: str):
    for char in display_form(text):
        if char not in "\n\u200c\u200d":
            assert unicodedata.category(char) not in ("Cc", "Zl", "Zp")
            assert char not in "\t\xa0\u202e"
