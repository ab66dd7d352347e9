"""Bytes of a text file to text."""

from __future__ import annotations

import codecs

from bot.domain.errors import BadInput

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\b\x00"))
_BINARY_SHARE = 0.02


def decode(data: bytes, file: str) -> tuple[str, bool]:
    """The text of a file, and whether its encoding was guessed.

    A byte-order mark decides; else UTF-8; else Windows-1252, in which every text is readable.

    Raises:
        BadInput: it is empty or no text at all.
    """
    if not data.strip():
        raise BadInput("file_empty", file=file)
    for mark, name in _BOMS:
        if data.startswith(mark):
            try:
                return _checked(data[len(mark) :].decode(name), file), False
            except UnicodeDecodeError:
                raise BadInput("file_not_text", file=file) from None
    if _is_binary(data):
        raise BadInput("file_not_text", file=file)
    try:
        return _checked(data.decode("utf-8"), file), False
    except UnicodeDecodeError:
        # Five bytes have no character in Windows-1252; they become the replacement character.
        return _checked(data.decode("cp1252", errors="replace"), file), True


def _is_binary(data: bytes) -> bool:
    """NUL or many control characters: a picture, an archive, UTF-16 without its mark."""
    if b"\0" in data:
        return True
    return len(data) - len(data.translate(None, _BINARY)) > len(data) * _BINARY_SHARE


def _checked(text: str, file: str) -> str:
    if not text.strip():
        raise BadInput("file_empty", file=file)
    return text
