"""Marks, and the messages that they stand on."""

from __future__ import annotations

import json
from datetime import datetime

from bot.domain.access import Released, Scope
from bot.domain.excerpt import opening
from bot.domain.passages import MovedScene
from bot.domain.story import SceneId, StoryId
from bot.storage.database import Database
from bot.storage.release import released_by_story
from bot.storage.rules import VISIBLE, released, scope_values
from bot.storage.stories import HEADING_COLUMNS, SCENE_JOIN, TERMS_COLUMNS, heading, terms

_OPENING = 90

REMEMBER = """
INSERT INTO posted (message_id, guild_id, channel_id, scene_id, posted_at)
VALUES (:message_id, :guild_id, :channel_id, :scene_id, :now)
ON CONFLICT DO NOTHING
"""

MARK = """
INSERT INTO mark (message_id, user_id, emoji, burst, marked_at)
SELECT message_id, :user_id, :emoji, :burst, :now FROM posted WHERE message_id = :message_id
ON CONFLICT DO NOTHING
"""

UNMARK = """
DELETE FROM mark
WHERE message_id = :message_id AND user_id = :user_id AND emoji = :emoji AND burst = :burst
"""

CLEAR = "DELETE FROM mark WHERE message_id = :message_id AND (:emoji IS NULL OR emoji = :emoji)"

GONE = "UPDATE posted SET deleted = 1 WHERE message_id = :message_id"

CHANNEL_GONE = "UPDATE posted SET deleted = 1 WHERE channel_id = :channel_id"

# What was never posted may have been quoted; an answer to somebody's question is no place to read on.
# A cross join is made in the order in which it is written: the other way round all messages would be read.
POSTED = """
SELECT q.message_id, q.channel_id FROM (
    SELECT :scene_id AS scene_id UNION ALL SELECT b.alias_id FROM scene_alias b WHERE b.scene_id = :scene_id
) n
CROSS JOIN posted q ON q.guild_id = :guild_id AND q.scene_id = n.scene_id AND q.deleted = 0
WHERE EXISTS (SELECT 1 FROM release y WHERE y.guild_id = :guild_id AND y.scene_id = :scene_id)
ORDER BY q.message_id LIMIT 1
"""

TOP = f"""
WITH reaction AS (
    SELECT DISTINCT coalesce(a.scene_id, p.scene_id) AS scene_id, m.user_id, m.emoji
    FROM posted p JOIN mark m ON m.message_id = p.message_id
    LEFT JOIN scene_alias a ON a.alias_id = p.scene_id
    WHERE p.guild_id = :guild_id
), tally AS (
    SELECT scene_id, emoji, count(*) AS readers FROM reaction GROUP BY scene_id, emoji
), felt AS (
    SELECT scene_id, sum(readers) AS total,
        json_group_array(json_array(emoji, readers)) AS tallies
    FROM tally GROUP BY scene_id
)
SELECT {HEADING_COLUMNS}, {TERMS_COLUMNS}, substr(sc.text, 1, {_OPENING * 2}) AS opening,
    felt.total, felt.tallies, p.message_id, p.channel_id
FROM felt
JOIN scene n ON n.id = felt.scene_id
JOIN story s ON s.id = n.story_id
JOIN revision r ON r.id = s.revision_id
{SCENE_JOIN} AND sc.scene_id = felt.scene_id
LEFT JOIN posted p ON p.message_id = (
    SELECT min(q.message_id) FROM posted q
    WHERE q.guild_id = :guild_id AND q.deleted = 0 AND q.scene_id IN (
        SELECT felt.scene_id UNION ALL SELECT b.alias_id FROM scene_alias b WHERE b.scene_id = felt.scene_id
    )
)
WHERE {VISIBLE} AND {released("sc.scene_id")}
ORDER BY felt.total DESC, sc.scene_id
LIMIT :limit
"""


class Marks:
    """Every mark, and which scene each message shows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember(self, message_id: int, guild_id: int, channel_id: int, scene_id: SceneId, now: datetime) -> None:
        """Know that a message shows a scene."""
        async with self._database.write() as tx:
            await tx.run(
                REMEMBER,
                {
                    "message_id": message_id,
                    "guild_id": guild_id,
                    "channel_id": channel_id,
                    "scene_id": scene_id,
                    "now": int(now.timestamp()),
                },
            )

    async def mark(self, message_id: int, user_id: int, emoji: str, *, burst: bool, now: datetime) -> None:
        """Add a mark on a message that shows a scene."""
        async with self._database.write() as tx:
            await tx.run(
                MARK,
                {
                    "message_id": message_id,
                    "user_id": user_id,
                    "emoji": emoji,
                    "burst": int(burst),
                    "now": int(now.timestamp()),
                },
            )

    async def unmark(self, message_id: int, user_id: int, emoji: str, *, burst: bool) -> None:
        """Take a mark away."""
        async with self._database.write() as tx:
            await tx.run(
                UNMARK,
                {"message_id": message_id, "user_id": user_id, "emoji": emoji, "burst": int(burst)},
            )

    async def clear(self, message_id: int, emoji: str | None) -> None:
        """Take away all marks of one emoji on a message, or all of them."""
        async with self._database.write() as tx:
            await tx.run(CLEAR, {"message_id": message_id, "emoji": emoji})

    async def message_gone(self, message_id: int) -> None:
        """Know that the message can no longer be linked to."""
        async with self._database.write() as tx:
            await tx.run(GONE, {"message_id": message_id})

    async def channel_gone(self, channel_id: int) -> None:
        """Know that no message of that channel can be linked to any longer."""
        async with self._database.write() as tx:
            await tx.run(CHANNEL_GONE, {"channel_id": channel_id})

    async def posted_at(self, guild_id: int, scene_id: SceneId) -> tuple[int, int] | None:
        """The channel and the first message in which a server's members find a scene that was posted to them."""
        async with self._database.read() as tx:
            row = await tx.one(POSTED, {"guild_id": guild_id, "scene_id": scene_id})
            return (row["channel_id"], row["message_id"]) if row else None

    async def top(self, scope: Scope, limit: int) -> list[tuple[MovedScene, Released]]:
        """The scenes with the most reactions in a server's messages, released ones only."""
        async with self._database.read() as tx:
            rows = await tx.all(TOP, {**scope_values(scope), "limit": limit})
            release = await released_by_story(tx, scope, {row["story_id"] for row in rows})
        return [
            (
                MovedScene(
                    heading=heading(row),
                    opening=opening(row["opening"], _OPENING),
                    tallies=tuple(
                        sorted(
                            ((emoji, readers) for emoji, readers in json.loads(row["tallies"])),
                            key=lambda tally: (-tally[1], tally[0]),
                        )
                    ),
                    total=row["total"],
                    message_id=row["message_id"],
                    channel_id=row["channel_id"],
                    terms=terms(row),
                ),
                release[StoryId(row["story_id"])],
            )
            for row in rows
        ]
