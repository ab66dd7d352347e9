"""Starts serials and tells how they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot import strings
from bot.domain.access import EVERYTHING, Cleared, Place, clear_all, may_show
from bot.domain.errors import Refused
from bot.domain.passages import SerialCard, StoryCard
from bot.domain.schedule import Every, Rhythm
from bot.domain.story import PermissionFrom, StoryId

COMING = 3
"""Dates named when a serial is started."""


class First(StrEnum):
    """When the first chapter of a new serial comes."""

    NOW = "now"
    MINUTE = "in a minute"
    HOUR = "in an hour"
    TOMORROW = "tomorrow"


_WAIT = {
    First.NOW: timedelta(0),
    First.MINUTE: timedelta(minutes=1),
    First.HOUR: timedelta(hours=1),
    First.TOMORROW: timedelta(days=1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSerial:
    """What a moderator has chosen."""

    guild_id: int
    channel_id: int
    story_id: StoryId
    rhythm: Rhythm
    created_by: int


@dataclass(frozen=True, slots=True)
class SerialProgress:
    """How far a serial has come; ``reason`` says why it is paused, as a key of the sentences."""

    posted: int
    reason: str | None


class SerialStore(Protocol):
    """Where serials stand."""

    async def start(self, serial: NewSerial, now: datetime) -> int | None:
        """Add it and return its id; None where that story already has one in that channel."""
        ...

    async def make_due(self, serial_id: int, now: datetime) -> bool:
        """Let an open drop go on at once, else its next chapter be due now, without moving its rhythm.
        False: it has no chapter left.
        """
        ...

    async def serials(self, guild_id: int) -> list[tuple[SerialCard, StoryId]]:
        """The serials of a server, oldest first."""
        ...


class Serials:
    """The serials of all servers."""

    def __init__(self, store: SerialStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def start(
        self, story: StoryCard, called: str, target: Place, *, every: Every, first: First, user_id: int
    ) -> list[datetime]:
        """Start a serial of ``story`` (``called`` so where the answer stands) in ``target`` and return
        its next dates.

        Raises:
            Refused: the story may not be posted in full, or not in that channel, or runs there already.
        """
        if not story.permission.full_text:
            known = story.permission.source is not PermissionFrom.UNKNOWN
            raise Refused(
                "serial_needs_full_text", title=called, reason=strings.NO_FULL_TEXT["excerpts" if known else "unknown"]
            )
        if not may_show(story, target, EVERYTHING):
            raise Refused(
                "serial_channel_not_restricted",
                title=called,
                rating=story.terms.rating.value,
                channel=target.channel_id,
            )
        now = self._now()
        rhythm = Rhythm(every, (now + _WAIT[first]).replace(microsecond=0))
        serial = NewSerial(
            guild_id=target.guild_id,
            channel_id=target.channel_id,
            story_id=story.id,
            rhythm=rhythm,
            created_by=user_id,
        )
        if await self._store.start(serial, now) is None:
            raise Refused("serial_exists", title=called, channel=target.channel_id)
        return [rhythm.start, *rhythm.coming(rhythm.start, COMING - 1)]

    async def make_due(self, story: StoryCard, called: str, place: Place, channel_id: int | None = None) -> SerialCard:
        """Let the next chapter of that story's serial come now; a paused one goes on.

        Where the story runs in several channels, ``channel_id`` says which is meant; without it the
        only one that is paused is, or the only one that does not rest.

        Raises:
            Refused: there is no serial of it here, no chapter is left, or it is not clear which is meant.
        """
        serials = [
            serial
            for serial, story_id in await self._store.serials(place.guild_id)
            if story_id == story.id and channel_id in (None, serial.channel_id)
        ]
        if not serials:
            raise Refused("serial_none", title=called)
        for state in ("paused", "active"):
            if len(serials) > 1:
                serials = [serial for serial in serials if serial.state == state] or serials
        if len(serials) > 1:
            raise Refused("serial_several", title=called, channels=tuple(s.channel_id for s in serials))
        if not await self._store.make_due(serials[0].id, self._now()):
            raise Refused("serial_out_of_chapters", title=called)
        return serials[0]

    async def serials(self, place: Place) -> tuple[list[Cleared[SerialCard]], int]:
        """The serials of this server whose stories may be named here, and how many there are beside."""
        cards = await self._store.serials(place.guild_id)
        cleared = clear_all([(card, EVERYTHING) for card, _ in cards], place)
        return cleared, len(cards) - len(cleared)

    async def progress(self, serial_id: int, place: Place) -> SerialProgress:
        """How far a serial of this server has come."""
        for card, _ in await self._store.serials(place.guild_id):
            if card.id == serial_id:
                return SerialProgress(card.posted, card.reason)
        raise LookupError(serial_id)
