"""Files that mean harm, or were harmed: refused by name, or read with a warning, soon and small."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable

import pytest

from bot.domain.errors import BadInput
from bot.ingest.reading import read_attached
from bot.strings import PROBLEMS, REFUSALS
from tests.support.books import packed, page

ONE = page("<p>One.</p>")


def _patched(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """An archive's first entry with a field overwritten in both of its headers."""
    patched = bytearray(data)
    for signature, offset in ((b"PK\3\4", local), (b"PK\1\2", central)):
        at = patched.find(signature) + offset
        patched[at : at + len(value)] = value
    return bytes(patched)


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "bomb.zip": ("archive_bomb", lambda: packed({"a.html": b"a" * 22_000_000})),
    "liar.zip": (
        "archive_damaged",
        lambda: _patched(packed({"a.html": b"a" * 1_000_000}), 22, 24, struct.pack("<L", 10)),
    ),
    "many.zip": ("archive_too_many", lambda: packed({f"{n}.txt": "" for n in range(5001)}, zipfile.ZIP_STORED)),
    "locked.zip": ("archive_encrypted", lambda: _patched(packed({"a.html": ONE}), 6, 8, b"\1")),
    "cut.zip": ("archive_damaged", lambda: packed({"a.html": ONE})[:-30]),
    "junk.epub": ("archive_damaged", lambda: bytes(range(256)) * 100),
    "junk.html": ("page_not_text", lambda: bytes(range(256)) * 100),
    "empty.html": ("file_empty", lambda: b""),
    "no-story.html": ("story_empty", lambda: b"<html><body><div></div></body></html>"),
    "breaks.html": ("page_too_intricate", lambda: b"x<br>" * 600_000),
    "long.html": ("file_too_large", lambda: b"<p>" + b"The bell rang. " * 1_000_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str):
    key, make = REFUSED[name]
    with pytest.raises(BadInput) as caught:
        read_attached(make(), name)
    assert caught.value.key == key
    assert name in REFUSALS[key].format(**caught.value.values)


READ: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nested.html": ("Deep.", lambda: b"<div>" * 100_000 + b"<p>Deep.</p>" + b"</div>" * 100_000),
    "open.html": ("Deep.", lambda: b"<p>" + b"<em>" * 100_000 + b"Deep."),
    "attributes.html": ("x", lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</p>"),
    "sheet.html": ("Hi.", lambda: b"<style>" + b"a" * 1_000_000 + b"</style><p>Hi."),
    "nul.html": ("The bell.", lambda: b"<p>The be\0ll.</p>"),
    "override.html": ("The bell.", "<p>\u202eThe bell.\u202c</p>".encode),
    "zero.html": ("Bell.", ("<p>" + "\u200b" * 200_000 + "Bell.").encode),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str):
    text, make = READ[name]
    (story,) = read_attached(make(), name)
    assert story.chapters[0].scenes[0].text == text


def test_deep_nesting_is_said():
    (story,) = read_attached(b"<div>" * 3000 + b"<p>Deep.", "deep.html")
    assert [problem.message for problem in story.problems] == [PROBLEMS["page_flattened"]]
