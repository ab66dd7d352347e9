"""Scene breaks that nothing marks: proposed with a confidence, taken only where that is high."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from bot.domain.breaks import Block, cast_around, names_in
from bot.domain.dialogue import marks_of

_JUMP = re.compile(
    r"(?:(?:About |Almost |Nearly |Some |Exactly )?(?:An?|One|Two|Three|Four|Five|Six|Seven|Eight"
    r"|Nine|Ten|Twelve|Several|A few|Many|Half an) "
    r"(?:\w+ )?(?:minute|hour|day|night|week|month|year)s? (?:later|earlier|after|passed|had passed|went by)"
    r"|(?:Early |Late )?(?:The|That) (?:next|following|same|very next) (?:morning|afternoon|evening"
    r"|night|day|week|month|year)\b"
    r"|(?:Later|Earlier) that (?:same )?(?:morning|afternoon|evening|night|day|week)\b|Meanwhile\b"
    r"|Across town\b|Elsewhere\b"
    r"|Back (?:at|in) (?:the )?[A-Z]\w+|By the time\b|When (?:he|she|they|[A-Z]\w+) (?:woke|awoke|came to)\b)"
)
_WEIGHT_JUMP = 0.45
_WEIGHT_CAST = 0.4
_WEIGHT_GAP = 0.25
_FEWEST_NAMED = 3
"""How often somebody must be named on either side for a change of cast to be one."""
_LEAST = 0.6
"""The least confidence that is worth telling."""
TAKEN = 0.85
"""The least confidence that makes a break."""
_MAX_PROPOSALS = 200


class Proposal(NamedTuple):
    """A place where a scene may begin."""

    block: int
    """Index of the block that would begin it."""
    confidence: float
    """From 0 to 1."""


def proposals(blocks: Sequence[Block]) -> list[Proposal]:
    """Places in one file where time, place or cast jump though nothing marks it.

    Args:
        blocks: the blocks of a chapter in order.
    """
    jumps = list(islice(_candidates(blocks), _MAX_PROPOSALS))
    if not jumps:
        return []
    marks = marks_of(block.text for block in blocks)
    names = names_in(blocks)
    found: list[Proposal] = []
    for i in jumps:
        confidence = _WEIGHT_JUMP
        if blocks[i].gap > 2:
            confidence += _WEIGHT_GAP
        old, new = cast_around(blocks, i, marks, names)
        if old and new and not old.keys() & new.keys() and min(old.total(), new.total()) >= _FEWEST_NAMED:
            confidence += _WEIGHT_CAST
        elif old and new and old.most_common(1)[0][0] not in new:
            confidence += _WEIGHT_CAST / 2
        if confidence >= _LEAST:
            found.append(Proposal(i, min(confidence, 0.95)))
    return found


def _candidates(blocks: Sequence[Block]) -> Iterator[int]:
    for i in range(1, len(blocks)):
        block, before = blocks[i], blocks[i - 1]
        if block.mark or block.heading or before.mark or before.heading:
            continue
        if _JUMP.match(block.text) and before.text[-1:] in '.!?…"”’»':
            yield i
