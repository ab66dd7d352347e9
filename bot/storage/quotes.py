"""The lines that each server has been shown in its present round of quotes."""

from __future__ import annotations

from bot.domain.access import Scope
from bot.domain.story import LineId, StoryId
from bot.storage.database import Database, Parameters
from bot.storage.rules import PRESENT_STORY, VISIBLE, released, scope_values

QUOTABLE = f"""
FROM {PRESENT_STORY}
JOIN line_revision l ON l.revision_id = r.id AND l.quotable = 1
WHERE {VISIBLE} AND (:story_id IS NULL OR s.id = :story_id) AND {released("l.scene_id")}
"""

PICK = f"""
SELECT l.line_id {QUOTABLE}
    AND NOT EXISTS (SELECT 1 FROM shown n WHERE n.guild_id = :guild_id AND n.line_id = l.line_id)
ORDER BY random() LIMIT 1
"""

SHOW = """
INSERT INTO shown (guild_id, line_id) VALUES (:guild_id, :line_id)
ON CONFLICT DO NOTHING
"""

NEW_ROUND = f"""
DELETE FROM shown WHERE guild_id = :guild_id AND line_id IN (SELECT l.line_id {QUOTABLE})
"""


class Bag:
    """A shuffle bag per server that lasts across restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def draw(self, scope: Scope, story_id: StoryId | None) -> LineId | None:
        """A random quotable line that was not shown in this round; see ``services.quotes.Bag``."""
        values = {**scope_values(scope), "story_id": story_id}
        while True:
            # Picking scans the library, so it stays out of the writing transaction; the constraint
            # decides where two people drew the same line.
            if (line_id := await self._pick(values)) is None:
                async with self._database.write() as tx:
                    if await tx.one(PICK, values) is None and not await tx.run(NEW_ROUND, values):
                        return None
                continue
            async with self._database.write() as tx:
                if await tx.run(SHOW, {"guild_id": scope.guild_id, "line_id": line_id}):
                    return LineId(line_id)

    async def _pick(self, values: Parameters) -> int | None:
        async with self._database.read() as tx:
            row = await tx.one(PICK, values)
            return int(row["line_id"]) if row else None
