"""A page's text to its tree, however it is nested and whatever it declares."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it has no stubs

from bot.domain.errors import BadInput
from bot.ingest.rows import tidy

_LONG_TAG = re.compile(r"<[^<>]{20000,}>?")
"""A picture that stands in the page itself, or mischief: the parser's time grows with the square of it."""
_DEEP = re.compile(r"</?(?!(?:p|br|hr|h[1-6]|li)\b)[a-zA-Z][^<>]{0,2000}>")
_PREFIX = re.compile(r"""\sxmlns:([A-Za-z][\w.-]{0,20})\s*=\s*["']http://www\.w3\.org/1999/xhtml["']""")
_HEAD = 4096

MAX_TAGS = 300_000
MAX_PAGE = 11_000_000
"""Characters of one page, and of all pages of one book, that are read: twice the Bible."""


def tree_of(text: str, file: str) -> tuple[Any, bool]:
    """Parse a page; and whether it was nested so deep that its inner elements had to be ignored.

    Raises:
        BadInput: nothing can be made of it.
    """
    if text.count("<") > MAX_TAGS:
        raise BadInput("page_too_intricate", file=file, limit=MAX_TAGS)
    if len(text) > MAX_PAGE:
        raise BadInput("file_too_large", file=file, limit=MAX_PAGE // 1_000_000)
    text = _without_prefix(_LONG_TAG.sub("", text))
    root, deep = _parsed(text)
    if deep:
        root, still = _parsed(_DEEP.sub("\n", text))
        if still:
            raise BadInput("page_too_deep", file=file)
    if root is None:
        raise BadInput("file_empty", file=file)
    return root, deep


def _parsed(text: str) -> tuple[Any, bool]:
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    deep = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return root, deep


def sheets_in(root: Any) -> list[str]:
    """The style sheets that stand in a page itself."""
    return [element.text or "" for element in root.iter("style")]


def text_of(element: Any) -> str:
    """The text within an element on one line; blocks and line breaks part words as they do on the screen."""
    pieces: list[str] = []
    for inner in element.iter():
        if isinstance(inner.tag, str):
            if inner.tag in _PARTING:
                pieces.append(" ")
            pieces.append(inner.text or "")
        if inner is not element:
            if inner.tag in _PARTING:
                pieces.append(" ")
            pieces.append(inner.tail or "")
    return " ".join(tidy("".join(pieces)).split())


def _without_prefix(text: str) -> str:
    """XHTML whose elements carry a prefix, without it: the parser knows HTML alone."""
    found = _PREFIX.search(text, 0, _HEAD)
    if found is None:
        return text
    return re.sub(rf"<(/?){re.escape(found[1])}:", r"<\1", text)


_PARTING = frozenset("p div br li dd dt td th tr h1 h2 h3 h4 h5 h6 blockquote".split())
