"""Serials: what is posted where, how often, and when next."""

from __future__ import annotations

from datetime import datetime

from bot.domain.passages import SerialCard
from bot.domain.schedule import Every, Rhythm, from_seconds
from bot.domain.story import StoryId
from bot.services.serials import NewSerial
from bot.storage.database import Database
from bot.storage.rules import PRESENT_STORY
from bot.storage.stories import TERMS_COLUMNS, terms

START = """
INSERT INTO serial (guild_id, channel_id, story_id, every, starts_at, next_due, state, created_by, created_at)
VALUES (:guild_id, :channel_id, :story_id, :every, :starts_at, :starts_at, 'active', :created_by, :now)
ON CONFLICT (story_id, channel_id) DO UPDATE
SET every = excluded.every, starts_at = excluded.starts_at, next_due = excluded.next_due, state = 'active',
    reason = NULL, created_by = excluded.created_by, ended_at = NULL
WHERE serial.ended_at IS NOT NULL
RETURNING id
"""

WAS_SERIALISED = "SELECT 1 FROM serial WHERE guild_id = :guild_id AND story_id = :story_id"

END = """
UPDATE serial SET state = 'resting', reason = NULL, next_due = NULL, ended_at = :now
WHERE id = :serial_id AND guild_id = :guild_id AND ended_at IS NULL
"""

CLOSE = "DELETE FROM \"drop\" WHERE serial_id = :serial_id AND state <> 'posted'"
# Its chapter was not posted whole: should the serial be taken up again, that is the next one.

TOLD_OF_NO_MORE = """
DELETE FROM notice
WHERE guild_id = :guild_id AND told_at IS NULL AND json_extract(fields, '$.serial') = :serial_id
"""

STANDING_AT = """
substr(x.state, 1, 1) || coalesce((SELECT max(d.id) FROM "drop" d WHERE d.serial_id = x.id), 0)
    || CASE WHEN EXISTS (SELECT 1 FROM "drop" o WHERE o.serial_id = x.id AND o.state <> 'posted') THEN 'o' ELSE '' END
"""
# Where a serial "x" stands, in a word that changes whenever a chapter of it comes or it pauses.

STANDS = f"SELECT 1 FROM serial x WHERE x.id = :serial_id AND x.ended_at IS NULL AND ({STANDING_AT}) = :standing"

CHAPTERS_LEFT = """
FROM story s
JOIN chapter_revision c ON c.revision_id = s.revision_id
WHERE s.id = x.story_id AND c.position > coalesce((
    SELECT max(n.position)
    FROM "drop" d
    JOIN chapter_revision n ON n.revision_id = s.revision_id AND n.chapter_id = d.chapter_id
    WHERE d.serial_id = x.id
), -1)
"""
# The chapters of a serial "x" behind the last of its drops that still stands in the story.

LEFT_IN_CHANNEL = f"""
SELECT (SELECT count(*) {CHAPTERS_LEFT}) AS chapters
FROM (
    SELECT :story_id AS story_id,
        (SELECT id FROM serial WHERE story_id = :story_id AND channel_id = :channel_id) AS id
) x
"""

NEXT_CHAPTER = f"""
SELECT c.chapter_id, c.position FROM serial x
JOIN chapter_revision c ON c.chapter_id = (SELECT c.chapter_id {CHAPTERS_LEFT} ORDER BY c.position LIMIT 1)
    AND c.revision_id = (SELECT s.revision_id FROM story s WHERE s.id = x.story_id)
WHERE x.id = :serial_id
"""

MAKE_DUE = "UPDATE serial SET next_due = :now, state = 'active' WHERE id = :serial_id AND ended_at IS NULL"

UNPAUSE = "UPDATE serial SET state = 'active', reason = NULL WHERE id = :serial_id AND state = 'paused'"

NO_LONGER_TOLD = """
DELETE FROM notice
WHERE guild_id = (SELECT guild_id FROM serial WHERE id = :serial_id) AND told_at IS NULL
    AND key = 'serial_paused' AND json_extract(fields, '$.serial') = :serial_id
"""
# That it was paused is no news any more.

GO_ON = """
UPDATE "drop" SET state = 'posting', lease_owner = NULL, lease_until = 0
WHERE serial_id = :serial_id AND (state = 'paused' OR (state = 'posting' AND lease_owner IS NULL))
"""

FORGET_GONE = """
DELETE FROM "drop" WHERE serial_id = :serial_id AND state = 'paused' AND NOT EXISTS (
    SELECT 1 FROM serial x JOIN story s ON s.id = x.story_id
    JOIN chapter_revision c ON c.revision_id = s.revision_id
    WHERE x.id = :serial_id AND c.chapter_id = "drop".chapter_id
)
"""
# A drop whose chapter is no longer in the story can never go on. Forgotten, it leaves the next chapter its turn,
# and its own a way back, should it return.

IS_POSTING = """
SELECT x.every, x.starts_at FROM serial x
WHERE x.id = :serial_id AND EXISTS (
    SELECT 1 FROM "drop" d WHERE d.serial_id = x.id AND d.state = 'posting'
)
"""

LEAVE_OUT = "UPDATE serial SET next_due = :next_due WHERE id = :serial_id AND next_due <= :now"

SERIALS = f"""
SELECT x.id, x.channel_id, x.story_id, x.state, x.reason, x.next_due, r.title, {TERMS_COLUMNS},
    (SELECT count(*) FROM "drop" d WHERE d.serial_id = x.id AND d.state = 'posted') AS posted,
    (SELECT count(*) FROM chapter_revision c WHERE c.revision_id = r.id) AS chapters
FROM {PRESENT_STORY}
JOIN serial x ON x.story_id = s.id
WHERE x.guild_id = :guild_id AND x.ended_at IS NULL
ORDER BY x.id
"""


class SerialRows:
    """Every serial."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, serial: NewSerial, now: datetime) -> int | None:
        """Add a serial and return its id; None where that story already has one in that channel. One that was ended
        there is taken up where it stopped.
        """
        async with self._database.write() as tx:
            row = await tx.one(
                START,
                {
                    "guild_id": serial.guild_id,
                    "channel_id": serial.channel_id,
                    "story_id": serial.story_id,
                    "every": serial.rhythm.every,
                    "starts_at": _seconds(serial.rhythm.start),
                    "created_by": serial.created_by,
                    "now": _seconds(now),
                },
            )
            return int(row["id"]) if row else None

    async def was_serialised(self, guild_id: int, story_id: StoryId) -> bool:
        """Whether a server has, or had, a serial of that story."""
        async with self._database.read() as tx:
            return await tx.one(WAS_SERIALISED, {"guild_id": guild_id, "story_id": story_id}) is not None

    async def chapters_left(self, story_id: StoryId, channel_id: int) -> int:
        """How many chapters of a story a channel has not had from a serial that was ended there."""
        async with self._database.read() as tx:
            row = await tx.one(LEFT_IN_CHANNEL, {"story_id": story_id, "channel_id": channel_id})
        return int(row["chapters"]) if row else 0

    async def end(self, guild_id: int, serial_id: int, now: datetime) -> bool:
        """Let a serial of a server post no more; what it has released stays. False where none such runs."""
        values = {"guild_id": guild_id, "serial_id": serial_id}
        async with self._database.write() as tx:
            if not await tx.run(END, {**values, "now": _seconds(now)}):
                return False
            await tx.run(CLOSE, {"serial_id": serial_id})
            await tx.run(TOLD_OF_NO_MORE, values)
            return True

    async def make_due(self, serial_id: int, now: datetime, standing: str | None = None) -> bool:
        """Let an open drop go on at once, else the next chapter be due now; False where none is left, where the serial
        was ended, or where it stands otherwise than ``standing`` says. A drop whose chapter is gone is given up.
        """
        values = {"serial_id": serial_id}
        async with self._database.write() as tx:
            if standing is not None and await tx.one(STANDS, {**values, "standing": standing}) is None:
                return False
            await tx.run(FORGET_GONE, values)
            if await tx.run(UNPAUSE, values):
                await tx.run(NO_LONGER_TOLD, values)
            await tx.run(GO_ON, values)
            if row := await tx.one(IS_POSTING, values):
                # It is this time's instalment; the times that passed while it waited are left out.
                following = Rhythm(Every(row["every"]), from_seconds(row["starts_at"])).after(now)
                await tx.run(LEAVE_OUT, {**values, "now": _seconds(now), "next_due": _seconds(following)})
                return True
            if await tx.one(NEXT_CHAPTER, values) is None:
                return False
            return bool(await tx.run(MAKE_DUE, {**values, "now": _seconds(now)}))

    async def serials(self, guild_id: int) -> list[tuple[SerialCard, StoryId]]:
        """The serials of a server, oldest first, each with its story."""
        async with self._database.read() as tx:
            rows = await tx.all(SERIALS, {"guild_id": guild_id})
        return [
            (
                SerialCard(
                    id=row["id"],
                    channel_id=row["channel_id"],
                    story_title=row["title"],
                    state=row["state"],
                    reason=row["reason"],
                    next_due=from_seconds(row["next_due"]) if row["next_due"] is not None else None,
                    posted=row["posted"],
                    chapters=row["chapters"],
                    terms=terms(row),
                ),
                StoryId(row["story_id"]),
            )
            for row in rows
        ]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
