"""Every story that can be looked up, whoever owns it, for the one who hosts the bot."""

from __future__ import annotations

from bot.domain.story import StoryId
from bot.storage.database import Database

EVERY_STORY = """
SELECT s.id, s.slug FROM story s
WHERE s.withdrawn_at IS NULL AND s.revision_id IS NOT NULL
ORDER BY s.id
"""


class EveryStory:
    """Reads which stories there are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def slugs(self) -> dict[StoryId, str]:
        """The short name of every story that is not withdrawn; two owners may use the same."""
        async with self._database.read() as tx:
            return {StoryId(row["id"]): row["slug"] for row in await tx.all(EVERY_STORY)}
