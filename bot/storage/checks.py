"""How the serials of a server stand, as a moderator's check asks it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.schedule import from_seconds
from bot.domain.story import ChapterId
from bot.services.checks import Last, SerialStanding
from bot.storage.database import Database
from bot.storage.notices import BEHIND, UNTOLD
from bot.storage.serials import CHAPTERS_LEFT, STANDING_AT, SerialRows

STANDING = f"""
SELECT x.id AS serial_id,
    (SELECT c.number {CHAPTERS_LEFT} ORDER BY c.position LIMIT 1) AS next_number,
    (SELECT min(d.due_at) FROM "drop" d WHERE d.serial_id = x.id AND d.state = 'posting') AS posting_since,
    ({STANDING_AT}) AS standing,
    (SELECT count(*) FROM "drop" d WHERE d.serial_id = x.id AND d.state = 'posted' AND EXISTS (
        SELECT 1 FROM story s
        JOIN scene_revision v ON v.revision_id = s.revision_id AND v.chapter_id = d.chapter_id
        WHERE s.id = x.story_id AND NOT EXISTS (
            SELECT 1 FROM release y WHERE y.guild_id = x.guild_id AND y.scene_id = v.scene_id
        )
    )) AS unshown
FROM serial x WHERE x.guild_id = :guild_id
"""

LAST = """
SELECT d.serial_id, d.posted_at,
    (SELECT n.number FROM story s
        JOIN chapter_revision n ON n.revision_id = s.revision_id AND n.chapter_id = d.chapter_id
        WHERE s.id = x.story_id) AS number,
    (SELECT m.message_id FROM drop_message m WHERE m.drop_id = d.id AND m.position = 0) AS message_id
FROM serial x
JOIN "drop" d ON d.id = (
    SELECT e.id FROM "drop" e WHERE e.serial_id = x.id AND e.state = 'posted'
    ORDER BY e.posted_at DESC, e.id DESC LIMIT 1
)
WHERE x.guild_id = :guild_id
"""

BEHIND_HERE = f"""
SELECT x.id AS serial_id, c.chapter_id, c.number {BEHIND} AND x.guild_id = :guild_id ORDER BY x.id, c.position
"""

POST_BEHIND = f"""
INSERT INTO "drop" (serial_id, chapter_id, position, due_at, state)
SELECT x.id, c.chapter_id, c.position, :now, 'posting' {BEHIND}
    AND x.id = :serial_id AND x.guild_id = :guild_id AND c.chapter_id = :chapter_id AND x.state <> 'paused'
    AND NOT EXISTS (SELECT 1 FROM "drop" o WHERE o.serial_id = x.id AND o.state <> 'posted')
ON CONFLICT DO NOTHING
"""


class CheckRows:
    """What is stored of what a check looks at."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._serials = SerialRows(database)

    async def standings(self, guild_id: int) -> list[SerialStanding]:
        """The serials of a server, oldest first."""
        cards = await self._serials.serials(guild_id)
        here = {"guild_id": guild_id}
        async with self._database.read() as tx:
            states = {row["serial_id"]: row for row in await tx.all(STANDING, here)}
            last = {row["serial_id"]: row for row in await tx.all(LAST, here)}
            behind: dict[int, list[tuple[ChapterId, int]]] = {}
            for row in await tx.all(BEHIND_HERE, here):
                behind.setdefault(row["serial_id"], []).append((ChapterId(row["chapter_id"]), row["number"]))
        return [
            SerialStanding(
                card=card,
                next_number=states[card.id]["next_number"],
                posting_since=_moment(states[card.id]["posting_since"]),
                last=Last(
                    at=from_seconds(last[card.id]["posted_at"]),
                    number=last[card.id]["number"],
                    message_id=last[card.id]["message_id"],
                )
                if card.id in last
                else None,
                behind=tuple(behind.get(card.id, ())),
                standing=states[card.id]["standing"],
                unshown=states[card.id]["unshown"],
            )
            for card, _ in cards
            if card.id in states
        ]

    async def untold(self, guild_id: int) -> int:
        """How many notices wait in a server."""
        async with self._database.read() as tx:
            row = await tx.one(UNTOLD, {"guild_id": guild_id})
        return int(row["untold"]) if row else 0

    async def post_behind(self, guild_id: int, serial_id: int, chapter_id: ChapterId, now: datetime) -> bool:
        """Let a chapter that a serial has left behind be posted next; False where it need not, or cannot yet."""
        values = {"guild_id": guild_id, "serial_id": serial_id, "chapter_id": chapter_id}
        async with self._database.write() as tx:
            return bool(await tx.run(POST_BEHIND, {**values, "now": int(now.timestamp())}))


def _moment(seconds: int | None) -> datetime | None:
    return from_seconds(seconds) if seconds is not None else None
