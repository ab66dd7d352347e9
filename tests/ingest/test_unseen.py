"""Characters that nobody sees are taken out, and many of them are told."""

from __future__ import annotations

import pytest

from bot.domain.text import clean, unseen_in
from bot.ingest.reading import read_attached
from bot.strings import PROBLEMS
from tests.support.books import epub, page


def problems(data: bytes, name: str) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in read_attached(data, name)[0].problems]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("River\u202erevir\u202c.", 2),
        ("Ri" + "\u200b" * 5000 + "ver.", 5000),
        ("Ri\u200d\u200d\u200d\u200d\u200d\u200d\u200d\u200dver.", 4),
    ],
)
def test_a_flood_is_told(text: str, count: int):
    told = PROBLEMS["unseen_removed"].format(count=count)
    assert problems(f"One.\n\n{text}".encode(), "a.txt") == [(3, told)]
    assert problems(f"<p>One.</p>\n\n<p>{text}</p>".encode(), "a.html") == [(3, told)]
    book = epub({"a.xhtml": page(f"<p>One.</p><p>{text}</p>")})
    assert problems(book, "a.epub") == [(None, f"OEBPS/a.xhtml: {told}")]


@pytest.mark.parametrize(
    "text", ["Ri\u200bver\u00adbank\u00ad\u00ad\u00ad\u00ad.", "می\u200cخواهم", "Hi 👩\u200d👩\u200d👧", "\ufeffRiver."]
)
def test_a_few_are_not(text: str):
    assert problems(text.encode(), "a.txt") == []


def test_letters_under_a_heap_of_accents_are_told_and_left():
    text = "The r" + "\u0301" * 500 + "iver."
    assert problems(text.encode(), "a.txt") == [(1, PROBLEMS["accents_piled"].format(count=1))]
    assert problems("Tiếng Việt, ạ̈́.".encode(), "a.txt") == []


def test_what_counts_is_taken_out():
    signs = "".join(map(chr, range(0x2000, 0x2070))) + "\ufeff\u3164"
    for sign in signs:
        assert not unseen_in(sign)[0] or clean(f"a{sign}b") == "ab"
    assert unseen_in("\u202e")[0] == unseen_in("\u2066")[0] == 1
