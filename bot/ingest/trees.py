"""A page's text to its tree, however it is nested and whatever it declares."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it has no stubs

from bot.domain.errors import BadInput
from bot.ingest.attributes import Attributes
from bot.ingest.rows import tidy

_LONG_TAG = re.compile(r"<[^<>]{20000,}>?")
"""A picture that stands in the page itself, or mischief: the parser's time grows with the square of it."""
_DEEP = re.compile(r"</?(?!(?:p|br|hr|h[1-6]|li)\b)[a-zA-Z][^<>]{0,2000}>")
_PREFIX = re.compile(r"""\sxmlns:([A-Za-z][\w.-]{0,20})\s*=\s*["']http://www\.w3\.org/1999/xhtml["']""")
_HEAD = 4096

_IDLE_SPAN = re.compile(
    r"""<span(?:\s+(?:lang|xml:lang|style|class)\s*=\s*(?:"[^"<>]{0,300}"|'[^'<>]{0,300}')){0,3}\s*>([^<>]*)</span\s*>""",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"italic|oblique|weight\s*:\s*(?:bold|[6-9]00)|font\s*:|align|display|visibility|mso-|content", re.IGNORECASE
)
_ROUNDS = 3
_MOST_SHEETS = 100
_CLASS = re.compile(r"""\bclass\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_SHEET = re.compile(r"<(/?)style\b[^<>]{0,300}>", re.IGNORECASE)

MAX_TAGS = 300_000
"""Of one page: its tree takes 700 bytes for each."""
MAX_BOOK_TAGS = 500_000
"""Of all pages of one book, of which one tree stands at a time."""
MAX_PAGE = 11_000_000
"""Characters of one page, and of all pages of one book, that are read: twice the Bible."""


def tree_of(text: str, file: str) -> tuple[Any, bool]:
    """Parse a page; and whether it was nested so deep that its inner elements had to be ignored.

    Raises:
        BadInput: nothing can be made of it.
    """
    text = without_idle_spans(text)
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


def without_idle_spans(text: str, most: int = MAX_TAGS // 2, *, alone: bool = True) -> str:
    """A page of more tags than ``most`` without the spans that say nothing, which some programs put everywhere.

    Args:
        text: the page.
        most: how many tags are no matter.
        alone: whether no style sheets but its own hold for it; else its classes may say something.
    """
    if text.count("<") <= most:
        return text
    edges = list(islice(_SHEET.finditer(text), _MOST_SHEETS))
    own = Attributes(text[a.end() : b.start()] for a, b in pairwise(edges) if b[1] and not a[1])

    def bare(span: re.Match[str]) -> str:
        tag = text_at[span.start() : span.start(1)]
        said = _CLASS.search(tag)
        idle = not _SAYS.search(tag) and (said is None or (alone and own.says_nothing(said[1].strip("\"'"))))
        return span[1] if idle else span[0]

    for _ in range(_ROUNDS):
        text_at = text
        text, times = _IDLE_SPAN.subn(bare, text)
        if not times or text.count("<") <= most:
            break
    return text


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
