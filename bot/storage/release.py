"""Which scenes of a story a server may show."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.access import EVERYTHING, Released
from bot.domain.story import SceneId, StoryId
from bot.storage.database import Reading
from bot.storage.rules import SERIALISED, id_list

RELEASED_SCENES = f"""
SELECT s.id AS story_id, y.scene_id
FROM story s
LEFT JOIN scene n ON n.story_id = s.id
LEFT JOIN release y ON y.guild_id = :guild_id AND y.scene_id = n.id
WHERE s.id IN (SELECT value FROM json_each(:story_ids)) AND {SERIALISED}
"""


async def released_by_story(tx: Reading, guild_id: int, story_ids: Iterable[int]) -> dict[StoryId, Released]:
    """What the server has released of each story: everything, unless it has (or had) a serial of it."""
    wanted = set(story_ids)
    serialised: dict[int, set[SceneId]] = {}
    for row in await tx.all(RELEASED_SCENES, {"guild_id": guild_id, "story_ids": id_list(wanted)}):
        scenes = serialised.setdefault(row["story_id"], set())
        if row["scene_id"] is not None:
            scenes.add(SceneId(row["scene_id"]))
    return {
        StoryId(story): Released(everything=False, scenes=frozenset(serialised[story]))
        if story in serialised
        else EVERYTHING
        for story in wanted
    }
