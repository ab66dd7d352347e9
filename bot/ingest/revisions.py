"""What a page holds beside the text as it is meant to be read: what was deleted, and what a button says."""

from __future__ import annotations

import re
from typing import Any

from bot.ingest.attributes import BLOCKS, is_spoiler
from bot.ingest.trees import text_of

_BUTTON = re.compile(
    r"\W*(?:(?:show|hide|reveal|open|click (?:to|for) (?:show|reveal)?)\W+)?(?:the )?spoilers?\W*", re.I
)
_LONGEST_LABEL = 40
_WORD_CLASSES = ("mso", "ins", "del")


def kinds_of_changes(root: Any, *, tracked: bool = True) -> dict[Any, str]:
    """Elements of a page that hold deleted text, or the label of a box that readers open.

    Struck-out words are story wherever an author may have meant them so. Deleted are those that
    say when or in which revision, all of a page that Word wrote, and those whose other wording
    stands directly beside them.

    Args:
        root: the page.
        tracked: whether its program keeps track of changes; the archives of stories do not.
    """
    kinds: dict[Any, str] = {}
    struck = list(root.iter("del")) if tracked else []
    word = bool(struck) and _is_of_word(root)
    for element in struck:
        if word or element.get("datetime") or element.get("cite") or _has_other_wording(element):
            kinds[element] = "deleted"
    if tracked:
        kinds |= dict.fromkeys(root.xpath("//span[@class='msoDel']"), "deleted")
    for box in root.xpath("//*[contains(@class,'spoiler') or contains(@class,'Spoiler')]"):
        kinds |= {label: "label" for label in (box, *box.iterchildren()) if _is_label(label)}
    for box in root.iter("details"):
        kinds |= {label: "label" for label in box.iterchildren("summary") if _is_label(label)}
    return kinds


def _is_of_word(root: Any) -> bool:
    return bool(
        root.xpath("//*[starts-with(@class,'Mso')]")
        or root.xpath("//meta[translate(@name,'G','g')='generator' and contains(@content,'Microsoft Word')]")
    )


def _has_other_wording(element: Any) -> bool:
    """Whether inserted words stand directly before or behind deleted ones."""
    after = element.getnext()
    if not element.tail and after is not None and after.tag == "ins":
        return True
    before = element.getprevious()
    return before is not None and before.tag == "ins" and not before.tail


def _is_label(element: Any) -> bool:
    if not isinstance(element.tag, str) or (
        element.tag not in BLOCKS and element.tag not in ("span", "b", "strong", "a")
    ):
        return False
    if any(is_spoiler(inner) and inner is not element for inner in element.iter("div", "section")):
        return False
    text = text_of(element)
    return 0 < len(text) <= _LONGEST_LABEL and _BUTTON.fullmatch(text) is not None
