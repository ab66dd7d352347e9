"""Tells of characters that nobody sees: they are taken out, and a flood of them is no slip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.domain.text import piled_in, unseen_in
from bot.strings import PROBLEMS

_A_FEW = 3
_MOST_COUNTED = 10_000
_GARBLED_QUOTE = re.compile("â€(?=[^\\w€\u2018-\u201e]|\\Z)")
_OVERRIDES = "\u202d\u202e"


def told_of_unseen(text: str) -> Iterator[tuple[int, str]]:
    """What an author should know of a text's invisible characters, each with its line."""
    text_count, at = unseen_in(text)
    if text_count > _A_FEW or (text_count and any(sign in text for sign in _OVERRIDES)):
        yield _line(text, at), PROBLEMS["unseen_removed"].format(count=text_count)
    piles, at = piled_in(text)
    if piles:
        yield _line(text, at), PROBLEMS["accents_piled"].format(count=piles)


def told_of_garbled(text: str) -> Iterator[tuple[int, str]]:
    """Closing quotes that lost their last byte on the way, where it is not certain that they were such."""
    if not text.isascii() and "â€" in text:
        left = [found.start() for found in islice(_GARBLED_QUOTE.finditer(text), _MOST_COUNTED)]
        if left:
            yield _line(text, left[0]), PROBLEMS["mojibake_left"].format(count=len(left))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
