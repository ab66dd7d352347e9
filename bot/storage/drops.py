"""Drops: each transition is one durable transaction, and constraints decide."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Row

from bot.domain.drops import LEASE, MessageKind, MessageState, PlannedMessage
from bot.domain.schedule import Every, Rhythm, from_seconds
from bot.domain.story import ChapterId, SceneId
from bot.services.drops import ClaimedDrop, DropMessage
from bot.storage.database import Database, Writing
from bot.storage.notices import NOTE, NOTE_REST
from bot.storage.reactions import REMEMBER
from bot.storage.rules import id_list
from bot.storage.serials import CHAPTERS_LEFT, NEXT_CHAPTER

DUE_SERIAL = """
SELECT x.id, x.every, x.starts_at, x.next_due FROM serial x
WHERE x.state = 'active' AND x.ended_at IS NULL AND x.next_due <= :now AND NOT EXISTS (
    SELECT 1 FROM "drop" d WHERE d.serial_id = x.id AND d.state <> 'posted'
)
ORDER BY x.next_due, x.id LIMIT 1
"""

PLAN = """
INSERT INTO "drop" (serial_id, chapter_id, position, due_at, state)
VALUES (:serial_id, :chapter_id, :position, :due_at, 'posting')
ON CONFLICT (serial_id, chapter_id) DO NOTHING
"""

MOVE_ON = "UPDATE serial SET next_due = :next_due WHERE id = :serial_id"

REST = "UPDATE serial SET next_due = NULL, state = 'resting' WHERE id = :serial_id AND state = 'active'"

RESTED = f"""
SELECT x.id, x.every, x.starts_at FROM serial x
WHERE x.state = 'resting' AND x.ended_at IS NULL AND EXISTS (SELECT 1 {CHAPTERS_LEFT}) LIMIT 1
"""

WAKE = "UPDATE serial SET next_due = :next_due, state = 'active' WHERE id = :serial_id"

CLAIM = """
UPDATE "drop" SET lease_owner = :worker, lease_until = :until
WHERE id = (
    SELECT d.id FROM "drop" d JOIN serial x ON x.id = d.serial_id
    WHERE d.state = 'posting' AND d.lease_until <= :now AND x.state <> 'paused' AND x.ended_at IS NULL
    ORDER BY d.due_at, d.id LIMIT 1
)
RETURNING id, serial_id, chapter_id
"""

CLAIMED_SERIAL = "SELECT guild_id, channel_id, next_due FROM serial WHERE id = :serial_id"

RENEW = """
UPDATE "drop" SET lease_until = :until
WHERE id = :drop_id AND lease_owner = :worker AND state = 'posting'
"""

WRITE_DOWN = """
INSERT INTO drop_message (drop_id, position, kind, content, scene_id, "start", "end", state)
VALUES (:drop_id, :position, :kind, :content, :scene_id, :start, :end, 'planned')
"""

HOLDS = "SELECT 1 FROM \"drop\" WHERE id = :drop_id AND lease_owner = :worker AND state = 'posting'"

MESSAGES = """
SELECT position, kind, content, scene_id, state, sending_at, message_id
FROM drop_message WHERE drop_id = :drop_id ORDER BY position
"""

ARRIVED = """
SELECT m.message_id FROM serial x
CROSS JOIN "drop" d ON d.serial_id = x.id
CROSS JOIN drop_message m ON m.drop_id = d.id AND m.message_id IS NOT NULL
WHERE x.channel_id = :channel_id
"""

SENDING = """
UPDATE drop_message SET state = 'sending', sending_at = coalesce(sending_at, :now)
WHERE drop_id = :drop_id AND position = :position AND state <> 'sent'
"""

SENT = """
UPDATE drop_message SET state = 'sent', message_id = :message_id
WHERE drop_id = :drop_id AND position = :position AND state <> 'sent'
"""

FINISH = """
UPDATE "drop" SET state = 'posted', posted_at = :now, lease_owner = NULL, lease_until = 0
WHERE id = :drop_id AND state <> 'posted'
"""

WILL_RELEASE = """
INSERT INTO drop_release (drop_id, scene_id)
SELECT DISTINCT m.drop_id, m.scene_id FROM drop_message m
WHERE m.drop_id = :drop_id AND m.scene_id IS NOT NULL
ON CONFLICT DO NOTHING
"""

RELEASE = """
INSERT INTO release (guild_id, scene_id)
SELECT :guild_id, w.scene_id FROM drop_release w WHERE w.drop_id = :drop_id
ON CONFLICT DO NOTHING
"""

NO_LONGER_WITHHELD = """
DELETE FROM withheld WHERE guild_id = :guild_id AND (
    scene_id IN (SELECT w.scene_id FROM drop_release w WHERE w.drop_id = :drop_id)
    OR part_id IN (SELECT w.scene_id FROM drop_release w WHERE w.drop_id = :drop_id)
)
RETURNING scene_id
"""

RELEASE_AGAIN = """
INSERT INTO release (guild_id, scene_id)
SELECT :guild_id, b.value FROM json_each(:scenes) b
WHERE NOT EXISTS (SELECT 1 FROM withheld w WHERE w.guild_id = :guild_id AND w.scene_id = b.value)
ON CONFLICT DO NOTHING
"""

PAUSE_DROP = """
UPDATE "drop" SET state = 'paused', lease_owner = NULL, lease_until = 0
WHERE id = :drop_id AND lease_owner = :worker AND state = 'posting'
"""

PAUSE_SERIAL = "UPDATE serial SET state = 'paused', reason = :reason WHERE id = :serial_id"

HOLD = """
UPDATE "drop" SET lease_owner = NULL, lease_until = :until
WHERE id = :drop_id AND lease_owner = :worker AND state = 'posting'
"""

NEXT_MOMENT = """
SELECT min(moment) AS moment FROM (
    SELECT x.next_due AS moment FROM serial x WHERE x.state = 'active' AND x.ended_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM "drop" d WHERE d.serial_id = x.id AND d.state <> 'posted'
    )
    UNION ALL
    SELECT d.lease_until FROM "drop" d JOIN serial x ON x.id = d.serial_id
    WHERE d.state = 'posting' AND x.state <> 'paused' AND x.ended_at IS NULL
)
"""


class DropRows:
    """Every drop and its messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan_due(self, now: datetime) -> bool:
        """Turn one due serial into a drop of its next chapter; False where none is due.

        A serial that rested goes on with its rhythm where its story has grown.
        """
        async with self._database.write() as tx:
            if (rested := await tx.one(RESTED)) is not None:
                next_due = _seconds(_rhythm(rested).after(now))
                await tx.run(WAKE, {"serial_id": rested["id"], "next_due": next_due})
                return True
            serial = await tx.one(DUE_SERIAL, {"now": _seconds(now)})
            if serial is None:
                return False
            serial_id = serial["id"]
            chapter = await tx.one(NEXT_CHAPTER, {"serial_id": serial_id})
            if chapter is None:
                await _rest(tx, serial_id, now)
                return True
            await tx.run(
                PLAN,
                {
                    "serial_id": serial_id,
                    "chapter_id": chapter["chapter_id"],
                    "position": chapter["position"],
                    "due_at": serial["next_due"],
                },
            )
            await tx.run(MOVE_ON, {"serial_id": serial_id, "next_due": _seconds(_rhythm(serial).after(now))})
            return True

    async def claim(self, worker: str, now: datetime) -> ClaimedDrop | None:
        """Lease one open drop that nobody holds."""
        async with self._database.write() as tx:
            row = await tx.one(CLAIM, {"worker": worker, "now": _seconds(now), "until": _seconds(now + LEASE)})
            if row is None:
                return None
            serial = await tx.one(CLAIMED_SERIAL, {"serial_id": row["serial_id"]})
            assert serial is not None
            more = await tx.one(NEXT_CHAPTER, {"serial_id": row["serial_id"]})
            return ClaimedDrop(
                id=row["id"],
                serial_id=row["serial_id"],
                guild_id=serial["guild_id"],
                channel_id=serial["channel_id"],
                chapter_id=ChapterId(row["chapter_id"]),
                next_due=from_seconds(serial["next_due"]) if more and serial["next_due"] is not None else None,
            )

    async def write_down(self, drop_id: int, worker: str, messages: Sequence[PlannedMessage]) -> bool:
        """Store the messages of a drop that has none yet; False where the lease is lost."""
        async with self._database.write() as tx:
            if await tx.one(HOLDS, {"drop_id": drop_id, "worker": worker}) is None:
                return False
            await tx.many(
                WRITE_DOWN,
                [
                    {
                        "drop_id": drop_id,
                        "position": position,
                        "kind": message.kind,
                        "content": message.content,
                        "scene_id": message.scene_id,
                        "start": message.start,
                        "end": message.end,
                    }
                    for position, message in enumerate(messages)
                ],
            )
            await tx.run(WILL_RELEASE, {"drop_id": drop_id})
            return True

    async def arrived(self, channel_id: int) -> frozenset[int]:
        """The ids of all messages of all drops that are known to stand in a channel."""
        async with self._database.read() as tx:
            return frozenset(row["message_id"] for row in await tx.all(ARRIVED, {"channel_id": channel_id}))

    async def messages(self, drop_id: int) -> list[DropMessage]:
        """The messages of a drop, in order."""
        async with self._database.read() as tx:
            rows = await tx.all(MESSAGES, {"drop_id": drop_id})
        return [
            DropMessage(
                position=row["position"],
                kind=MessageKind(row["kind"]),
                content=row["content"],
                scene_id=SceneId(row["scene_id"]) if row["scene_id"] is not None else None,
                state=MessageState(row["state"]),
                sending_at=from_seconds(row["sending_at"]) if row["sending_at"] is not None else None,
                message_id=row["message_id"],
            )
            for row in rows
        ]

    async def sending(self, drop_id: int, position: int, worker: str, now: datetime) -> bool:
        """A message is about to be sent; False where the lease is lost."""
        async with self._database.write() as tx:
            renewed = await tx.run(RENEW, {"drop_id": drop_id, "worker": worker, "until": _seconds(now + LEASE)})
            if not renewed:
                return False
            await tx.run(SENDING, {"drop_id": drop_id, "position": position, "now": _seconds(now)})
            return True

    async def sent(self, drop: ClaimedDrop, message: DropMessage, message_id: int, now: datetime) -> None:
        """A message has arrived; reactions to a part count for its scene."""
        async with self._database.write() as tx:
            await tx.run(SENT, {"drop_id": drop.id, "position": message.position, "message_id": message_id})
            if message.scene_id is not None:
                await tx.run(
                    REMEMBER,
                    {
                        "message_id": message_id,
                        "guild_id": drop.guild_id,
                        "channel_id": drop.channel_id,
                        "scene_id": message.scene_id,
                        "now": _seconds(now),
                    },
                )

    async def finish(self, drop: ClaimedDrop, now: datetime, *, release: bool) -> None:
        """All messages have arrived, and the chapter's scenes are released unless no reader saw them. After the
        last one the serial rests.
        """
        async with self._database.write() as tx:
            if not await tx.run(FINISH, {"drop_id": drop.id, "now": _seconds(now)}):
                # Finished by another worker, or closed with its serial.
                return
            values = {"drop_id": drop.id, "guild_id": drop.guild_id}
            if release:
                await tx.run(RELEASE, values)
                if again := await tx.all(NO_LONGER_WITHHELD, values):
                    scenes = id_list({row["scene_id"] for row in again})
                    await tx.run(RELEASE_AGAIN, {"guild_id": drop.guild_id, "scenes": scenes})
            if await tx.one(NEXT_CHAPTER, {"serial_id": drop.serial_id}) is None:
                await _rest(tx, drop.serial_id, now)

    async def pause(self, drop: ClaimedDrop, worker: str, reason: str, now: datetime) -> bool:
        """The drop and its serial wait until somebody mends the cause, and the moderators will be told; False
        where the lease is lost.
        """
        async with self._database.write() as tx:
            if not await tx.run(PAUSE_DROP, {"drop_id": drop.id, "worker": worker}):
                return False
            await tx.run(PAUSE_SERIAL, {"serial_id": drop.serial_id, "reason": reason})
            fields = json.dumps({"serial": drop.serial_id, "reason": reason})
            note = {"guild_id": drop.guild_id, "key": "serial_paused", "fields": fields, "now": _seconds(now)}
            await tx.run(NOTE, note)
            return True

    async def hold(self, drop_id: int, worker: str, until: datetime) -> None:
        """Give the lease back; nobody looks again before ``until``."""
        async with self._database.write() as tx:
            await tx.run(HOLD, {"drop_id": drop_id, "worker": worker, "until": _seconds(until)})

    async def next_moment(self) -> datetime | None:
        """When a serial is due or an open drop may be claimed, whichever comes first."""
        async with self._database.read() as tx:
            row = await tx.one(NEXT_MOMENT)
        return from_seconds(row["moment"]) if row and row["moment"] is not None else None


async def _rest(tx: Writing, serial_id: int, now: datetime) -> None:
    """Let a serial rest at its end, and the moderators know."""
    if await tx.run(REST, {"serial_id": serial_id}):
        await tx.run(NOTE_REST, {"serial_id": serial_id, "now": _seconds(now)})


def _rhythm(row: Row) -> Rhythm:
    return Rhythm(Every(row["every"]), from_seconds(row["starts_at"]))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
