"""What a person said of scene breaks against the file: break here, join there.

A correction is remembered by the words around its place, so that it still fits after the author
has edited the text elsewhere, under another name of the file, or in another format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice, pairwise

from bot.domain.story import Chapter, Emphasis, Line, Manuscript, Scene

_WORD = re.compile(r"[^\W_]+")
_REMEMBERED = 12
"""Words of the paragraph on either side by which a place is recognised."""
_ENOUGH = 4
"""Where the words of one side were edited, as many of the other are enough to know the place by."""
_PARAGRAPH_END = "\n\n"
_SHORTEST_LINE = 30
"""Nobody wraps text narrower than this: it bounds how many lines a chapter's last paragraph may take."""


class CorrectionKind(StrEnum):
    """What becomes of a place between two paragraphs."""

    BREAK = "break"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Correction:
    """A place between two paragraphs of one chapter, and what a person wants there."""

    kind: CorrectionKind
    file: str
    """Name of the file for which it was said."""
    before: str
    """The last words above the place, in lower case, without punctuation."""
    after: str
    """The first words below it."""
    occurrence: int = 0
    """Which of several places with the same words on both sides it is, counted from 0."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of the source that somebody named, and the chapter if that alone tells it from another."""

    line: int
    chapter: int | None = None
    nth: int | None = None
    """Which of several paragraphs that begin in one line, counted from 1: web pages are often one long line."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A correction where it stands now."""

    correction: Correction
    chapter: int
    line: int
    """Source line of the paragraph below it."""
    place: str
    """How that line is named: ``addresses``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A manuscript with its corrections."""

    manuscript: Manuscript
    remember: tuple[Correction, ...] = ()
    """All corrections that hold from now on, the stale among them: their words may come back."""
    applied: tuple[Applied, ...] = ()
    """Those that made a difference, in the order of the text."""
    stale: tuple[Correction, ...] = ()
    """Those whose place is no more."""


class NoSuchPlace(Exception):
    """A line that somebody named is no place for that correction."""

    def __init__(self, kind: CorrectionKind, spot: Spot, *, ambiguous: bool) -> None:
        super().__init__(f"{kind} at line {spot.line}")
        self.kind = kind
        self.spot = spot
        self.ambiguous = ambiguous
        """Whether the line stands for several places: several files, or several paragraphs in one line."""


@dataclass(slots=True)
class _Paragraph:
    """A paragraph with what belongs to it, offsets counted from its own beginning."""

    text: str
    line: int
    lines: list[Line] = field(default_factory=list[Line])
    emphasis: list[Emphasis] = field(default_factory=list[Emphasis])
    marker: str | None = None
    """The break before it; None inside a scene."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Between two paragraphs of one chapter: before its paragraph number ``index`` (at least 1)."""

    chapter: int
    index: int


def correct(
    manuscript: Manuscript,
    file: str,
    remembered: Iterable[Correction] = (),
    *,
    breaks: Iterable[Spot] = (),
    joins: Iterable[Spot] = (),
) -> Corrected:
    """Apply what is remembered, then what is said now; the latest word on a place counts.

    A correction that says what the file itself says by now is forgotten if it was said again.

    Args:
        manuscript: a story as it was just read.
        file: the name of the file it was read from.
        remembered: corrections of earlier imports.
        breaks: lines at which a scene is to begin: any line of the paragraph, or the one above it.
        joins: lines at which none is to begin: the scene's first, or that of its mark.

    Raises:
        NoSuchPlace: a line of ``breaks`` or ``joins`` is none of the story's.
    """
    remembered = tuple(remembered)
    breaks, joins = tuple(breaks), tuple(joins)
    if not (remembered or breaks or joins):
        return Corrected(manuscript=manuscript)
    chapters = [list(_paragraphs(chapter)) for chapter in manuscript.chapters]
    keys = _keys(chapters)
    wanted: dict[_Place, Correction] = {}
    stale: list[Correction] = []
    for correction in remembered:
        place = _find(correction, keys)
        if place is None:
            stale.append(correction)
        else:
            wanted[place] = correction
    named = [(CorrectionKind.BREAK, spot) for spot in breaks] + [(CorrectionKind.JOIN, spot) for spot in joins]
    for kind, spot in named:
        place = _named(kind, spot, manuscript, chapters, wanted)
        begins = chapters[place.chapter][place.index].marker is not None
        if begins == (kind is CorrectionKind.BREAK):
            wanted.pop(place, None)
            continue
        before, after = keys[place]
        twins = [other for other, key in keys.items() if key == keys[place]]
        wanted[place] = Correction(kind, file, before, after, twins.index(place))
    applied: list[Applied] = []
    for place, correction in sorted(wanted.items(), key=lambda item: (item[0].chapter, item[0].index)):
        paragraph = chapters[place.chapter][place.index]
        if correction.kind is CorrectionKind.JOIN and paragraph.marker is not None:
            paragraph.marker = None
        elif correction.kind is CorrectionKind.BREAK and paragraph.marker is None:
            paragraph.marker = ""
        else:
            continue
        named_lines = _addresses([other.line for other in chapters[place.chapter]])
        number = manuscript.chapters[place.chapter].number
        applied.append(Applied(correction, number, paragraph.line, named_lines[place.index]))
    return Corrected(
        manuscript=replace(
            manuscript,
            chapters=tuple(
                replace(chapter, scenes=_scenes(paragraphs))
                for chapter, paragraphs in zip(manuscript.chapters, chapters, strict=True)
            ),
        ),
        remember=(*stale, *wanted.values()),
        applied=tuple(applied),
        stale=tuple(stale),
    )


def addresses(chapter: Chapter) -> tuple[tuple[str, ...], ...]:
    """How the paragraphs of each scene are named: by their line, or as ``3.2`` where several share one."""
    names = iter(_addresses([line for scene in chapter.scenes for line in _lines_of(scene)]))
    return tuple(tuple(islice(names, len(_lines_of(scene)))) for scene in chapter.scenes)


def _lines_of(scene: Scene) -> tuple[int, ...]:
    return scene.paragraph_lines or (scene.source_line,)


def _addresses(lines: Sequence[int]) -> list[str]:
    several = Counter(lines)
    seen: Counter[int] = Counter()
    names: list[str] = []
    for line in lines:
        seen[line] += 1
        names.append(f"{line}.{seen[line]}" if several[line] > 1 else str(line))
    return names


def _paragraphs(chapter: Chapter) -> Iterator[_Paragraph]:
    """The chapter's paragraphs; a scene's lines and runs never reach beyond one."""
    for scene in chapter.scenes:
        lines, runs = iter(scene.lines), iter(scene.emphasis)
        line, run = next(lines, None), next(runs, None)
        at = 0
        for number, text in enumerate(scene.text.split(_PARAGRAPH_END)):
            known = scene.paragraph_lines[number] if number < len(scene.paragraph_lines) else 0
            paragraph = _Paragraph(text, known or (scene.source_line if number == 0 else 0))
            if number == 0:
                paragraph.marker = scene.marker
            end = at + len(text)
            while line is not None and line.start < end:
                paragraph.lines.append(replace(line, start=line.start - at, end=line.end - at))
                line = next(lines, None)
            while run is not None and run.start < end:
                paragraph.emphasis.append(replace(run, start=run.start - at, end=run.end - at))
                run = next(runs, None)
            at = end + len(_PARAGRAPH_END)
            yield paragraph


def _scenes(paragraphs: Sequence[_Paragraph]) -> tuple[Scene, ...]:
    begins = [i for i, paragraph in enumerate(paragraphs) if i == 0 or paragraph.marker is not None]
    return tuple(_scene(paragraphs[first:last]) for first, last in pairwise([*begins, len(paragraphs)]))


def _scene(paragraphs: Sequence[_Paragraph]) -> Scene:
    lines: list[Line] = []
    emphasis: list[Emphasis] = []
    at = 0
    for paragraph in paragraphs:
        lines += (replace(line, start=line.start + at, end=line.end + at) for line in paragraph.lines)
        emphasis += (replace(run, start=run.start + at, end=run.end + at) for run in paragraph.emphasis)
        at += len(paragraph.text) + len(_PARAGRAPH_END)
    return Scene(
        text=_PARAGRAPH_END.join(paragraph.text for paragraph in paragraphs),
        lines=tuple(lines),
        emphasis=tuple(emphasis),
        marker=paragraphs[0].marker or "",
        source_line=paragraphs[0].line,
        paragraph_lines=tuple(paragraph.line for paragraph in paragraphs),
    )


def _keys(chapters: Sequence[Sequence[_Paragraph]]) -> dict[_Place, tuple[str, str]]:
    """Every place between two paragraphs, in order, with the words on either side."""
    return {
        _Place(number, index): (_last_words(above.text), _first_words(below.text))
        for number, paragraphs in enumerate(chapters)
        for index, (above, below) in enumerate(pairwise(paragraphs), 1)
    }


def _first_words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()[: _REMEMBERED * 40])[:_REMEMBERED])


def _last_words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()[-_REMEMBERED * 40 :])[-_REMEMBERED:])


def _find(correction: Correction, keys: dict[_Place, tuple[str, str]]) -> _Place | None:
    """Where a correction belongs now: the words of both sides, else those of one if they are its alone."""
    both = (correction.before, correction.after)
    twins = [place for place, key in keys.items() if key == both]
    if twins:
        return twins[min(correction.occurrence, len(twins) - 1)]
    for side in (1, 0):
        alike = [place for place, key in keys.items() if key[side] == both[side]]
        if len(alike) == 1 and both[side].count(" ") + 1 >= _ENOUGH:
            return alike[0]
    return None


def _named(
    kind: CorrectionKind,
    spot: Spot,
    manuscript: Manuscript,
    chapters: Sequence[Sequence[_Paragraph]],
    wanted: dict[_Place, Correction],
) -> _Place:
    """The place that somebody means by a line.

    Raises:
        NoSuchPlace: there is none, or more than one.
    """
    found: list[_Place] = []
    for number, paragraphs in enumerate(chapters):
        if spot.chapter not in (None, manuscript.chapters[number].number):
            continue
        here = [i for i, paragraph in enumerate(paragraphs) if paragraph.line == spot.line]
        if spot.nth is not None:
            here = here[spot.nth - 1 : spot.nth]
        if kind is CorrectionKind.BREAK:
            indexes = here if here or spot.nth else _paragraph_at(spot.line, paragraphs)
        else:
            begun = {place.index for place in wanted if place.chapter == number}
            begun |= {i for i, paragraph in enumerate(paragraphs) if paragraph.marker is not None}
            above = [] if spot.nth else _scene_at(spot.line, paragraphs, begun)
            indexes = [i for i in here if i in begun] or above
        # Before a chapter's first paragraph nothing can be broken or joined.
        found += (_Place(number, index) for index in indexes if index)
    if len(found) != 1:
        raise NoSuchPlace(kind, spot, ambiguous=len(found) > 1)
    return found[0]


def _paragraph_at(line: int, paragraphs: Sequence[_Paragraph]) -> list[int]:
    """The paragraph that begins just below a line, else the one that the line is inside of."""
    begins = [paragraph.line for paragraph in paragraphs]
    if line + 1 in begins and line > 0:
        return [begins.index(line + 1)]
    last = paragraphs[-1]
    ends = [*begins[1:], last.line + 1 + len(last.text) // _SHORTEST_LINE]
    return [i for i, (first, end) in enumerate(zip(begins, ends, strict=True)) if 0 < first < line < end][:1]


def _scene_at(line: int, paragraphs: Sequence[_Paragraph], begun: set[int]) -> list[int]:
    """The paragraph that begins the scene whose mark stands at a line."""
    return [
        index
        for index, (above, below) in enumerate(pairwise(paragraphs), 1)
        if index in begun and 0 < above.line < line < below.line
    ][:1]
