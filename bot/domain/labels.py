"""The tags that a story gives itself: warnings, tags, categories, pairings; prose is never one.

They stand in many places: in a file's own fields, in what was set aside, one label's value running into the next
(``Rating: M CW: …``), and in the lines between a chapter's heading and its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from bot.domain.story import Chapter, Manuscript

_WARNING = (
    "warning warnings tag tags freeform freeforms keyword keywords kink kinks squick squicks cw tw "
    "warnung warnungen avertissement avertissements advertencia advertencias avvertimento avvertimenti etiquetas "
    "schlagwörter предупреждение предупреждения метки теги"
).split()
_SORT = (
    "category categories genre genres content contents contains features type rating ratings subject subjects "
    "relationship relationships pairing pairings ship ships code codes"
).split()
_QUALIFIED = "archive content trigger additional chapter story author author's ao3 other more major fic general".split()
_OF_A_LIST = frozenset((*_WARNING, *_SORT))
_OF_A_LABEL = _OF_A_LIST | frozenset((*_QUALIFIED, "and", "notes", "note", "s"))

_FRONT = "front"
_LABELLED = re.compile(r"\s*([^\W\d_][\w '’()/&-]{0,30}?)\s*[:：]\s*(.*)", re.DOTALL)
_SHARED = rf"(?:(?:{'|'.join(_QUALIFIED)})\s+)*(?:{'|'.join(_WARNING)}|contains)"
_LABEL = rf"{_SHARED}(?:\(s\))?(?:\s*(?:/|&|and)\s*{_SHARED})?\s*[:：]"
_AT_THE_TOP = re.compile(rf"(?i:[\W_]{{0,8}}{_LABEL})")
_ANY_LABEL = re.compile(rf"(?i:^[\W_]{{0,8}}{_LABEL})|(?<!\w)(?=[A-ZÀ-ÞА-Я])(?i:{_LABEL})", re.MULTILINE)
"""At the start of a line, or anywhere with a capital: a sentence may speak of its warnings."""
_OTHER_LABEL = re.compile(
    r"\b(?:Summary|Disclaimer|Pairings?|Characters?|Fandoms?|Author|Title|Rating|Notes?|Chapter|A/N|Spoilers?|Beta)\s*:"
)
_MOST = 4_000
"""How much of one list is looked at, in code points."""
_HEAD, _HEAD_LENGTH = 4, 400
"""How many paragraphs below a chapter's heading may be such lines, and how long each, in code points."""

_PARTED = re.compile(r"[,;|\n•·、，；]|\s(?=#)")
_YAML_ITEM = re.compile(r"(?:^|\s)-\s+")
_AROUND = " \t[]{}()\"'“”‘’*_"


def tags_of(story: Manuscript) -> Iterator[str]:
    """All tags of a story, one by one and as they stand there."""
    for warning in story.warnings:
        yield from _parted(warning)
    label = ""
    for piece in story.set_aside:
        yield from _labelled(piece.text)
        if is_label(piece.kind):
            yield from _parted(piece.text)
        if piece.kind != _FRONT:
            label = ""
            continue
        # What stood in front of a story may be its list of tags, each label and its tags a piece of its own.
        if named := _LABELLED.fullmatch(piece.text):
            label = named[1]
            if named[2]:
                if is_label(label):
                    yield from _parted(named[2])
                label = ""
        elif label:
            if is_label(label):
                yield from _parted(piece.text)
            label = ""
    for chapter in story.chapters:
        yield from _above(chapter)


def is_label(name: str) -> bool:
    """Whether that is what a list of tags is called, in any spelling: ``content_warnings``, ``Warnings/tags``."""
    words = re.findall(r"[^\W_]+(?:['’]s)?", name.casefold().replace("’", "'"))
    return not _OF_A_LIST.isdisjoint(words) and _OF_A_LABEL.issuperset(words)


def _above(chapter: Chapter) -> Iterator[str]:
    """The tags between a chapter's heading and its first words."""
    rest = chapter.scenes[0].text
    for _ in range(_HEAD):
        paragraph, _, rest = rest.partition("\n\n")
        if len(paragraph) > _HEAD_LENGTH or not _AT_THE_TOP.match(paragraph):
            return
        yield from _labelled(paragraph)


def _labelled(text: str) -> Iterator[str]:
    """The tags behind each label in a text."""
    labels = list(_ANY_LABEL.finditer(text))
    for found, after in zip_longest(labels, labels[1:]):
        value = text[found.end() : min(found.end() + _MOST, after.start() if after else len(text))]
        other = _OTHER_LABEL.search(value)
        yield from _parted(value[: other.start()] if other else value)


def _parted(text: str) -> Iterator[str]:
    text = text[:_MOST]
    pieces = _YAML_ITEM.split(text) if text.startswith("- ") else [text]
    for piece in pieces:
        for tag in _PARTED.split(piece):
            if tag := tag.strip(_AROUND):
                yield tag + ")" * (tag.count("(") - tag.count(")"))
