"""Where stories begin."""

from __future__ import annotations

from bot.domain.access import Scope
from bot.domain.story import LineId, StoryId
from bot.storage.database import Database
from bot.storage.rules import PRESENT_STORY, VISIBLE, released, scope_values

FIRST_LINE = f"""
SELECT l.line_id
FROM {PRESENT_STORY}
JOIN line_revision l ON l.revision_id = r.id
WHERE s.id = :story_id AND {VISIBLE} AND {released("l.scene_id")}
ORDER BY l.position LIMIT 1
"""


class StoryOpenings:
    """First lines, as the stories stand now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first_line(self, scope: Scope, story_id: StoryId) -> LineId | None:
        """The first line of a story that may be shown; None: there is none."""
        async with self._database.read() as tx:
            row = await tx.one(FIRST_LINE, {**scope_values(scope), "story_id": story_id})
        return LineId(row["line_id"]) if row else None
