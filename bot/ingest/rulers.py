"""Which pictures and centred lines part scenes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from bot.domain.breaks import Block, is_mark
from bot.ingest.pages import Passage

_RULER = re.compile(
    r"divid|separat|(?:^|[\W_])sep(?:$|[\W_\d])|ruler|hr[-_.\d]|scene|break|ornament|flourish|fleuron|asteris|decorat|swirl|\bline\b|vignette|"
    r"\bbar\b|[*~⁂❦]{1,5}",
    re.IGNORECASE,
)
_TITLED = 60


def with_rulers(passages: list[Passage]) -> list[Passage]:
    """Pictures that part scenes as marks, the others left out; centred lines in the midst of prose parted off."""
    seen = Counter(passage.picture for passage in passages if passage.picture)
    done: list[Passage] = []
    for i, passage in enumerate(passages):
        if passage.picture and not passage.block.mark:
            if _RULER.search(passage.picture) or seen[passage.picture] > 1:
                done.append(replace(passage, block=replace(passage.block, mark=True)))
            elif passage.anchors:
                _hand_on(passages, i)
            continue
        if _is_section(passages, i):
            done.append(Passage(Block("<center>", passage.block.line, mark=True), anchors=()))
        done.append(passage)
    return done


def _hand_on(passages: list[Passage], i: int) -> None:
    if i + 1 < len(passages):
        passages[i + 1].anchors = (*passages[i].anchors, *passages[i + 1].anchors)


def _is_section(passages: list[Passage], i: int) -> bool:
    """Whether a short centred line names the scene below it: a place, a time, whose view it is."""
    passage = passages[i]
    block = passage.block
    if not passage.centred or passage.kind or block.heading or block.mark or len(block.text) > _TITLED:
        return False
    if block.text[-1] in '.!?,;…"”’' or "\n" in block.text or is_mark(block.text):
        return False
    return all(_is_plain_prose(passages[n]) for n in (i - 1, i + 1) if 0 <= n < len(passages)) and i > 0


def _is_plain_prose(passage: Passage) -> bool:
    return not (passage.centred or passage.kind or passage.block.heading or passage.block.mark)
