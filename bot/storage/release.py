"""Which scenes of a story a server may show, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.access import EVERYTHING, Released, Scope
from bot.domain.story import ChapterId, SceneId, StoryId
from bot.storage.database import Database, Reading, Writing
from bot.storage.rules import SERIALISED, UNREAD, id_list

RELEASED_SCENES = f"""
SELECT s.id AS story_id, y.scene_id
FROM story s
LEFT JOIN scene n ON n.story_id = s.id
LEFT JOIN release y ON y.guild_id = :guild_id AND y.scene_id = n.id
WHERE s.id IN (SELECT value FROM json_each(:story_ids)) AND {SERIALISED}
"""

UNREAD_SCENES = UNREAD

POSTED_CHAPTERS = """
SELECT d.chapter_id FROM serial x JOIN "drop" d ON d.serial_id = x.id AND d.state = 'posted'
WHERE x.guild_id = :guild_id AND x.story_id = :story_id
"""

RELEASE_BY_HAND = """
INSERT INTO release (guild_id, scene_id)
SELECT :guild_id, n.id FROM scene n
WHERE n.id IN (SELECT value FROM json_each(:scenes)) AND n.story_id = :story_id
ON CONFLICT DO NOTHING
"""

WITHHELD_NO_MORE = """
DELETE FROM withheld WHERE guild_id = :guild_id AND (
    scene_id IN (SELECT value FROM json_each(:scenes)) OR part_id IN (SELECT value FROM json_each(:scenes))
)
RETURNING scene_id
"""

RELEASE_FREED = """
INSERT INTO release (guild_id, scene_id)
SELECT :guild_id, b.value FROM json_each(:freed) b
WHERE NOT EXISTS (SELECT 1 FROM withheld w WHERE w.guild_id = :guild_id AND w.scene_id = b.value)
ON CONFLICT DO NOTHING
"""


class ReleaseRows:
    """What each server has released, beside what drops release when they are finished."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def posted(self, guild_id: int, story_id: StoryId) -> frozenset[ChapterId]:
        """The chapters of a story that stand in a server, posted completely."""
        async with self._database.read() as tx:
            rows = await tx.all(POSTED_CHAPTERS, {"guild_id": guild_id, "story_id": story_id})
        return frozenset(ChapterId(row["chapter_id"]) for row in rows)

    async def release(self, guild_id: int, story_id: StoryId, scenes: Sequence[SceneId]) -> None:
        """Release scenes of a story in a server."""
        async with self._database.write() as tx:
            await release_scenes(tx, guild_id, story_id, scenes)


async def release_scenes(tx: Writing, guild_id: int, story_id: int, scenes: Iterable[int]) -> None:
    """Release scenes of a story in a server, inside somebody's transaction."""
    values = {"guild_id": guild_id, "story_id": story_id, "scenes": id_list(scenes)}
    await tx.run(RELEASE_BY_HAND, values)
    # A scene that was kept back for the sake of one of these is free once nothing else holds it.
    freed = {row["scene_id"] for row in await tx.all(WITHHELD_NO_MORE, values)}
    await tx.run(RELEASE_FREED, {"guild_id": guild_id, "freed": id_list(freed)})


async def released_by_story(tx: Reading, scope: Scope, story_ids: Iterable[int]) -> dict[StoryId, Released]:
    """What may be shown of each story: all of it, unless the server has (or had) a serial of it, or the one reader
    who sees it has said how far they have read.
    """
    wanted = {StoryId(story) for story in story_ids}
    if scope.ahead:
        return dict.fromkeys(wanted, EVERYTHING)
    serialised: dict[StoryId, set[SceneId]] = {}
    for row in await tx.all(RELEASED_SCENES, {"guild_id": scope.guild_id, "story_ids": id_list(wanted)}):
        scenes = serialised.setdefault(StoryId(row["story_id"]), set())
        if row["scene_id"] is not None:
            scenes.add(SceneId(row["scene_id"]))
    unread: dict[StoryId, set[SceneId]] = {}
    if scope.reader is not None:
        for row in await tx.all(UNREAD_SCENES, {"guild_id": scope.guild_id, "reader": scope.reader}):
            unread.setdefault(StoryId(row["story_id"]), set()).add(SceneId(row["scene_id"]))
    return {
        story: Released(
            everything=story not in serialised,
            scenes=frozenset(serialised.get(story, ())),
            unread=frozenset(unread.get(story, ())),
        )
        for story in wanted
    }
