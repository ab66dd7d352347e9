"""What moderators have set, and who changed it when."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from bot.domain.schedule import from_seconds
from bot.domain.settings import Settings, restored, stored
from bot.services.settings import Change
from bot.storage.database import Database, Reading

_log = logging.getLogger(__name__)

SETTINGS = "SELECT name, value FROM setting WHERE guild_id = :guild_id"

SET = """
INSERT INTO setting (guild_id, name, value) VALUES (:guild_id, :name, :value)
ON CONFLICT (guild_id, name) DO UPDATE SET value = excluded.value
"""

NOTE_CHANGE = """
INSERT INTO setting_change (guild_id, name, value, user_id, changed_at)
VALUES (:guild_id, :name, :value, :user_id, :now)
"""

CHANGES = """
SELECT name, value, user_id, changed_at FROM setting_change
WHERE guild_id = :guild_id ORDER BY id DESC LIMIT :limit
"""


class SettingRows:
    """The settings of every server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._told: set[tuple[int, str]] = set()

    async def settings(self, guild_id: int) -> Settings:
        """Those of a server; one that cannot be read is as if nobody had set it, and the log says so once."""
        async with self._database.read() as tx:
            settings, unusable = await _settings(tx, guild_id)
        for name in sorted(unusable):
            if (guild_id, name) not in self._told:
                self._told.add((guild_id, name))
                _log.warning("the setting %s of server %s cannot be read; its default holds", name, guild_id)
        return settings

    async def change(self, guild_id: int, name: str, value: object, user_id: int, now: datetime) -> Settings:
        """Give one setting a value, note who did, and return all."""
        row = {"guild_id": guild_id, "name": name, "value": json.dumps(stored(value))}
        async with self._database.write() as tx:
            await tx.run(SET, row)
            await tx.run(NOTE_CHANGE, {**row, "user_id": user_id, "now": int(now.timestamp())})
            return (await _settings(tx, guild_id))[0]

    async def changes(self, guild_id: int, limit: int) -> list[Change]:
        """The latest changes, newest first."""
        async with self._database.read() as tx:
            rows = await tx.all(CHANGES, {"guild_id": guild_id, "limit": limit})
        return [
            Change(row["name"], _value(row["value"]), row["user_id"], from_seconds(row["changed_at"])) for row in rows
        ]


async def _settings(tx: Reading, guild_id: int) -> tuple[Settings, frozenset[str]]:
    """The settings of a server, inside somebody's transaction, and those that cannot be read."""
    return restored({row["name"]: _value(row["value"]) for row in await tx.all(SETTINGS, {"guild_id": guild_id})})


def _value(text: str | None) -> Any:
    """What JSON says; what is none is a value that no setting can have."""
    try:
        return json.loads(text or "null")
    except ValueError:
        return {}
