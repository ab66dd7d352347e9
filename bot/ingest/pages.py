"""A page's tree to paragraphs: what is set in italics, what breaks scenes, what stands where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it has no stubs

from bot.domain.breaks import Block
from bot.ingest.attributes import BLOCKS, HEAD, INLINE, STORY, UNSEEN, Attributes
from bot.ingest.footnotes import is_note_mark
from bot.ingest.rows import BREAK, Piece, paragraphs_in, tidy
from bot.ingest.styles import PLAIN

RULE = "<hr>"
PICTURE = "<img>"
"""What a scene's marker says where its break was a rule or a picture."""

_CELLS = frozenset({"td", "th"})
_PLAIN = frozenset("p div span li tr tbody table ul ol blockquote".split())
_LEVELS = {f"h{n}": n for n in range(1, 7)}
_META_KINDS = {"summary": "summary", "chapter summary": "summary", "work summary": "summary"}
_State = tuple[bool, bool, bool, str, int, bool, bool]


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


class Walker:
    """Walks pages of one story, one after the other."""

    def __init__(self, sheets: Iterable[str] = (), kinds: Mapping[Any, str] | None = None) -> None:
        """Takes the style sheets that hold for the pages.

        Args:
            sheets: their texts.
            kinds: elements whose kind the caller knows; STORY within another kind is story again.
        """
        self._attributes = Attributes(sheets)
        self._kinds: Mapping[Any, str] = kinds or {}

    def walk(self, root: Any, kind: str = STORY, kinds: Mapping[Any, str] | None = None) -> Page:
        """The passages of one page in reading order.

        Args:
            root: its body.
            kind: what all of it is.
            kinds: as above, of this page.
        """
        if kinds is not None:
            self._kinds = kinds
        self._page = Page([])
        self._italic = self._bold = self._centred = self._pre = self._stanza = False
        self._kind, self._level = kind, 0
        self._meta = ""
        self._pieces: list[Piece] = []
        self._asides: list[tuple[str, str, int]] = []
        self._linking = 0
        self._linked = 0
        self._line = self._gap = 0
        self._anchors: list[str] = []
        self._picture: str | None = None
        self._ruler = False
        stack: list[tuple[Any, _State]] = []
        skipped: Any = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                if skipped is not None:
                    continue
                tag = element.tag
                if tag in UNSEEN:
                    skipped = element
                    continue
                if tag in _PLAIN:
                    if tag in BLOCKS and (self._pieces or self._picture is not None):
                        self._part(element)
                    if not element.keys() and element not in self._kinds:
                        # Most elements say nothing but where a paragraph begins.
                        if text := element.text:
                            self._text(text, element)
                        continue
                    self._enter(element, tag, stack)
                    continue
                self._start(element, tag, stack)
            else:
                if skipped is not None:
                    if element is not skipped:
                        continue
                    skipped = None
                else:
                    self._end(element, stack)
                if element is not root and (tail := element.tail):
                    self._text(tail, element)
        self._flush()
        self._page.tail = tuple(self._anchors)
        return self._page

    # ------------------------------------------------------------ elements

    def _start(self, element: Any, tag: str, stack: list[tuple[Any, _State]]) -> None:
        if tag in BLOCKS and (self._pieces or self._picture is not None):
            self._part(element)
        if tag == "br":
            self._pieces.append(BREAK)
        elif tag == "hr":
            self._mark(RULE, element)
        elif tag == "img":
            self._see(element)
        else:
            self._enter(element, tag, stack)

    def _part(self, element: Any) -> None:
        """A block begins: what stands before it is a paragraph, or a line of the same stanza or heading."""
        if self._stanza:
            if self._pieces and self._pieces[-1] is not BREAK:
                self._pieces.append(BREAK)
        elif not (self._level and _in_hgroup(element)):
            self._flush()

    def _enter(self, element: Any, tag: str, stack: list[tuple[Any, _State]]) -> None:
        if tag in _CELLS:
            self._text(" ", element)
        style, kind, ruler, head, stanza = self._attributes.read(element, self._kind)
        if self._kinds:
            kind = self._kinds.get(element, kind)
            head = head or kind == HEAD
        if head:
            self._meta = self._kind or "notes"
        self._ruler = self._ruler or (ruler and tag in BLOCKS)
        self._note_anchors(element, tag)
        level = 1 if tag == "hgroup" else _LEVELS.get(tag, 0)
        if tag == "a" and (element.get("href") or self._linking):
            self._linking += 1
            if kind is None and self._kind == STORY and is_note_mark(element):
                kind = "note mark"
        if style is not PLAIN or level or stanza or kind is not None or tag == "pre":
            stack.append((element, self._state()))
            self._italic = self._italic if style.italic is None else style.italic
            self._bold = self._bold if style.bold is None else style.bold
            self._centred = self._centred if style.centred is None else style.centred
            self._kind = self._kind if kind is None else kind
            self._level = self._level or (_level_of_group(element) if tag == "hgroup" else level)
            self._pre = self._pre or tag == "pre"
            self._stanza = self._stanza or stanza
        if tag == "q":
            self._text("“", element)
        if text := element.text:
            self._text(text, element)

    def _state(self) -> _State:
        return self._italic, self._bold, self._centred, self._kind, self._level, self._pre, self._stanza

    def _note_anchors(self, element: Any, tag: str) -> None:
        name = element.get("id")
        if name:
            self._anchors.append(name)
        if tag == "a" and (name := element.get("name")):
            self._anchors.append(name)

    def _end(self, element: Any, stack: list[tuple[Any, _State]]) -> None:
        tag = element.tag
        ended = bool(stack) and stack[-1][0] is element
        if tag == "q":
            self._text("”", element)
        if tag in BLOCKS:
            if self._level and tag != "hgroup" and _in_hgroup(element):
                self._pieces.append(BREAK)
            elif self._stanza and not (ended and not stack[-1][1][-1]):
                # A line of a stanza; the next one begins with a break.
                pass
            elif self._pieces or self._picture is not None or self._ruler or self._asides:
                self._flush()
        elif tag == "a" and self._linking:
            self._linking -= 1
        if ended:
            (self._italic, self._bold, self._centred, self._kind, self._level, self._pre, self._stanza) = stack.pop()[1]

    # ------------------------------------------------------------ text

    def _text(self, text: str, element: Any) -> None:
        if not self._pieces and not self._line:
            if text.isspace() and "\xa0" not in text:
                return
            self._line = element.sourceline or 0
        if self._kind in INLINE:
            if not text.isspace():
                self._asides.append((self._kind, text, self._line))
            return
        if self._linking:
            self._linked += len(text)
        self._pieces.append((text, self._italic, self._bold))

    def _see(self, element: Any) -> None:
        """A picture: one that stands alone may be a ruler."""
        said = " ".join(element.get(key) or "" for key in ("src", "alt", "class", "title"))
        letter = (element.get("alt") or "").strip()
        if len(letter) == 1 and letter.isupper() and _goes_on(element):
            # An initial that is drawn: without it the first word lacks a letter.
            self._text(letter, element)
            return
        self._picture = said.strip() or "picture"
        self._line = self._line or element.sourceline or 0

    def _mark(self, marker: str, element: Any) -> None:
        if element.keys() and self._attributes.read(element, self._kind).kind == "hidden":
            return
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
        plain = len(pieces) == 1 and not (asides or self._pre or self._level or pieces[0][1] or pieces[0][2])
        if plain and (text := tidy(pieces[0][0]).strip()):
            # Most paragraphs are one piece of plain text.
            block = Block(text, line, before + 1)
            self._add(Passage(block, self._kind_of(text), self._centred, linked=linked * 2 > len(text)))
            return
        for text, emphasis, row in paragraphs_in(pieces, pre=self._pre):
            if not text:
                self._gap += row
                continue
            found = True
            heading = self._level
            block = Block(text, line, self._gap + 1, () if heading else emphasis, heading)
            kind = self._kind_of(text)
            chief = heading > 0 and not kind and self._kind == HEAD
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
        if not self._meta or self._kind not in (HEAD, "front", "afterword"):
            return self._kind
        if self._level:
            return STORY if self._kind == HEAD else self._kind
        label = text.casefold().rstrip(":")
        if label in _META_KINDS or "note" in label.split() or "notes" in label.split():
            self._meta = _META_KINDS.get(label, "notes")
        return self._meta

    def _plain_kind(self) -> str:
        return self._meta if self._kind == HEAD else self._kind


def _in_hgroup(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "hgroup"


def _level_of_group(element: Any) -> int:
    """The level of the first heading in a group of headings."""
    return next((int(inner.tag[1]) for inner in element.iter("h1", "h2", "h3", "h4", "h5", "h6")), 1)


def _goes_on(picture: Any) -> bool:
    """Whether a word goes on directly behind a picture."""
    tail = picture.tail
    while not tail and (picture := picture.getparent()) is not None and picture.tag in ("span", "a", "b", "big"):
        tail = picture.tail
    return bool(tail) and tail[0].isalpha()
