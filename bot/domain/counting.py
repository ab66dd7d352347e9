"""Counts words, in long texts without a list of all of them: of a long scene that is ten times its size."""

from __future__ import annotations

import re

_AT_ONCE = 1 << 16
_SPACE = re.compile(r"\s")

# Archives of fiction count these scripts, which put no spaces between words, by the character.
_BY_CHARACTER = re.compile(
    "[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003134f]"
)
_MARKS = re.compile(
    "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4f\u3000-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
)


def words_in(text: str) -> int:
    """How many words a text has: what stands between white space, and each character of Chinese, Japanese and Thai."""
    if len(text) <= _AT_ONCE:
        return _words(text)
    count = at = 0
    while at < len(text):
        edge = _SPACE.search(text, at + _AT_ONCE)
        stop = edge.start() if edge else len(text)
        count += _words(text[at:stop])
        at = stop
    return count


def _words(text: str) -> int:
    if text.isascii() or not _BY_CHARACTER.search(text):
        return len(text.split())
    rest, characters = _BY_CHARACTER.subn(" ", text)
    return characters + len(_MARKS.sub(" ", rest).split())
