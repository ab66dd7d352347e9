"""What moderators set for their server, and who changed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.settings import Settings

RECENT = 8
"""Changes that the panel shows."""


@dataclass(frozen=True, slots=True)
class Change:
    """That somebody gave a setting a value."""

    name: str
    value: object
    user_id: int
    at: datetime


class SettingsStore(Protocol):
    """Where settings are kept."""

    async def settings(self, guild_id: int) -> Settings:
        """Those of a server, as they are at this moment."""
        ...

    async def change(self, guild_id: int, name: str, value: object, user_id: int, now: datetime) -> Settings:
        """Give one setting a value, note who did, and return all; one transaction, which touches no other."""
        ...

    async def changes(self, guild_id: int, limit: int) -> list[Change]:
        """The latest changes, newest first."""
        ...


class ServerSettings:
    """The settings of all servers. Nothing is cached: what one process sets holds in the next at once."""

    def __init__(self, store: SettingsStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def of(self, guild_id: int) -> Settings:
        """The settings of a server."""
        return await self._store.settings(guild_id)

    async def change(self, guild_id: int, name: str, value: object, user_id: int) -> Settings:
        """Give one setting a value and return all.

        Raises:
            ValueError: there is no such setting, or it cannot have that value.
        """
        Settings().changed(name, value)
        return await self._store.change(guild_id, name, value, user_id, self._now())

    async def changes(self, guild_id: int) -> list[Change]:
        """Who changed what last, newest first."""
        return await self._store.changes(guild_id, RECENT)
