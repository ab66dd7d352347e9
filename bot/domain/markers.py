"""What kind of scene break an author's mark is."""

from __future__ import annotations

import re
from enum import StrEnum

from bot.domain.captions import CAPTION_MARK
from bot.domain.story import Scene

_RULE = re.compile(r"\s*<hr\b[^>]*>\s*|\s*([-_=—–―─━‐‑])(?:\s*\1){2,}\s*", re.IGNORECASE)
_IMAGE = re.compile(r"\s*(?:<img\b[^>]*>|\[image\b[^\]]*\]|!\[[^\]]*\].*)\s*", re.IGNORECASE | re.DOTALL)
_CENTRED = re.compile(r"<center>", re.IGNORECASE)
_NUMBER = re.compile(r"[\W_]*(?:\d{1,4}|[ivxlcdm]{1,8})[\W_]*", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}")
_NAMED = re.compile(r"break|change|divider|skip|jump|cut|ruler?|line|interlude", re.IGNORECASE)
_DOODLE = re.compile(r"(?:[ox0]|[\W_])+", re.IGNORECASE)


class BreakKind(StrEnum):
    """What stands before a scene."""

    START = "start"
    ORNAMENT = "ornament"
    RULE = "rule"
    BLANK_LINES = "blank lines"
    HEADING = "heading"
    CAPTION = "caption"
    CENTRED = "centred line"
    NUMBER = "number"
    IMAGE = "image"
    WORDS = "words"
    IMPLIED = "implied"
    BY_HAND = "by hand"


def break_kind(scene: Scene, *, first: bool = False, by_hand: bool = False) -> BreakKind:
    """The kind of break that stands before a scene.

    Args:
        scene: a scene as it was read.
        first: whether it is the first of its chapter.
        by_hand: whether a person put the break there.
    """
    if first:
        return BreakKind.START
    if by_hand:
        return BreakKind.BY_HAND
    marker = scene.marker
    if not marker:
        return BreakKind.IMPLIED
    if not marker.replace("\N{NO-BREAK SPACE}", "").replace("&nbsp;", "").strip():
        return BreakKind.BLANK_LINES
    if marker == CAPTION_MARK:
        return BreakKind.CAPTION
    # A heading's words stay in the text, in bold; a "#" alone is an ornament.
    if _HEADING.fullmatch(marker) and scene.emphasis and scene.emphasis[0].start == 0 and scene.emphasis[0].bold:
        return BreakKind.HEADING
    for pattern, kind in _KINDS:
        if pattern.fullmatch(marker):
            return kind
    return BreakKind.WORDS if _NAMED.search(marker) else BreakKind.ORNAMENT


def shown_mark(scene: Scene) -> str:
    """What stands in the file where a scene begins: the author's mark, or the words of a caption or a heading."""
    if break_kind(scene) in (BreakKind.CAPTION, BreakKind.HEADING):
        return scene.text.partition("\n\n")[0]
    return scene.marker


_KINDS = (
    (_RULE, BreakKind.RULE),
    (_CENTRED, BreakKind.CENTRED),
    (_IMAGE, BreakKind.IMAGE),
    (_DOODLE, BreakKind.ORNAMENT),
    (_NUMBER, BreakKind.NUMBER),
)
