"""Records what readers felt at each scene."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.domain.access import Cleared, Place, Released, Scope, clear_all, scope
from bot.domain.passages import MovedScene, Passage
from bot.domain.story import SceneId

TOP = 5
"""Scenes in one ``/top``."""


class MarkStore(Protocol):
    """Where marks are kept. A message that shows no scene is quietly passed over."""

    async def remember(self, message_id: int, guild_id: int, channel_id: int, scene_id: SceneId, now: datetime) -> None:
        """Know that a message shows a scene."""
        ...

    async def mark(self, message_id: int, user_id: int, emoji: str, *, burst: bool, now: datetime) -> None:
        """Add a mark; adding it again changes nothing."""
        ...

    async def unmark(self, message_id: int, user_id: int, emoji: str, *, burst: bool) -> None:
        """Take a mark away."""
        ...

    async def clear(self, message_id: int, emoji: str | None) -> None:
        """Take away all marks of one emoji on a message, or all of them."""
        ...

    async def message_gone(self, message_id: int) -> None:
        """Know that the message can no longer be linked to; its marks stay."""
        ...

    async def channel_gone(self, channel_id: int) -> None:
        """Know that no message of that channel can be linked to any longer; the marks stay."""
        ...

    async def posted_at(self, guild_id: int, scene_id: SceneId) -> tuple[int, int] | None:
        """The channel and the first message in which a scene was posted in a server, if one still stands."""
        ...

    async def top(self, scope: Scope, limit: int) -> list[tuple[MovedScene, Released]]:
        """The scenes with the most reactions in a server's messages."""
        ...


class Reactions:
    """Reactions, counted per scene: a tally is the number of distinct (reader, scene, emoji)."""

    def __init__(self, store: MarkStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def remember(self, message_id: int, place: Place, scene_id: SceneId) -> None:
        """Count reactions on this message for that scene from now on."""
        await self._store.remember(message_id, place.guild_id, place.channel_id, scene_id, self._now())

    async def add(self, message_id: int, user_id: int, emoji: str, *, burst: bool = False) -> None:
        """A reader put an emoji on a message."""
        await self._store.mark(message_id, user_id, emoji, burst=burst, now=self._now())

    async def remove(self, message_id: int, user_id: int, emoji: str, *, burst: bool = False) -> None:
        """A reader took an emoji away."""
        await self._store.unmark(message_id, user_id, emoji, burst=burst)

    async def clear(self, message_id: int, emoji: str | None = None) -> None:
        """A moderator cleared one emoji, or all, from a message."""
        await self._store.clear(message_id, emoji)

    async def message_gone(self, message_id: int) -> None:
        """A message was deleted. What readers felt stays; the message is not linked to any more."""
        await self._store.message_gone(message_id)

    async def channel_gone(self, channel_id: int) -> None:
        """A channel was deleted. What readers felt there stays; its messages are not linked to any more."""
        await self._store.channel_gone(channel_id)

    async def posted_at(self, passage: Cleared[Passage]) -> tuple[int, int] | None:
        """The channel and the message in which the scene of a passage was posted in this server, if it still stands."""
        return await self._store.posted_at(passage.place.guild_id, passage.item.heading.scene_id)

    async def top(self, place: Place) -> list[Cleared[MovedScene]]:
        """The scenes that moved this server's readers most, as far as they may be shown here."""
        return clear_all(await self._store.top(scope(place), TOP), place)
