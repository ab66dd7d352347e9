"""What an element's name and attributes say of the text within it: how it is set, and whether it is story.

Knows HTML and the habits of the sites and programs that write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from bot.ingest.styles import PLAIN, Style, classes_of, over, style_of

STORY = ""
"""The kind of text that is not set aside."""
HEAD = "meta"
"""The kind of a block that describes a work or a chapter: its headings are the chapter's."""

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary "
    "table tbody tfoot thead tr ul".split()
)
UNSEEN = frozenset(
    "head script style noscript template svg math iframe object embed audio video canvas map button input select "
    "textarea option datalist applet title meta link base rp param source track noframes".split()
)
_ITALIC = Style(italic=True)
_BOLD = Style(bold=True)
_CENTRED = Style(centred=True)
_STYLES = dict.fromkeys(("em", "i", "cite", "dfn", "address"), _ITALIC) | {"b": _BOLD, "strong": _BOLD}
_STYLES["center"] = _CENTRED
_KINDS_OF_TAGS = {"nav": "contents", "rt": "furigana", "figcaption": "illustration"}
_KINDS_BY_ID = {
    "preface": "front",
    "afterword": "afterword",
    "endnotes": "notes",
    "ftn": "notes",
    "edn": "notes",
    "sdfootnote": "notes",
    "sdendnote": "notes",
    "work_endnotes": "notes",
    "pg-header": "licence",
    "pg-footer": "licence",
    "pg-machine-header": "licence",
    "pg-start-separator": "licence",
    "pg-end-separator": "licence",
    "toc": "contents",
    "table-of-contents": "contents",
    "feedback": "page",
    "comments": "page",
}
_KINDS_BY_CLASS = {
    "pg-boilerplate": "licence",
    "pgheader": "licence",
    "author-note-portlet": "notes",
    "author-note": "notes",
    "authors-note": "notes",
    "author_note": "notes",
    "authornote": "notes",
    "authornotes": "notes",
    "wi_authornotes": "notes",
    "fff_head_notes": "notes",
    "fff_foot_notes": "notes",
    "endnote-link": "notes",
    "landmark": "page",
    "toc": "contents",
    "endnote": "notes",
    "footnote-text": "notes",
    "footnote-definition": "notes",
    "msofootnotetext": "notes",
    "msoendnotetext": "notes",
    "footnote-ref": "note mark",
    "footnoteref": "note mark",
    "footnote-anchor": "note mark",
    "footnote-back": "note mark",
    "footnote-backref": "note mark",
    "backlink": "note mark",
    "fnref": "note mark",
    "sdfootnoteanc": "note mark",
    "sdfootnotesym": "note mark",
    "sdendnoteanc": "note mark",
    "sdendnotesym": "note mark",
    "msofootnotereference": "note mark",
    "msoendnotereference": "note mark",
    "msotoc": "contents",
    "msotocheading": "contents",
    "msoheader": "page number",
    "msofooter": "page number",
    "msocaption": "illustration",
    "caption": "illustration",
    "wp-caption-text": "illustration",
    "sidenote": "side note",
    "comment-marker": "comment count",
    "num-comment": "comment count",
    "spoiler-header": "page",
    "chapter-nav": "page",
    "nav-links": "page",
    "post-navigation": "page",
    "pagination": "page",
    "cbj_banner": "page",
    "tnote": "transcriber's note",
    "transnote": "transcriber's note",
    "pagenum": "page number",
    "pageno": "page number",
    "pagebreak": "page number",
    "fnanchor": "note mark",
    "noteref": "note mark",
    "footnote": "notes",
    "footnotes": "notes",
    "endnotes": "notes",
    "titlepage": "front",
    "halftitlepage": "front",
    "fff_titlepage": "front",
    "fff_tocpage": "contents",
    "fff_logpage": "log",
    "sharedaddy": "page",
    "jp-relatedposts": "page",
}
KINDS_BY_TYPE = {
    "titlepage": "front",
    "halftitlepage": "front",
    "cover": "front",
    "frontispiece": "front",
    "dedication": "dedication",
    "copyright-page": "licence",
    "imprint": "licence",
    "colophon": "licence",
    "toc": "contents",
    "toc-brief": "contents",
    "landmarks": "contents",
    "page-list": "contents",
    "loi": "contents",
    "lot": "contents",
    "index": "contents",
    "foreword": "foreword",
    "introduction": "introduction",
    "preamble": "introduction",
    "acknowledgments": "acknowledgements",
    "acknowledgements": "acknowledgements",
    "contributors": "front",
    "other-credits": "front",
    "endnotes": "notes",
    "footnotes": "notes",
    "rearnotes": "notes",
    "footnote": "notes",
    "endnote": "notes",
    "bibliography": "notes",
    "noteref": "note mark",
    "pagebreak": "page number",
    "backlink": "note mark",
}
_ROLES = {"doc-noteref": "note mark", "doc-toc": "contents", "doc-pagebreak": "page number", "navigation": "contents"}
_ROLES |= {"doc-endnotes": "notes", "doc-footnote": "notes", "doc-endnote": "notes", "doc-backlink": "note mark"}
_BREAK_CLASS = re.compile(
    r"(?:scene|section|thought|story|text|chapter)[-_]?(?:break|sep|separator|divider|space)|separator|divider|"
    r"asterism|ornament|space[-_]?break|tb\d*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+$")
INLINE = frozenset({"note mark", "page number", "furigana", "hidden", "comment count", "side note", "deleted", "label"})
"""Kinds that also stand in the middle of a paragraph."""
_OPEN = frozenset({STORY, "front", "page"})
"""Kinds within which a part may be of another kind."""
_MAX_CLASSES = 5000


def is_spoiler(element: Any) -> bool:
    """Whether an element is a box that is closed until readers open it."""
    return "spoiler" in (element.get("class") or "").casefold()


class Meaning(NamedTuple):
    """What an element says."""

    style: Style = PLAIN
    kind: str | None = None
    """What its text is where it says so."""
    ruler: bool = False
    """Whether it is there to part scenes."""
    head: bool = False
    """Whether it describes a work or a chapter."""
    stanza: bool = False
    """Whether the blocks within it are lines of one stanza."""


NOTHING = Meaning()


class Attributes:
    """Understands elements of pages that share their style sheets."""

    def __init__(self, sheets: Iterable[str]) -> None:
        """Takes the texts of the style sheets."""
        self._classes = classes_of(sheets)
        self._known: dict[str, Meaning] = {}

    def read(self, element: Any, within: str) -> Meaning:
        """What an element says by its name and its attributes.

        Args:
            element: it.
            within: the kind of the text round it.
        """
        tag = element.tag
        style = _STYLES.get(tag, PLAIN)
        kind = _KINDS_OF_TAGS.get(tag)
        keys = element.keys()
        if not keys:
            return NOTHING if style is PLAIN and kind is None else Meaning(style, kind)
        own: str | None = None
        of_class = NOTHING
        for key in keys:
            value = element.get(key)
            if key == "class":
                of_class = self._of_classes(value)
                style = style if of_class.style is PLAIN else over(style, of_class.style)
                own = own or of_class.kind
            elif key in _SAYS_STYLE:
                style = over(style, _SAYS_STYLE[key](value))
            else:
                own = own or _kind_of(key, value)
        if style.hidden and not is_spoiler(element):
            own = "hidden"
        head = of_class.head and within in (STORY, "front", "afterword")
        if head and within == STORY:
            own = own or HEAD
        if own is not None and (own in INLINE or (tag in BLOCKS and within in _OPEN)):
            kind = own
        return Meaning(PLAIN if style == PLAIN else style, kind, of_class.ruler, head, of_class.stanza)

    def says_nothing(self, classes: str) -> bool:
        """Whether an inline element's classes are of no consequence."""
        plain = classes.casefold()
        return self._of_classes(classes) == NOTHING and "spoiler" not in plain and "mso" not in plain

    def _of_classes(self, classes: str) -> Meaning:
        known = self._known.get(classes)
        if known is None:
            known = self._read_classes(classes)
            if len(self._known) < _MAX_CLASSES:
                self._known[classes] = known
        return known

    def _read_classes(self, classes: str) -> Meaning:
        style, kind, ruler, head, stanza = PLAIN, "", False, False, False
        for name in classes.split()[:50]:
            style = over(style, self._classes.get(name, PLAIN))
            plain = name.lower()
            bare = _DIGITS.sub("", plain)
            kind = kind or _KINDS_BY_CLASS.get(plain) or _KINDS_BY_CLASS.get(bare, "")
            ruler = ruler or _BREAK_CLASS.fullmatch(plain) is not None
            head = head or bare == HEAD
            stanza = stanza or bare in ("stanza", "linegroup")
        return Meaning(PLAIN if style == PLAIN else style, kind or None, ruler, head, stanza)


_SAYS_STYLE = {
    "style": style_of,
    "align": lambda value: Style(centred=value.lower() == "center"),
    "hidden": lambda _: Style(hidden=True),
}


def _kind_of(key: str, value: str) -> str | None:
    """What one attribute other than class and style says of an element's kind."""
    if key == "id":
        return _KINDS_BY_ID.get(_DIGITS.sub("", value))
    if key == "role":
        return _ROLES.get(value)
    if key == "title":
        # LibreOffice's running heads.
        return "page number" if value in ("header", "footer") else None
    if key == "type" or key.endswith((":type", "}type")):
        return next((KINDS_BY_TYPE[word] for word in value.split() if word in KINDS_BY_TYPE), None)
    return None
