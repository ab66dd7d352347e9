"""Plain text as authors paste it: a header block, wrapped or one-line paragraphs, ornaments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.breaks import Block, is_mark
from bot.domain.errors import BadInput
from bot.domain.text import clean, single_spaced
from bot.ingest.asides import is_edge, is_label
from bot.ingest.boilerplate import cut_boilerplate, take_contents, title_key
from bot.ingest.emphasis import read_plain
from bot.ingest.header import Run, runs_of, take_header
from bot.ingest.headings import Level, heading_of
from bot.ingest.laterheaders import take_later
from bot.ingest.layout import Layout, is_underline, layout_of, paragraphs
from bot.ingest.metadata import MAX_LINES, MAX_PARAGRAPH, MAX_PARAGRAPHS, Source
from bot.ingest.pastes import take_paste
from bot.strings import PROBLEMS

_MAX_HEADING_LINES = 3
_KISSES = re.compile(r"(?:xo)+x?|(?:ox)+o?|x+", re.IGNORECASE)
"""What people sign a note with, directly below its last line."""
_QUOTED = re.compile(r"> ?")
_QUOTED_SHARE = 0.9
_FEWEST_QUOTED = 4
_MAX_QUOTED = 4
_MAX_ENTRY = 110
_EMPHASIS_MARK = re.compile(r"[*_](?=\w)|(?<=[\w.,;:!?…'’”\"])[*_]|<(?=[A-Za-z/])")
_MOST_MARKS = 400_000
"""Every tenth word of the longest file may be emphasised."""


def read(text: str, file: str) -> Source:
    """Understand one plain text file.

    Raises:
        BadInput: it is larger than any story.
    """
    text = clean(text)
    if "&nbsp;" in text:
        text = text.replace("&nbsp;", "\N{NO-BREAK SPACE}")
    lines = split_lines(text, file)
    source = Source(file=file, blocks=[])
    if text.count("\n>") >= _FEWEST_QUOTED - 1:
        lines = _unquoted(lines, source)
    begin, end = cut_boilerplate(lines, source)
    del lines[end:]
    lines[:begin] = [""] * begin
    pasted = begin == 0 and end == len(lines) and take_paste(lines, source)
    known = frozenset[str]() if pasted else take_contents(lines, begin, source)
    below = next((i for i in range(begin, len(lines)) if known and _is_entry(lines[i].strip(), known)), len(lines))
    begun = frozenset[int]()
    if not pasted:
        head = lines[begin:below]
        take_header(head, source, begin)
        lines[begin:below] = head
        begun = take_later(lines, begin + 1, source)
    titled: set[int] = set()
    found = runs_of(lines, begin)
    if len(found) > MAX_PARAGRAPHS:
        raise BadInput("story_too_large", file=file, limit=MAX_PARAGRAPHS, what="paragraphs")
    runs = [part for run in found for part in _parted(lines, run, known, titled)]
    if len(titled) == 1 and runs[0].start not in titled:
        # One underlined line inside a text is a letter's or a poem's title.
        titled.clear()
    layout = layout_of(lines, [run for run in runs if not _is_mark(lines, run)])
    source.blocks = list(_blocks(lines, runs, layout, known, titled | begun))
    return source


def split_lines(text: str, file: str) -> list[str]:
    """The lines of a cleaned text.

    Raises:
        BadInput: there are more, or a longer one, than any story has.
    """
    if text.count("\n") > MAX_LINES * 4:
        raise BadInput("story_too_large", file=file, limit=MAX_LINES, what="lines")
    lines = text.split("\n")
    if len(lines) > MAX_LINES and sum(map(bool, lines)) > MAX_LINES:
        raise BadInput("story_too_large", file=file, limit=MAX_LINES, what="lines")
    if text.count("*") + text.count("_") + text.count("<") > _MOST_MARKS:
        marks = sum(1 for _ in _EMPHASIS_MARK.finditer(text))
        if marks > _MOST_MARKS:
            raise BadInput("story_too_large", file=file, limit=_MOST_MARKS, what="marks of emphasis")
    if len(text) > MAX_PARAGRAPH and max(map(len, lines)) > MAX_PARAGRAPH:
        raise BadInput("story_too_large", file=file, limit=MAX_PARAGRAPH, what="letters in one line")
    return lines


def _unquoted(lines: list[str], source: Source) -> list[str]:
    """The lines of a mail that is all quoted, without the marks; other lines as they are."""
    for _ in range(_MAX_QUOTED):
        shown = [line for line in lines if line and not line.isspace()]
        quoted = sum(line[0] == ">" for line in shown)
        if quoted < _FEWEST_QUOTED or quoted < _QUOTED_SHARE * len(shown):
            break
        lines = [_QUOTED.sub("", line, count=1) for line in lines]
        if not source.problems:
            source.warn(None, PROBLEMS["quote_marks_removed"])
    return lines


def _is_entry(text: str, known: frozenset[str]) -> bool:
    """Whether a line is the heading that a table of contents named."""
    return bool(known) and len(text) <= _MAX_ENTRY and title_key(text) in known


def _is_mark(lines: Sequence[str], run: Run) -> bool:
    return run.end - run.start == 1 and is_mark(single_spaced(lines[run.start]).strip())


def _is_heading(text: str) -> bool:
    """Whether a line is a chapter heading even with other lines directly around it."""
    heading = heading_of(text)
    return heading is not None and heading.level is Level.CHAPTER


def _parted(lines: Sequence[str], run: Run, known: frozenset[str], titled: set[int]) -> Iterator[Run]:
    """A run cut around ornaments and chapter headings that have no blank lines beside them."""
    if run.end - run.start == 1:
        yield run
        return
    begun = run.start
    labelled = any(
        is_label(lines[i].strip()) for i in range(run.start + 1, min(run.end, run.start + _MAX_HEADING_LINES))
    )
    if (
        not labelled
        and run.end - run.start <= _MAX_HEADING_LINES
        and _is_heading("\n".join(lines[run.start : run.end]))
    ):
        yield run
        return
    for i in range(run.start, run.end):
        text = lines[i].strip()
        mark = is_mark(single_spaced(text)) and not (i > run.start and _KISSES.fullmatch(text))
        if not (
            mark
            or is_edge(text)
            or _is_entry(text, known)
            or (labelled and is_label(text))
            or (i == run.start and _is_heading(text))
        ):
            continue
        if begun < i:
            yield Run(begun, i)
        if mark and is_underline(lines[begun:i], text):
            titled.add(begun)
        else:
            yield Run(i, i + 1)
        begun = i + 1
    if begun < run.end:
        yield Run(begun, run.end)


def _blocks(
    lines: Sequence[str], runs: Sequence[Run], layout: Layout, known: frozenset[str], titled: set[int]
) -> Iterator[Block]:
    before = -1
    for run in runs:
        gap = run.start - before - 1 if before >= 0 else 0
        before = run.end - 1
        if run.end - run.start <= _MAX_HEADING_LINES:
            text = "\n".join(lines[run.start : run.end])
            entry = _is_entry(text, known) or run.start in titled
            if entry or _is_heading(text):
                yield Block(" ".join(text.split()), run.start + 1, gap, heading=1 if entry else 0)
                continue
        for at, text in paragraphs(lines, run, layout):
            text = single_spaced(text)
            # Ornaments of stars and tildes emphasise nothing.
            text, emphasis = (text, ()) if len(text) <= _MAX_ENTRY and is_mark(text) else read_plain(text)
            yield Block(text, at + 1, gap if at == run.start else 0, emphasis)
