"""Files that are something else than their names say, and formats that are not read."""

from __future__ import annotations

import codecs
import re

from bot import strings
from bot.domain.errors import BadInput

_SIGNATURES = (
    (b"{\\rtf", "rtf"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"PK\x03\x04", "zip"),
)
_WAYS = {"pdf": "pdf", "mobi": "kindle", "azw": "kindle", "azw3": "kindle"}
_HEAD = 4096
_PAGE = re.compile(
    r"[\s\ufeff]*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_FRAGMENT = re.compile(r"[\s\ufeff]*<(?:p|div|h[1-6]|center)(?:\s[^<>]{0,300})?>", re.I)
_PARTS = re.compile(r"</p>|<br\s?/?>|</div>", re.I)
_SEARCHED = 20_000
_FEWEST_PARTS = 2


def refuse_disguised(data: bytes, file: str) -> None:
    """Refuse bytes that are plainly no text, whatever the file is called.

    Raises:
        BadInput: they are a document, a book or an archive.
    """
    head = data[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise BadInput("format_disguised", file=file, what=strings.FOREIGN_FORMATS[kind])


def refuse_foreign_name(file: str, suffix: str) -> None:
    """Refuse a format that is known and not read, with the way out.

    Raises:
        BadInput: it is one of those.
    """
    kind = suffix.lstrip(".")
    if kind in strings.FOREIGN_FORMATS:
        way = strings.FOREIGN_WAYS[_WAYS.get(kind, "document")]
        raise BadInput("format_other", file=file, what=strings.FOREIGN_FORMATS[kind], way=way)


def is_page(text: str, *, fragments: bool) -> bool:
    """Whether a text is a web page; or, with ``fragments``, what stands within one."""
    if _PAGE.match(text, 0, _HEAD):
        return True
    if not fragments or not _FRAGMENT.match(text, 0, _HEAD):
        return False
    return len(_PARTS.findall(text, 0, _SEARCHED)) >= _FEWEST_PARTS
