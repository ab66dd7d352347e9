"""Words are counted piece by piece as they are counted at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import counting
from bot.domain.counting import words_in


@given(st.text("ab \n\u2003é\u200b", max_size=60), st.integers(1, 12))
def test_a_long_text_has_the_words_of_its_pieces(text: str, size: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "_AT_ONCE", size)
        assert words_in(text) == len(text.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the river remembers", 3),
        ("— the river —", 4),
        ("河流記得每一支槳。", 8),
        ("彼は Boston へ 行った。", 7),
        ("แม่น้ำจำได้", 8),
        ("강은 모든 노를 기억한다.", 4),
    ],
)
def test_scripts_without_spaces_are_counted_by_the_character(text: str, words: int):
    assert words_in(text) == words
