"""Files that mean harm, or were harmed: refused by name, or read with a warning, soon and small."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from bot.domain.errors import BadInput
from bot.ingest.reading import read_attached
from bot.strings import PROBLEMS, REFUSALS
from tests.support.books import CONTAINER, epub, packed, page

ONE = page("<p>One.</p>")


def _patched(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """An archive's first entry with a field overwritten in both of its headers."""
    patched = bytearray(data)
    for signature, offset in ((b"PK\3\4", local), (b"PK\1\2", central)):
        at = patched.find(signature) + offset
        patched[at : at + len(value)] = value
    return bytes(patched)


def _overlapping(count: int) -> bytes:
    """An archive in which many names stand for the same bytes."""
    raw = b"The bell rang. " * 200_000
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = squeezer.compress(raw) + squeezer.flush()
    fields = (0, 8, 0, 0x21, zlib.crc32(raw), len(data), len(raw))
    local = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, *fields, 5, 0) + b"a.txt" + data
    central = b""
    for n in range(count):
        name = b"%d.txt" % n
        central += struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 20, 20, *fields, len(name), 0, 0, 0, 0, 0, 0) + name
    return local + central + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, len(central), len(local), 0)


def _nested(depth: int) -> bytes:
    data = packed({"a.txt": b"0" * 1_000_000})
    for _ in range(depth):
        data = packed({f"{n}.zip": data for n in range(8)})
    return data


def _book(spine: str) -> bytes:
    """An EPUB of one page with a package of its own."""
    package = (
        '<!DOCTYPE package [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "&x;&x;">]>'
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
        f'T&y;</dc:title></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        f"<spine>{spine}</spine></package>"
    )
    return packed({"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": package, "OEBPS/a.xhtml": ONE})


def _linked() -> bytes:
    """An archive with a symbolic link in it."""
    link = zipfile.ZipInfo("passwd.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return packed({"a.html": ONE, link: "/etc/passwd"})  # pyright: ignore[reportArgumentType]


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
    "overlapping.zip": ("archive_damaged", lambda: _overlapping(1000)),
    "nested.zip": ("archive_no_story", lambda: _nested(3)),
    "book.epub": ("archive_bomb", lambda: epub({"a.xhtml": page(f"<p>{'a' * 22_000_000}</p>")})),
    "sheet.epub": ("archive_bomb", lambda: epub({"a.xhtml": ONE}, sheets={"s.css": " " * 22_000_000})),
    "no-package.epub": ("epub_no_book", lambda: packed({"META-INF/container.xml": CONTAINER})),
    "twice.zip": ("chapter_twice", lambda: packed({"1.txt": "Chapter 1\n\nOne.", "2.txt": "Chapter 1\n\nTwo."})),
    "tags.html": ("page_too_intricate", lambda: b"<p>" + b"<b>a</b> " * 500_000),
    "binary.html": ("page_not_text", lambda: b"\x7fELF" + bytes(range(32)) * 1000),
    "nuls.html": ("file_empty", lambda: b"\0" * 10_000),
    "breaks.html": ("page_too_intricate", lambda: b"x<br>" * 600_000),
    "long.html": ("file_too_large", lambda: b"<p>" + b"The bell rang. " * 1_000_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str):
    key, make = REFUSED[name]
    with pytest.raises(BadInput) as caught:
        read_attached(make(), name)
    assert caught.value.key == key
    # Two chapters of an archive's files are named by those.
    assert (name if key != "chapter_twice" else "2.txt") in REFUSALS[key].format(**caught.value.values)


READ: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nested.html": ("Deep.", lambda: b"<div>" * 100_000 + b"<p>Deep.</p>" + b"</div>" * 100_000),
    "open.html": ("Deep.", lambda: b"<p>" + b"<em>" * 100_000 + b"Deep."),
    "attributes.html": ("x", lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</p>"),
    "sheet.html": ("Hi.", lambda: b"<style>" + b"a" * 1_000_000 + b"</style><p>Hi."),
    "spans.html": ("Deep.", lambda: b"<p>" + b"<span>" * 100_000 + b"Deep."),
    "style.html": ("x", lambda: b"<p style='" + b"color:red;" * 100_000 + b"'>x</p>"),
    "rules.html": ("x", lambda: b"<style>" + b"@media x{" * 50_000 + b"</style><p>x</p>"),
    "comments.html": ("x", lambda: b"<!-- " * 50_000 + b"--><p>x</p>"),
    "garbled.html": ("’" * 10_000, lambda: b"<p>" + b"&acirc;&euro;&trade;" * 10_000),
    "fetch.html": (
        "x",
        lambda: b'<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/hostname">]><p>x</p><img src="http://[::1]:9/">',
    ),
    "same.html": ("x", lambda: b'<div id="n">' + b'<sup><a href="#n" id="n">1</a></sup>' * 20_000 + b"<p>x</p></div>"),
    "again.epub": ("One.", lambda: _book('<itemref idref="a"/>' * 10_000)),
    "missing.epub": (
        "One.",
        lambda: _book('<itemref idref="a"/>' + "".join(f'<itemref idref="b{n}"/>' for n in range(50_000))),
    ),
    "loop.epub": (
        "One.",
        lambda: packed(
            {"META-INF/container.xml": CONTAINER.replace("OEBPS/content.opf", "META-INF/container.xml"), "a.xhtml": ONE}
        ),
    ),
    "linked.zip": ("One.", _linked),
    "above.zip": ("One.", lambda: packed({"../../a.html": ONE})),
    "root.zip": ("One.", lambda: packed({"/etc/a.html": ONE})),
    "nul.html": ("The bell.", lambda: b"<p>The be\0ll.</p>"),
    "override.html": ("The bell.", "<p>\u202eThe bell.\u202c</p>".encode),
    "zero.html": ("Bell.", ("<p>" + "\u200b" * 200_000 + "Bell.").encode),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str):
    text, make = READ[name]
    (story,) = read_attached(make(), name)
    assert [scene.text for chapter in story.chapters for scene in chapter.scenes] == [text]


def test_deep_nesting_is_said():
    (story,) = read_attached(b"<div>" * 3000 + b"<p>Deep.", "deep.html")
    assert [problem.message for problem in story.problems] == [PROBLEMS["page_flattened"]]


def test_own_entities_of_a_book_are_left_alone_and_said():
    entities = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    text = page("<p>One &b;.</p>").replace("<!DOCTYPE html>", entities)
    (story,) = read_attached(epub({"a.xhtml": text}), "own.epub")
    assert "ha" not in story.chapters[0].scenes[0].text
    assert [problem.message for problem in story.problems] == [f"OEBPS/a.xhtml: {PROBLEMS['entities_ignored']}"]


def test_a_package_fetches_nothing():
    (story,) = read_attached(_book('<itemref idref="a"/>'), "own.epub")
    assert story.title == "T&y;"
