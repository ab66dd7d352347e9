"""Plain text as authors paste it: a header block, wrapped or one-line paragraphs, ornaments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.breaks import Block, is_mark
from bot.domain.text import clean, single_spaced
from bot.ingest.emphasis import read_plain
from bot.ingest.header import Run, runs_of, take_header
from bot.ingest.headings import Level, heading_of
from bot.ingest.layout import Layout, is_underline, layout_of, paragraphs
from bot.ingest.metadata import Source

_MAX_HEADING_LINES = 3


def read(text: str, file: str) -> Source:
    """Understand one plain text file."""
    lines = clean(text).split("\n")
    source = Source(file=file, blocks=[])
    begins = take_header(lines, source)
    runs = [part for run in runs_of(lines, begins) for part in _parted(lines, run)]
    layout = layout_of(lines, [run for run in runs if not _is_mark(lines, run)])
    source.blocks = list(_blocks(lines, runs, layout))
    return source


def _is_mark(lines: Sequence[str], run: Run) -> bool:
    return run.end - run.start == 1 and is_mark(single_spaced(lines[run.start]).strip())


def _is_heading(text: str) -> bool:
    """Whether a line is a chapter heading even with other lines directly around it."""
    heading = heading_of(text)
    return heading is not None and heading.level is Level.CHAPTER


def _parted(lines: Sequence[str], run: Run) -> Iterator[Run]:
    """A run cut around ornaments and chapter headings that have no blank lines beside them."""
    if run.end - run.start == 1:
        yield run
        return
    begun = run.start
    if run.end - run.start <= _MAX_HEADING_LINES and _is_heading("\n".join(lines[run.start : run.end])):
        yield run
        return
    for i in range(run.start, run.end):
        text = lines[i].strip()
        mark = is_mark(single_spaced(text))
        if not mark and (i != run.start or not _is_heading(text)):
            continue
        if begun < i:
            yield Run(begun, i)
        if not mark or not is_underline(lines[begun:i], text):
            yield Run(i, i + 1)
        begun = i + 1
    if begun < run.end:
        yield Run(begun, run.end)


def _blocks(lines: Sequence[str], runs: Sequence[Run], layout: Layout) -> Iterator[Block]:
    before = -1
    for run in runs:
        gap = run.start - before - 1 if before >= 0 else 0
        before = run.end - 1
        if run.end - run.start <= _MAX_HEADING_LINES and _is_heading("\n".join(lines[run.start : run.end])):
            text = " ".join(" ".join(lines[run.start : run.end]).split())
            yield Block(text, run.start + 1, gap, heading=1)
            continue
        for at, text in paragraphs(lines, run, layout):
            text, emphasis = read_plain(single_spaced(text))
            yield Block(text, at + 1, gap if at == run.start else 0, emphasis)
