"""Bytes of a text file to text."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes
from ftfy import fix_encoding
from ftfy.badness import is_bad

from bot.domain.errors import BadInput
from bot.ingest.alphabets import hebrew_encoding, latin_encoding, wide_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\b\x00"))
_BINARY_SHARE = 0.02
_FEW_NULS = 0.01
_NULS = 0.3
"""More NULs than this are no slip of a program; in UTF-16 half of all Latin bytes are."""
_WIDE_SHARE = 0.01
_SAMPLE = 1 << 16
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_FOREIGN_SHARE = 0.25
"""Latin letters with accents are rarer than this; a script of its own is not."""
_FOREIGN = (
    *("cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic", "cp1253", "iso8859_7", "cp1255", "cp1256"),
    "cp874",
)
_FEW_BAD = 0.1
_MAC_MARKS = re.compile(rb"[A-Za-z]\xd5[a-z]|[ \r\n]\xd2[A-Za-z]|[.,!?]\xd3(?=[ \r\n])")
_WINDOWS_MARKS = re.compile(rb"[A-Za-z]\x92[a-z]|[ \r\n]\x93[A-Za-z]|[.,!?]\x94(?=[ \r\n])")
_FEWEST_REPAIRED = 2
_LATER = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What all bytes of a character but its first become where UTF-8 is read as Windows-1252."""
_GARBLED = re.compile(f"[ÃÂâÅÄÐÑ][{_LATER}]|ï»¿")
_RUN = re.compile(rf"([\0-\x7f]?)([^\0-\x7f]{{1,400}}[{_LATER}]{{0,3}})(?=([\0-\x7f]?))")
_QUOTES = re.compile(
    "(?P<open>â€œ)|(?P<close>â€\ufffd?(?=[\\s.,;:!?)\\]*_<&—–-]|\\Z))|(?P<closed>â€\x9d)"
    "|(?P<parted>\\n[ \\t\\r]*\\n|</p>)"
)
_ASCII = re.compile(r"[\0-\x7f]")
_MOST_KNOWN = 1 << 16
_MOST_TRIED = 5000


class Decoded(NamedTuple):
    """A file's text and how it was read."""

    text: str
    encoding: str | None
    """A person's name of the encoding where it was guessed; None where it is certain."""
    repaired: int = 0
    """Characters that some program had garbled and that were put right."""


def decode(data: bytes, file: str) -> tuple[str, bool]:
    """The text of a file, and whether its encoding was guessed.

    Raises:
        BadInput: it is empty or no text at all.
    """
    decoded = decoded_text(data, file)
    return decoded.text, decoded.encoding is not None


def decoded_text(data: bytes, file: str) -> Decoded:
    """The text of a file.

    A byte-order mark decides; else UTF-8 and UTF-16 where the whole file is one of them; else a
    script of its own where the library is certain; else Windows-1252, in which every text is readable.

    Raises:
        BadInput: it is empty or no text at all.
    """
    if not data.strip(b"\0 \t\r\n\v\f"):
        raise BadInput("file_empty", file=file)
    for mark, name in _BOMS:
        if data.startswith(mark):
            if name == "utf-8":
                data = data[len(mark) :]
                break
            width = 4 if "32" in name else 2
            # A file that was cut off in the middle of a character is text all the same.
            whole = data[len(mark) : len(data) // width * width]
            try:
                text = whole.decode(name)
            except UnicodeDecodeError:
                text = ""
            if not text and len(data) > len(mark):
                raise BadInput("file_not_text", file=file)
            return _checked(text, None, file)
    nuls = data.count(b"\0")
    if nuls:
        plain = _is_text(data) and (nuls <= len(data) * _FEW_NULS or (nuls <= len(data) * _NULS and _is_utf8(data)))
        wide = None if plain else _wide(data, nuls)
        if wide is not None:
            return _checked(wide, None, file)
        if not plain:
            raise BadInput("file_not_text", file=file)
    if not _is_text(data):
        raise BadInput("file_not_text", file=file)
    try:
        return _checked(data.decode("utf-8"), None, file)
    except UnicodeDecodeError:
        pass
    return _legacy(data, file)


def _is_text(data: bytes) -> bool:
    """Whether there are few enough control characters for a text."""
    return len(data) - len(data.translate(None, _BINARY)) <= len(data) * _BINARY_SHARE


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes, nuls: int) -> str | None:
    """UTF-16 without its mark: NULs nearly all on one side of the pairs."""
    sample = data[: _SAMPLE * 4]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 20 * min(even, odd) or nuls < len(data) * _WIDE_SHARE:
        return None
    try:
        text = data[: len(data) // 2 * 2].decode("utf-16-le" if odd > even else "utf-16-be")
    except UnicodeDecodeError:
        return None
    return None if any(char < "\t" for char in text[:10_000]) else text


def _legacy(data: bytes, file: str) -> Decoded:
    """Bytes that are no UTF-8 as a whole."""
    high = (
        len(_HIGH.findall(data))
        if len(data) <= _SAMPLE
        else len(data) - len(data.translate(None, bytes(range(128, 256))))
    )
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    if bad <= high * _FEW_BAD:
        return _checked(_mixed(data), "UTF-8 mixed with Windows-1252", file)
    if high > len(data) * _FOREIGN_SHARE:
        sample = b"\n".join(_sample(data))
        wide = wide_encoding(sample) or hebrew_encoding(sample)
        if wide:
            return _checked(data.decode(wide, errors="replace"), wide.replace("_", "-"), file)
        best = from_bytes(sample, cp_isolation=list(_FOREIGN), threshold=0.2).best()
        if best is not None and best.encoding != "utf_8":
            try:
                return _checked(data.decode(best.encoding, errors="replace"), best.encoding.replace("_", "-"), file)
            except LookupError:
                pass
    if high > len(data) * _FOREIGN_SHARE * 2:
        raise BadInput("file_not_text", file=file)
    if len(_MAC_MARKS.findall(data)) >= 3 and len(_WINDOWS_MARKS.findall(data)) < 3:
        return _checked(data.decode("mac_roman"), "Mac Roman", file)
    name, spoken = latin_encoding(data)
    # Five bytes have no character in Windows-1252; they become the replacement character.
    return _checked(data.decode(name, errors="replace"), spoken, file)


def _sample(data: bytes) -> list[bytes]:
    """Lines with bytes beyond ASCII from all over a file."""
    step = max(1, len(data) // 16)
    return [line for at in range(0, len(data), step) for line in _HIGH_LINE.findall(data[at : at + _SAMPLE // 16])]


def _mixed(data: bytes) -> str:
    """UTF-8 with some bytes of Windows-1252 in it, as files become that several programs wrote."""
    codecs.register_error("windows-1252", _as_windows)
    return data.decode("utf-8", errors="windows-1252")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


def _checked(text: str, encoding: str | None, file: str) -> Decoded:
    if not text.strip("\0\ufeff \t\r\n\v\f"):
        raise BadInput("file_empty", file=file)
    return _repaired(text, encoding)


def repaired_text(text: str) -> tuple[str, int]:
    """Text with its mojibake put right where that is certain, and how many characters that concerned."""
    done = _repaired(text, None)
    return done.text, done.repaired


def _repaired(text: str, encoding: str | None) -> Decoded:
    """Mojibake put right, piece by piece, where reading it the other way leaves nothing garbled."""
    if text.isascii() or _GARBLED.search(text) is None:
        return Decoded(text, encoding)
    whole, text = text, _with_closing_quotes(text)
    known = _Repairs()
    pieces: list[str] = []
    at = 0
    while at < len(text):
        cut = _ASCII.search(text, at + _SAMPLE)
        end = cut.end() if cut else len(text)
        pieces.append(_RUN.sub(lambda found: found[1] + known[found[1], found[2], found[3]], text[at:end]))
        at = end
    fixed = "".join(pieces)
    # One alone may be what the author wrote, in a story about typefaces or in Portuguese.
    repaired = len(whole) - len(fixed)
    return Decoded(fixed, encoding, repaired) if repaired >= _FEWEST_REPAIRED else Decoded(whole, encoding)


def _with_closing_quotes(text: str) -> str:
    """Garbled quotes closed again: the last byte of a closing one is none in Windows-1252, and is lost on the way.

    That is certain only behind an opening one of the same paragraph.
    """
    if "â€œ" not in text:
        return text
    pieces: list[str] = []
    at = 0
    opened = False
    for found in _QUOTES.finditer(text):
        closes = found.lastgroup == "close"
        if closes and opened:
            pieces += (text[at : found.start()], "â€\x9d")
            at = found.end()
        opened = found.lastgroup == "open"
    return "".join((*pieces, text[at:])) if pieces else text


class _Repairs(dict[tuple[str, str, str], str]):
    """What characters beyond ASCII stood for before they were garbled, by themselves and their neighbours.

    A story has few different ones, so each is looked at once.
    """

    tried = 0

    def __missing__(self, key: tuple[str, str, str]) -> str:
        before, run, after = key
        fixed = run if _GARBLED.search(run) is None else self._restored(before, run, after)
        if len(self) < _MOST_KNOWN:
            self[key] = fixed
        return fixed

    def _restored(self, before: str, run: str, after: str) -> str:
        if not is_bad(before + run + after):
            return run
        for codec in ("latin-1", "sloppy-windows-1252"):
            try:
                plain = run.encode(codec).decode("utf-8")
            except UnicodeError:
                continue
            if not is_bad(before + plain + after):
                return plain
        if self.tried == _MOST_TRIED:
            return run
        self.tried += 1
        # What is garbled twice, or only in part, takes the library longer.
        plain = fix_encoding(run)
        return plain if len(plain) < len(run) and not is_bad(before + plain + after) else run
