"""Tells moderators what needs them, once each, in the channel that they chose for it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from bot.domain.access import EVERYTHING, Cleared, clear, may_show
from bot.domain.drops import REPLAY
from bot.domain.passages import SerialCard
from bot.domain.settings import Settings
from bot.domain.story import StoryId
from bot.services.drops import RETRY, Publisher, PublishImpossible, PublishLater, PublishUnclear, SettingsSource

_log = logging.getLogger(__name__)

AT_ONCE = 5
"""Notices of one server that are sent at one look."""

LEFT_ALONE = timedelta(minutes=10)
"""How long a channel that cannot be written to is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that the moderators of a server are to be told."""

    id: int
    guild_id: int
    key: str
    """Names its sentence."""
    fields: Mapping[str, object]
    sending_at: datetime | None
    """When it was first tried."""


class NoticeStore(Protocol):
    """Where notices stand. Every method is one durable transaction."""

    async def to_tell(self, at_once: int) -> list[Notice]:
        """The oldest that wait in each server which has a channel for them, at most so many of each."""
        ...

    async def telling(self, notice_id: int, now: datetime) -> bool:
        """A notice is about to be sent; False where it has been. The time of the first attempt stays."""
        ...

    async def told(self, notice_id: int, now: datetime) -> None:
        """A notice stands, or is true no more."""
        ...


class SerialSource(Protocol):
    """Where serials stand."""

    async def serials(self, guild_id: int) -> list[tuple[SerialCard, StoryId]]:
        """The serials of a server."""
        ...


class Writer(Protocol):
    """Makes messages of notices."""

    def notice(self, notice: Notice, serial: SerialCard, title: Cleared[SerialCard] | None) -> str:
        """The sentence; without the title where that may not stand in the channel."""
        ...


class Notices:
    """Sends what waits, as one of perhaps several workers on one database."""

    def __init__(
        self,
        store: NoticeStore,
        serials: SerialSource,
        settings: SettingsSource,
        publisher: Publisher,
        writer: Writer,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._serials = serials
        self._settings = settings
        self._publisher = publisher
        self._writer = writer
        self._now = now
        self._left_alone: dict[int, datetime] = {}

    async def tell(self) -> datetime | None:
        """Send what waits, oldest first; returns when to look again (None: nothing waits that can be sent). What
        cannot be sent waits on, and keeps no other server waiting.
        """
        again: list[datetime] = []
        for guild_id, notices in groupby(await self._store.to_tell(AT_ONCE), key=lambda notice: notice.guild_id):
            settings = await self._settings.settings(guild_id)
            channel_id = settings.notices_channel
            if channel_id is None:
                continue
            if self._now() < (until := self._left_alone.get(channel_id, self._now())):
                again.append(until)
                continue
            try:
                for number, notice in enumerate(notices, 1):
                    await self._send(notice, channel_id, settings)
                    if number == AT_ONCE:
                        again.append(self._now() + RETRY)
            except PublishImpossible as stop:
                _log.warning("notices of server %s wait: %s", guild_id, stop.reason)
                self._left_alone[channel_id] = self._now() + LEFT_ALONE
                again.append(self._now() + LEFT_ALONE)
            except (PublishLater, PublishUnclear) as delay:
                _log.info("notices of server %s wait: %s", guild_id, delay)
                again.append(self._now() + RETRY)
        return min(again, default=None)

    async def _send(self, notice: Notice, channel_id: int, settings: Settings) -> None:
        serial = await self._serial(notice)
        if serial is None:
            await self._store.told(notice.id, self._now())
            return
        place = replace(await self._publisher.place(notice.guild_id, channel_id), ratings=settings.ratings)
        title = clear(serial, place, EVERYTHING) if may_show(serial, place, EVERYTHING) else None
        content = self._writer.notice(notice, serial, title)
        if not await self._arrived(notice, channel_id, content):
            if not await self._store.telling(notice.id, self._now()):
                return
            await self._publisher.send(channel_id, content, nonce(notice.id), silent=False, ping=None, read=None)
        await self._store.told(notice.id, self._now())

    async def _serial(self, notice: Notice) -> SerialCard | None:
        """The serial that a notice speaks of; None where there is nothing to be told any more."""
        state = {"serial_paused": "paused", "serial_rests": "resting"}.get(notice.key)
        for card, _ in await self._serials.serials(notice.guild_id):
            if card.id == notice.fields.get("serial"):
                return card if state in (None, card.state) else None
        return None

    async def _arrived(self, notice: Notice, channel_id: int, content: str) -> bool:
        """Whether an earlier attempt got it through."""
        if notice.sending_at is None or self._now() - notice.sending_at < REPLAY:
            # Never tried, or so recently that the same nonce brings the same message back.
            return False
        try:
            found = await self._publisher.find(channel_id, content, notice.sending_at, frozenset())
        except PublishImpossible as stop:
            if stop.reason == "channel_unreadable":
                # It may stand there. To be told twice is worse than to find it in the check.
                return True
            raise
        return found is not None


def nonce(notice_id: int) -> str:
    """The notice's name towards Discord: the same at every attempt, unlike any drop's."""
    return f"n{hashlib.blake2b(f'notice:{notice_id}'.encode(), digest_size=12).hexdigest()}"
