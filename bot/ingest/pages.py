"""A page's tree to paragraphs: what is set in italics, what breaks scenes, what stands where.

Knows HTML and the habits of the sites and programs that write it; nothing of whole stories.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it has no stubs

from bot.domain.breaks import Block, is_mark
from bot.domain.errors import BadInput
from bot.domain.text import display_form
from bot.ingest.emphasis import joined
from bot.ingest.styles import PLAIN, Style, classes_of, over, style_of

RULE = "<hr>"
PICTURE = "<img>"
"""What a scene's marker says where its break was a rule or a picture."""

STORY = ""
"""The kind of text that is not set aside."""

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary "
    "table tbody tfoot thead tr ul".split()
)
_UNSEEN = frozenset(
    "head script style noscript template svg math iframe object embed audio video canvas map button input select "
    "textarea option datalist applet title meta link base rp param source track noframes".split()
)
_CELLS = frozenset({"td", "th"})
_ITALIC = Style(italic=True)
_BOLD = Style(bold=True)
_CENTRED = Style(centred=True)
_STYLES = dict.fromkeys(("em", "i", "cite", "dfn", "address"), _ITALIC) | {"b": _BOLD, "strong": _BOLD}
_STYLES["center"] = _CENTRED
_LEVELS = {f"h{n}": n for n in range(1, 7)}

_KINDS_BY_ID = {
    "preface": "front",
    "afterword": "afterword",
    "endnotes": "notes",
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
_META_KINDS = {"summary": "summary", "chapter summary": "summary", "work summary": "summary"}
_BREAK_CLASS = re.compile(
    r"(?:scene|section|thought|story|text|chapter)[-_]?(?:break|sep|separator|divider|space)|separator|divider|"
    r"asterism|ornament|space[-_]?break|tb\d*",
    re.IGNORECASE,
)
_RULER = re.compile(
    r"divid|separat|(?:^|[\W_])sep(?:$|[\W_\d])|ruler|hr[-_.\d]|scene|break|ornament|flourish|fleuron|asteris|decorat|swirl|\bline\b|vignette|"
    r"\bbar\b|[*~⁂❦]{1,5}",
    re.IGNORECASE,
)
_NOTE_NUMBER = re.compile(r"\[?(?:\d{1,4}|[*†‡§]{1,3}|[a-z])\]?")
_SPACES = re.compile("[ \t\n\r\f]+")
_UNUSUAL = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
_LETTER_AFTER_DIGITS = re.compile(r"\d+$")
_OPENS_SPEECH = re.compile(r"[\"“„«「]|['‘]\w|[—–] ?\w")
_SHORT_LINE = 70
_TITLED = 60
_LONG_TAG = re.compile(r"<[^<>]{20000,}>?")
"""A picture that stands in the page itself, or mischief: the parser's time grows with the square of it."""
_DEEP = re.compile(r"</?(?!(?:p|br|hr|h[1-6]|li)\b)[a-zA-Z][^<>]{0,2000}>")

_INLINE = frozenset({"note mark", "page number", "furigana", "hidden"})
"""Kinds that also stand in the middle of a paragraph."""

MAX_TAGS = 500_000
MAX_PAGE = 14_000_000
"""Characters of one page, and of all pages of one book, that are read: three times the Bible."""
_MAX_CLASSES = 5000

_Piece = tuple[str, bool, bool]


@dataclass(slots=True)
class Passage:
    """A block of a page, and what the page says of it beside its text."""

    block: Block
    kind: str = STORY
    """What it is where it is no story."""
    centred: bool = False
    picture: str = ""
    """What a picture that stands alone shows, so far as its name or its description tells."""
    anchors: tuple[str, ...] = ()
    """The ids that stand at it."""
    linked: bool = False
    """Whether it is little more than links to other places of the book."""
    chief: bool = False
    """A heading that the site itself puts above a chapter."""


@dataclass(slots=True)
class Page:
    """A page as it was walked through, top to bottom."""

    passages: list[Passage]
    tail: tuple[str, ...] = ()
    """Ids that stand behind the last passage."""


def tree_of(text: str, file: str) -> tuple[Any, bool]:
    """Parse a page; and whether it was nested so deep that its inner elements had to be ignored.

    Raises:
        BadInput: nothing can be made of it.
    """
    if text.count("<") > MAX_TAGS:
        raise BadInput("page_too_intricate", file=file, limit=MAX_TAGS)
    if len(text) > MAX_PAGE:
        raise BadInput("file_too_large", file=file, limit=MAX_PAGE // 1_000_000)
    text = _LONG_TAG.sub("", text)
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


class Walker:
    """Walks pages of one story, one after the other."""

    def __init__(self, sheets: Iterable[str] = (), kinds: Mapping[Any, str] | None = None) -> None:
        """Takes the style sheets that hold for the pages.

        Args:
            sheets: their texts.
            kinds: elements whose kind the caller knows; STORY within another kind is story again.
        """
        self._classes = classes_of(sheets)
        self._kinds = kinds or {}
        self._known_classes: dict[str, tuple[Style, str, bool, bool]] = {}

    def walk(self, root: Any, kind: str = STORY) -> Page:
        """The passages of one page in reading order."""
        self._page = Page([])
        self._italic = self._bold = self._centred = self._pre = False
        self._kind, self._level = kind, 0
        self._meta = ""
        self._pieces: list[_Piece] = []
        self._asides: list[tuple[str, str, int]] = []
        self._linking = 0
        self._linked = 0
        self._line = self._gap = 0
        self._anchors: list[str] = []
        self._picture: str | None = None
        self._ruler = False
        stack: list[tuple[Any, tuple[Any, ...]]] = []
        skipped: Any = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                if skipped is not None:
                    continue
                tag = element.tag
                if tag in _UNSEEN:
                    skipped = element
                    continue
                self._start(element, tag, stack)
            else:
                if skipped is not None:
                    if element is not skipped:
                        continue
                    skipped = None
                else:
                    self._end(element, stack)
                if element.tail and element is not root:
                    self._text(element.tail, element)
        self._flush()
        self._page.tail = tuple(self._anchors)
        return self._page

    # ------------------------------------------------------------ elements

    def _start(  # noqa: C901 (one question a kind of element, asked in the order that matters)
        self, element: Any, tag: str, stack: list[tuple[Any, tuple[Any, ...]]]
    ) -> None:
        block = tag in _BLOCKS
        if block and (self._pieces or self._picture is not None) and not (self._level and _in_hgroup(element)):
            self._flush()
        if tag == "br":
            self._pieces.append(("\n", False, False))
            return
        if tag == "hr":
            self._mark(RULE, element)
            return
        if tag == "img":
            self._see(element)
            return
        if tag in _CELLS:
            self._text(" ", element)
        style = _STYLES.get(tag, PLAIN)
        level = _LEVELS.get(tag, 0)
        keys = element.keys()
        kind: str | None = self._kinds.get(element) if self._kinds else None
        if keys:
            style, kind, ruler = self._attributes(element, tag, keys, style, kind)
            self._ruler = self._ruler or (ruler and block)
        if tag == "nav":
            kind = kind or "contents"
        elif tag == "hgroup":
            level = 1
        elif tag == "rt":
            kind = kind or "furigana"
        elif tag == "a" and (element.get("href") or self._linking):
            self._linking += 1
            if kind is None and self._kind == STORY and _is_note_mark(element):
                kind = "note mark"
        if style is not PLAIN or level or kind is not None or tag == "pre":
            stack.append((element, (self._italic, self._bold, self._centred, self._kind, self._level, self._pre)))
            self._italic = self._italic if style.italic is None else style.italic
            self._bold = self._bold if style.bold is None else style.bold
            self._centred = self._centred if style.centred is None else style.centred
            if level and not self._level:
                self._level = level
                for inner in element.iter("h1", "h2", "h3", "h4", "h5", "h6") if tag == "hgroup" else ():
                    self._level = int(inner.tag[1])
                    break
            self._pre = self._pre or tag == "pre"
            if kind is not None:
                self._kind = kind
        if element.text:
            self._text(element.text, element)

    def _attributes(  # noqa: C901 (one question an attribute)
        self, element: Any, tag: str, keys: list[str], style: Style, kind: str | None
    ) -> tuple[Style, str | None, bool]:
        """What an element's attributes change: its style, its kind, whether it is there to part scenes."""
        ruler = False
        own: str | None = None
        get = element.get
        for key in keys:
            if key == "class":
                classes = get(key)
                known = self._known_classes.get(classes)
                if known is None:
                    known = self._of_classes(classes)
                    if len(self._known_classes) < _MAX_CLASSES:
                        self._known_classes[classes] = known
                if known[0] is not PLAIN:
                    style = over(style, known[0])
                own = own or known[1] or None
                ruler = known[2]
                if known[3] and self._kind in (STORY, "front", "afterword"):
                    self._meta = self._kind or "notes"
                    own = own or ("meta" if self._kind == STORY else None)
            elif key == "id":
                name = get(key)
                self._anchors.append(name)
                own = own or _KINDS_BY_ID.get(_LETTER_AFTER_DIGITS.sub("", name))
            elif key == "name" and tag == "a":
                self._anchors.append(get(key))
            elif key == "style":
                said = style_of(get(key))
                if said != PLAIN:
                    style = over(style, said)
            elif key == "align":
                style = over(style, Style(centred=get(key).lower() == "center"))
            elif key == "hidden":
                style = over(style, Style(hidden=True))
            elif key in ("epub:type", "type") or key.endswith("}type"):
                for word in get(key).split():
                    own = own or KINDS_BY_TYPE.get(word)
            elif key == "role":
                own = own or _ROLES.get(get(key))
        if style.hidden:
            own = "hidden"
        if own is None or kind is not None or (own not in _INLINE and tag not in _BLOCKS):
            return style, kind, ruler
        if self._kind in (STORY, "front", "page") or own in _INLINE:
            kind = own
        return style, kind, ruler

    def _of_classes(self, classes: str) -> tuple[Style, str, bool, bool]:
        style, kind, ruler, meta = PLAIN, "", False, False
        for name in classes.split()[:50]:
            style = over(style, self._classes.get(name, PLAIN))
            plain = name.lower()
            kind = kind or _KINDS_BY_CLASS.get(plain) or _KINDS_BY_CLASS.get(_LETTER_AFTER_DIGITS.sub("", plain), "")
            ruler = ruler or _BREAK_CLASS.fullmatch(plain) is not None
            meta = meta or _LETTER_AFTER_DIGITS.sub("", plain) == "meta"
        return (PLAIN if style == PLAIN else style), kind, ruler, meta

    def _end(self, element: Any, stack: list[tuple[Any, tuple[Any, ...]]]) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            if self._level and tag != "hgroup" and _in_hgroup(element):
                self._pieces.append(("\n", False, False))
            elif self._pieces or self._picture is not None or self._ruler or self._asides:
                self._flush()
        elif tag == "a" and self._linking:
            self._linking -= 1
        if stack and stack[-1][0] is element:
            self._italic, self._bold, self._centred, self._kind, self._level, self._pre = stack.pop()[1]

    # ------------------------------------------------------------ text

    def _text(self, text: str, element: Any) -> None:
        if not self._pieces and not self._line:
            if text.isspace() and "\xa0" not in text:
                return
            self._line = element.sourceline or 0
        if self._kind in _INLINE:
            if not text.isspace():
                self._asides.append((self._kind, text, self._line))
            return
        if self._linking:
            self._linked += len(text)
        self._pieces.append((text, self._italic, self._bold))

    def _see(self, element: Any) -> None:
        """A picture: one that stands alone may be a ruler."""
        said = " ".join(element.get(key) or "" for key in ("src", "alt", "class", "title"))
        self._picture = said.strip() or "picture"
        self._line = self._line or element.sourceline or 0

    def _mark(self, marker: str, element: Any) -> None:
        if self._pieces or self._picture is not None:
            self._flush()
        self._add(Passage(Block(marker, element.sourceline or 0, self._gap + 1, mark=True), self._plain_kind()))

    def _add(self, passage: Passage) -> None:
        passage.anchors = tuple(self._anchors)
        self._anchors.clear()
        self._page.passages.append(passage)
        self._gap = 0

    def _flush(self) -> None:
        """End a paragraph: what has gathered becomes passages, or a blank line, or nothing."""
        pieces, picture, ruler, line = self._pieces, self._picture, self._ruler, self._line
        self._pieces, self._picture, self._ruler, self._line = [], None, False, 0
        linked, self._linked = self._linked, 0
        asides, self._asides = self._asides, []
        found = False
        before = self._gap
        for text, emphasis, row in self._rows(pieces):
            if not text:
                self._gap += row
                continue
            found = True
            heading = self._level
            block = Block(text, line, self._gap + 1, () if heading else emphasis, heading)
            kind = self._kind_of(text)
            chief = heading > 0 and not kind and self._kind == "meta"
            self._add(Passage(block, kind, self._centred, linked=linked * 2 > len(text), chief=chief))
        if found:
            pass
        elif picture is not None or ruler:
            block = Block(PICTURE if picture else RULE, line, before + 1, mark=ruler)
            self._add(Passage(block, self._plain_kind(), self._centred, picture or ""))
        elif any("\xa0" in piece or piece == "\n" for piece, _, _ in pieces):
            self._gap = before + max(1, sum(piece == "\n" for piece, _, _ in pieces))
        for kind, text, at in asides:
            self._page.passages.append(Passage(Block(tidy(text).strip(), at), kind))

    def _kind_of(self, text: str) -> str:
        """In a block that describes a work or a chapter the small headings say what follows."""
        if not self._meta or self._kind not in ("meta", "front", "afterword"):
            return self._kind
        if self._level:
            return STORY if self._kind == "meta" else self._kind
        label = text.casefold().rstrip(":")
        if label in _META_KINDS or "note" in label.split() or "notes" in label.split():
            self._meta = _META_KINDS.get(label, "notes")
        return self._meta

    def _plain_kind(self) -> str:
        return self._meta if self._kind == "meta" else self._kind

    def _rows(self, pieces: list[_Piece]) -> Iterable[tuple[str, tuple[Any, ...], int]]:
        """Paragraphs within one element: text and emphasis; or "" and how many blank lines stand there."""
        if len(pieces) == 1 and not self._pre:
            piece, italic, bold = pieces[0]
            text = tidy(piece).strip()
            if not (italic or bold) or not text:
                return [(text, (), 0)] if text else []
            return [(*joined(iter([(text, italic, bold)])), 0)]
        rows: list[list[_Piece]] = [[]]
        for piece in pieces:
            if piece[0] == "\n":
                rows.append([])
            elif self._pre and "\n" in piece[0]:
                first, *others = piece[0].split("\n")
                rows[-1].append((first, *piece[1:]))
                rows += ([(other, *piece[1:])] for other in others)
            else:
                rows[-1].append(piece)
        lines = [_line(row) for row in rows]
        filled = [n for n, line in enumerate(lines) if line[0]]
        return list(_grouped(lines[filled[0] : filled[-1] + 1])) if filled else []


def _grouped(lines: list[list[Any]] | list[tuple[str, list[_Piece]]]) -> Iterable[tuple[str, tuple[Any, ...], int]]:
    """Lines parted by ``<br>`` as paragraphs: verse stays together, prose does not."""
    group: list[tuple[str, list[_Piece]]] = []
    blank = 0
    # Somebody who parts paragraphs with one <br> uses two nowhere, or for a break.
    for line in [*lines, ("", [])]:
        if line[0]:
            if blank > 1:
                yield "", (), blank - 1
            blank = 0
            group.append(line)
            continue
        blank += 1
        if group:
            yield from _paragraphs(group)
            group = []


def _paragraphs(group: list[tuple[str, list[_Piece]]]) -> Iterable[tuple[str, tuple[Any, ...], int]]:
    verse = len(group) > 1 and all(len(text) <= _SHORT_LINE for text, _ in group)
    if verse and not any(_OPENS_SPEECH.match(text) or is_mark(text) for text, _ in group):
        pieces: list[_Piece] = []
        for n, (_, line) in enumerate(group):
            if n:
                pieces.append(("\n", False, False))
            pieces += line
        yield (*joined(iter(pieces)), 0)
        return
    for _, line in group:
        yield (*joined(iter(line)), 0)


def _line(pieces: list[_Piece]) -> tuple[str, list[_Piece]]:
    """One line's pieces, single-spaced across their edges."""
    done: list[_Piece] = []
    last = ""
    space = True
    for text, italic, bold in pieces:
        text = tidy(text)
        if space:
            text = text.lstrip(" ")
        if not text:
            continue
        space = text[-1] == " "
        done.append((text, italic, bold))
    while done and not (last := done[-1][0].rstrip(" ")):
        done.pop()
    if done:
        done[-1] = (last, *done[-1][1:])
    whole = "".join(piece[0] for piece in done)
    if not whole.isascii() and not unicodedata.is_normalized("NFC", whole):
        # An accent that is emphasised apart from its letter: nobody means that.
        whole = unicodedata.normalize("NFC", whole)
        done = [(whole, False, False)]
    return whole, done


def tidy(text: str) -> str:
    """Text of a page in display form, its line ends being nothing but spaces."""
    if not text.isprintable() or "  " in text:
        text = _SPACES.sub(" ", text)
    if text.isascii() and text.isprintable():
        return text
    if text.isprintable() and unicodedata.is_normalized("NFC", text) and not _UNUSUAL.search(text):
        return text
    edge = text[-1:]
    text = display_form(text).replace("\n", " ")
    return text + " " if edge.isspace() and text[-1:] != " " else text


def _in_hgroup(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "hgroup"


def _is_note_mark(element: Any) -> bool:
    """Whether a link is the number of a footnote."""
    target = element.get("href") or ""
    if "#" not in target or len(element) > 1:
        return False
    text = "".join(element.itertext()).strip()
    if not text or not _NOTE_NUMBER.fullmatch(text):
        return False
    parent = element.getparent()
    raised = len(element) == 1 and element[0].tag == "sup"
    return raised or text[0] in "[*†‡§" or (parent is not None and parent.tag == "sup")


# Which pictures and centred lines part scenes


def with_rulers(passages: list[Passage]) -> list[Passage]:
    """Pictures that part scenes as marks, the others left out; centred lines in the midst of prose parted off."""
    seen = Counter(passage.picture for passage in passages if passage.picture)
    done: list[Passage] = []
    for i, passage in enumerate(passages):
        if passage.picture and not passage.block.mark:
            if _RULER.search(passage.picture) or seen[passage.picture] > 1:
                done.append(replace(passage, block=replace(passage.block, mark=True)))
            elif passage.anchors:
                _hand_on(passages, i)
            continue
        if _is_section(passages, i):
            done.append(Passage(Block("<center>", passage.block.line, mark=True), anchors=()))
        done.append(passage)
    return done


def _hand_on(passages: list[Passage], i: int) -> None:
    if i + 1 < len(passages):
        passages[i + 1].anchors = (*passages[i].anchors, *passages[i + 1].anchors)


def _is_section(passages: list[Passage], i: int) -> bool:
    """Whether a short centred line names the scene below it: a place, a time, whose view it is."""
    passage = passages[i]
    block = passage.block
    if not passage.centred or passage.kind or block.heading or block.mark or len(block.text) > _TITLED:
        return False
    if block.text[-1] in '.!?,;…"”’' or "\n" in block.text or is_mark(block.text):
        return False
    return all(_is_plain_prose(passages[n]) for n in (i - 1, i + 1) if 0 <= n < len(passages)) and i > 0


def _is_plain_prose(passage: Passage) -> bool:
    return not (passage.centred or passage.kind or passage.block.heading or passage.block.mark)
