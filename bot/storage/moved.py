"""Which scenes of a new text hold something that stood, or stands, in another scene, and which grew much."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.domain.story import StoryId
from bot.storage.database import Reading
from bot.storage.stories import View

MATTERS = """
SELECT 1 FROM story s WHERE s.id = :story_id AND (
    EXISTS (SELECT 1 FROM serial x WHERE x.story_id = s.id) OR EXISTS (SELECT 1 FROM progress g WHERE g.story_id = s.id)
)
"""

CHANGED_SCENES = """
SELECT sc.scene_id, sc.text, o.text AS former FROM scene_revision sc
LEFT JOIN scene_revision o ON o.revision_id = :former AND o.scene_id = sc.scene_id
WHERE sc.revision_id = :revision_id AND o.text IS NOT sc.text
"""

WHOLE_LINE = 25
"""A line of so many characters stands in two scenes because somebody copied it; shorter ones by chance."""

_MUCH = 1 / 3
"""The share of a scene's words that are new, above which it is more than an edit."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Held:
    """A scene of a new text holds something that is not its own."""

    scene: int
    stood: frozenset[int]
    """The scenes of the former text in which it stood."""
    stands: frozenset[int] = frozenset()
    """The other scenes of the new text that have come to hold it, too."""

    def waits_for(self, shown: AbstractSet[int]) -> frozenset[int]:
        """The scenes without which it is not to be shown to whoever has been shown those."""
        return frozenset() if self.stood & shown else (self.stood | self.stands) - shown


@dataclass(frozen=True, slots=True)
class Moved:
    """What a new text has that its former did not have in the same places."""

    held: Sequence[Held] = ()
    grown: frozenset[int] = frozenset()
    """Scenes that have much new text."""


async def moved(tx: Reading, story_id: int, former: int | None, revision_id: int) -> Moved:
    """Compare a text that nobody sees yet with its former one, where it matters to anybody."""
    if former is None or await tx.one(MATTERS, {"story_id": story_id}) is None:
        return Moved()
    changed = await tx.all(CHANGED_SCENES, {"former": former, "revision_id": revision_id})
    if not changed:
        return Moved()
    stands: dict[str, set[int]] = defaultdict(set)
    async for scene, lines in _lines(tx, revision_id, {row["scene_id"] for row in changed}):
        for line in lines:
            stands[line].add(scene)
    stood: dict[str, set[int]] = defaultdict(set)
    async for scene, lines in _lines(tx, former):
        for line in lines:
            if line in stands:
                stood[line].add(scene)
    held = {
        Held(scene, frozenset(stood[line]), frozenset(scenes - {scene}))
        for line, scenes in stands.items()
        for scene in scenes - stood[line]
    }
    grown = {row["scene_id"] for row in changed if row["former"] is not None and _grew(row["former"], row["text"])}
    return Moved([one for one in held if one.stood or one.stands], frozenset(grown))


async def _lines(
    tx: Reading, revision_id: int, wanted: AbstractSet[int] | None = None
) -> AsyncIterator[tuple[int, Iterable[str]]]:
    """The long lines of a text's scenes, without what an edit of commas and capitals changes."""
    story = StoryId(0)
    async for scenes in View(tx, 0, {story: revision_id}).scenes(story):
        for scene, _, lines in scenes:
            if wanted is None or scene in wanted:
                plain = (" ".join(_WORD.findall(line.casefold())) for line in lines)
                yield scene, [line for line in plain if len(line) >= WHOLE_LINE]


def _grew(former: str, text: str) -> bool:
    words = Counter(_WORD.findall(text.casefold()))
    return (words - Counter(_WORD.findall(former.casefold()))).total() > words.total() * _MUCH
