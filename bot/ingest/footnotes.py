"""Footnotes: the marks that point to them, and the places that they point to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote

from bot.ingest.attributes import BLOCKS

_NUMBER = re.compile(r"\[?(?:\d{1,4}|[*†‡§]{1,3}|[a-z]|[ivxl]{1,6})\]?|\((?:\d{1,3}|[a-z])\)")
_BARE = re.compile(r"\d{1,3}")
_FENCES = "[]()"
_HOLDERS = frozenset("div li aside section dd".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 hgroup header body html".split())
_MOST_LINKS = 100
_LONGEST = 6000
"""Code points of the longest note."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A link that may be the mark of a footnote."""

    label: str
    names: frozenset[str]
    """The ids by which the note may point back to it."""
    sure: bool
    """Whether it looks like one even if nothing points back."""


def is_note_mark(link: Any) -> bool:
    """Whether a link looks like the number of a footnote: raised, in brackets, or a sign."""
    target = link.get("href") or ""
    if "#" not in target or len(link) > 1:
        return False
    text = "".join(link.itertext()).strip()
    if not text or not _NUMBER.fullmatch(text):
        return False
    parent = link.getparent()
    raised = len(link) == 1 and link[0].tag == "sup"
    return raised or text[0] in "[*†‡§" or (parent is not None and parent.tag == "sup")


class Footnotes:
    """Finds the footnotes of pages that are read one after the other."""

    def __init__(self) -> None:
        self._wanted: dict[str, Mark] = {}

    def kinds_in(self, root: Any) -> dict[Any, str]:
        """Elements of a page that hold footnotes, and links that prove to be marks of such."""
        links = {link: name for link in root.iter("a") if (name := _target(link))}
        marks = {link: mark for link in links if (mark := _mark(link)) is not None}
        for link, mark in marks.items():
            self._wanted.setdefault(links[link], mark)
        if not self._wanted:
            return {}
        kinds: dict[Any, str] = {}
        proven: set[str] = set()
        judged: set[Any] = set()
        for element in root.iter():
            for name in _names(element):
                mark = self._wanted.get(name)
                block = _block_of(element) if mark else None
                if mark is None or block is None or block in judged:
                    continue
                judged.add(block)
                note = _note_in(block, mark, whole=block is element and block.tag != "p")
                if note is not None:
                    kinds[note] = "notes"
                    proven.add(name)
        return kinds | {link: "note mark" for link in marks if links[link] in proven}


def _target(link: Any) -> str:
    return unquote((link.get("href") or "").partition("#")[2])


def _names(element: Any) -> Iterable[str]:
    if not isinstance(element.tag, str):
        return
    for key in ("id", "name"):
        if name := element.get(key):
            yield name


def _mark(link: Any) -> Mark | None:
    """A link as a note's mark, if its text may be one."""
    text = "".join(link.itertext()).strip()
    sure = is_note_mark(link)
    if not sure and not _BARE.fullmatch(text):
        return None
    near = [link, *link.iterchildren(), *([] if (parent := link.getparent()) is None else [parent])]
    return Mark(text.strip(_FENCES), frozenset(name for element in near for name in _names(element)), sure)


def _block_of(target: Any) -> Any:
    """The paragraph or the like that a link points to or into; None where it is a heading or the page."""
    block = target
    while block is not None and block.tag not in BLOCKS:
        block = block.getparent()
    return None if block is None or block.tag in _HEADINGS else block


def _note_in(block: Any, mark: Mark, *, whole: bool) -> Any:
    """The element that holds the note to which a mark points; None where there is none.

    Args:
        block: what the mark's link points to.
        mark: it.
        whole: whether that is plainly the whole note.
    """
    text = _start_of(block).strip()
    said = text.lstrip("[(")
    if len(text) > _LONGEST or text.strip(_FENCES) == mark.label:
        return None
    back = any(_target(link) in mark.names for link in islice(block.iter("a"), _MOST_LINKS))
    numbered = said.startswith(mark.label) and not said[len(mark.label) : len(mark.label) + 1].isalnum()
    # A raised number stands glued to the note's first word.
    numbered = numbered or (back and mark.sure and said.startswith(mark.label))
    if not (numbered and (mark.sure or back)) and not (back and block.tag in _HOLDERS and mark.sure):
        return None
    above = block.getparent()
    if not whole:
        first = above is not None and above.tag in _HOLDERS and next(iter(above), None) is block
        if above is not None and first and above.get("id") and len(_start_of(above)) <= _LONGEST:
            return above
    return block


def _start_of(element: Any) -> str:
    """The text within an element, cut off where it is longer than any note."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > _LONGEST:
            break
    return "".join(pieces)
