"""What a page's style sheets say of how its text is set, as far as a story is told by it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?\.([\w-]+)", re.IGNORECASE)
_MAX_SHEET = 500_000
_MAX_SELECTORS = 4000

_ITALIC = re.compile(r"font-style\s*:\s*(italic|oblique|normal)")
_BOLD = re.compile(r"font-weight\s*:\s*(bold|bolder|normal|lighter|\d{3})")
_SHORT_FONT = re.compile(r"(?<![-\w])font\s*:\s*([^;]*)")
_CENTRED = re.compile(r"text-align\s*:\s*(center|left|right|justify|start)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


class Style(NamedTuple):
    """What a rule changes; None where it is silent."""

    italic: bool | None = None
    bold: bool | None = None
    centred: bool | None = None
    hidden: bool = False


PLAIN = Style()


def style_of(declarations: str) -> Style:
    """The meaning of one list of declarations, such as a ``style`` attribute."""
    text = declarations.lower()
    italic = _ITALIC.search(text)
    bold = _BOLD.search(text)
    font = _SHORT_FONT.search(text)
    centred = _CENTRED.search(text)
    return Style(
        italic=italic[1] != "normal" if italic else (True if font and "italic" in font[1] else None),
        bold=_is_bold(bold[1]) if bold else (True if font and "bold" in font[1] else None),
        centred=centred[1] == "center" if centred else None,
        hidden=_HIDDEN.search(text) is not None,
    )


def classes_of(sheets: Iterable[str]) -> dict[str, Style]:
    """The styles of classes that stand alone in a selector; later rules win."""
    found: dict[str, Style] = {}
    for sheet in sheets:
        for rule in _everywhere(_COMMENT.sub("", sheet[:_MAX_SHEET])).split("}"):
            selectors, _, declarations = rule.rpartition("{")
            style = style_of(declarations)
            if style == PLAIN or len(selectors) > _MAX_SELECTORS:
                continue
            for selector in selectors.split(","):
                simple = _SIMPLE.fullmatch(selector.strip())
                if simple:
                    found[simple[1]] = over(found.get(simple[1], PLAIN), style)
    return found


def over(below: Style, above: Style) -> Style:
    """Two styles of one element, the second deciding where both speak."""
    return Style(
        below.italic if above.italic is None else above.italic,
        below.bold if above.bold is None else above.bold,
        below.centred if above.centred is None else above.centred,
        below.hidden or above.hidden,
    )


def _everywhere(sheet: str) -> str:
    """A sheet without what holds only on paper, on one reading machine or on small screens."""
    if "@" not in sheet:
        return sheet
    kept: list[str] = []
    at = 0
    while (rule := sheet.find("@", at)) >= 0:
        kept.append(sheet[at:rule])
        opened, ended = sheet.find("{", rule), sheet.find(";", rule)
        if opened < 0 or 0 <= ended < opened:
            at = len(sheet) if ended < 0 else ended + 1
            continue
        depth, at = 1, opened + 1
        for brace in re.finditer(r"[{}]", sheet[at:]):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                at += brace.end()
                break
        else:
            at = len(sheet)
    kept.append(sheet[at:])
    return "".join(kept)


def _is_bold(weight: str) -> bool:
    return weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600)
