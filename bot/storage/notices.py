"""What the moderators of a server are to be told: written with what it tells of, sent afterwards."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bot.domain.schedule import from_seconds
from bot.services.notices import Notice
from bot.storage.database import Database, Reading, Writing

NOTE = """
INSERT INTO notice (guild_id, key, fields, created_at) VALUES (:guild_id, :key, :fields, :now)
"""

NOTE_REST = """
INSERT INTO notice (guild_id, key, fields, created_at)
SELECT x.guild_id, 'serial_rests', json_object('serial', x.id), :now FROM serial x WHERE x.id = :serial_id
"""

TO_TELL = """
SELECT n.id, n.guild_id, n.key, n.fields, n.sending_at
FROM notice n JOIN setting t ON t.guild_id = n.guild_id AND t.name = 'notices_channel' AND t.value <> 'null'
WHERE n.told_at IS NULL AND (
    SELECT count(*) FROM notice o WHERE o.guild_id = n.guild_id AND o.told_at IS NULL AND o.id < n.id
) < :at_once
ORDER BY n.guild_id, n.id
"""

TELLING = "UPDATE notice SET sending_at = coalesce(sending_at, :now) WHERE id = :id AND told_at IS NULL"

TOLD = "UPDATE notice SET told_at = :now WHERE id = :id AND told_at IS NULL"

UNTOLD = "SELECT count(*) AS untold FROM notice WHERE guild_id = :guild_id AND told_at IS NULL"

BEHIND = """
FROM serial x
JOIN story s ON s.id = x.story_id
JOIN chapter_revision c ON c.revision_id = s.revision_id
WHERE x.ended_at IS NULL AND c.position < (
    SELECT max(n.position) FROM "drop" d
    JOIN chapter_revision n ON n.revision_id = s.revision_id AND n.chapter_id = d.chapter_id
    WHERE d.serial_id = x.id
) AND NOT EXISTS (
    SELECT 1 FROM "drop" d WHERE d.serial_id = x.id AND d.chapter_id = c.chapter_id
) AND EXISTS (
    SELECT 1 FROM scene_revision v
    WHERE v.revision_id = c.revision_id AND v.chapter_id = c.chapter_id AND NOT EXISTS (
        SELECT 1 FROM release y WHERE y.guild_id = x.guild_id AND y.scene_id = v.scene_id
    )
)
"""
# The chapters "c" of a serial "x" that stand before the place which it has reached, and that it will never post.

BEHIND_OF_STORY = f"SELECT x.guild_id, x.id AS serial_id, c.chapter_id {BEHIND} AND x.story_id = :story_id"

NOTE_GROWN = """
INSERT INTO notice (guild_id, key, fields, created_at)
SELECT x.guild_id, 'posted_text_grew', json_object('serial', x.id), :now FROM serial x
WHERE x.story_id = :story_id AND EXISTS (
    SELECT 1 FROM release y WHERE y.guild_id = x.guild_id AND y.scene_id IN (SELECT value FROM json_each(:scenes))
)
"""


class NoticeRows:
    """Every notice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_tell(self, at_once: int) -> list[Notice]:
        """The oldest that wait in each server which has a channel for them."""
        async with self._database.read() as tx:
            rows = await tx.all(TO_TELL, {"at_once": at_once})
        return [
            Notice(
                id=row["id"],
                guild_id=row["guild_id"],
                key=row["key"],
                fields=json.loads(row["fields"]),
                sending_at=from_seconds(row["sending_at"]) if row["sending_at"] is not None else None,
            )
            for row in rows
        ]

    async def telling(self, notice_id: int, now: datetime) -> bool:
        """A notice is about to be sent; False where it has been. The time of the first attempt stays."""
        async with self._database.write() as tx:
            return bool(await tx.run(TELLING, {"id": notice_id, "now": int(now.timestamp())}))

    async def told(self, notice_id: int, now: datetime) -> None:
        """A notice stands, or is true no more."""
        async with self._database.write() as tx:
            await tx.run(TOLD, {"id": notice_id, "now": int(now.timestamp())})


async def behind(tx: Reading, story_id: int) -> set[tuple[int, int, int]]:
    """(server, serial, chapter) of what no serial of a story will post any more, though nobody has seen it."""
    rows = await tx.all(BEHIND_OF_STORY, {"story_id": story_id})
    return {(row["guild_id"], row["serial_id"], row["chapter_id"]) for row in rows}


async def note_inserted(tx: Writing, inserted: set[tuple[int, int, int]], now: datetime) -> None:
    """Let the moderators of each serial know what came in behind the place that it has reached."""
    for (guild_id, serial_id), count in sorted(Counter((guild, serial) for guild, serial, _ in inserted).items()):
        fields = json.dumps({"serial": serial_id, "count": count})
        note = {"guild_id": guild_id, "key": "chapters_inserted", "fields": fields, "now": int(now.timestamp())}
        await tx.run(NOTE, note)


async def note_grown(tx: Writing, story_id: int, scenes: Iterable[int], now: datetime) -> None:
    """Let the moderators of each serial know that scenes which readers are shown have much new text."""
    if grown := list(scenes):
        await tx.run(NOTE_GROWN, {"story_id": story_id, "scenes": json.dumps(grown), "now": int(now.timestamp())})
