"""What stands inside a paragraph and is no story: notes in brackets, and the marks of footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.breaks import Block
from bot.domain.story import SetAside
from bot.ingest.metadata import Source

_FOOTNOTE = re.compile(r"\[Footnote\s+(?P<label>[\w*†‡§]{1,4})\s*:", re.IGNORECASE)
_MARK = re.compile(r"\[(?P<label>\d{1,3}|[A-Z*†‡§]{1,2})\]")
_MAX_PARAGRAPHS = 12
"""The most paragraphs of one footnote."""


def without_footnotes(blocks: list[Block], source: Source) -> list[Block]:
    """A file's blocks without footnotes in brackets, as printed books have them, and the marks that point to them.

    A mark is taken for one only where the file holds a note of that name.
    """
    notes: set[int] = set()
    labels: set[str] = set()
    for i, block in enumerate(blocks):
        found = _FOOTNOTE.match(block.text) if block.text[:1] == "[" and i not in notes else None
        end = _end_of(blocks, i) if found else i
        if found and end > i:
            notes.update(range(i, end))
            labels.add(found["label"])
    if not notes:
        return blocks
    kept: list[Block] = []
    for i, block in enumerate(blocks):
        if i in notes:
            if not block.mark:
                source.put_aside("footnote", [block])
            continue
        spans = [found.span() for found in _MARK.finditer(block.text) if found["label"] in labels]
        if spans and not block.mark and not (spans[0][0] == 0 and spans[0][1] == len(block.text)):
            block = cut_out(block, spans, "note mark", source)
        kept.append(block)
    return kept


def _end_of(blocks: Sequence[Block], start: int) -> int:
    """The index after a footnote's last paragraph; ``start`` where nothing closes it."""
    depth = 0
    for i in range(start, min(len(blocks), start + _MAX_PARAGRAPHS)):
        if blocks[i].mark or blocks[i].heading:
            break
        depth += blocks[i].text.count("[") - blocks[i].text.count("]")
        if depth <= 0:
            return i + 1 if blocks[i].text.rstrip()[-1:] == "]" else start
    return start


def cut_out(block: Block, spans: Sequence[tuple[int, int]], kind: str, source: Source) -> Block:
    """A paragraph without some stretches of its text, which are set aside.

    Args:
        block: the paragraph.
        spans: start and end of each stretch, in order.
        kind: what they are.
        source: takes them.
    """
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        source.set_aside.append(SetAside(kind, block.text[start:end].strip(), source.file, block.line))
        pieces.append(block.text[at:start])
        at = end
    pieces.append(block.text[at:])
    emphasis = tuple(
        replace(run, start=_moved(run.start, spans), end=_moved(run.end, spans))
        for run in block.emphasis
        if not any(start < run.end and run.start < end for start, end in spans)
        or _moved(run.end, spans) > _moved(run.start, spans)
    )
    return replace(block, text="".join(pieces), emphasis=emphasis)


def _moved(at: int, spans: Sequence[tuple[int, int]]) -> int:
    """Where an offset lies once the spans are gone."""
    return at - sum(min(end, at) - start for start, end in spans if start < at)
