"""Starts serials and tells how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot import strings
from bot.domain.access import EVERYTHING, Cleared, Place, clear_all, may_show
from bot.domain.errors import Refused
from bot.domain.passages import SerialCard, StoryCard
from bot.domain.schedule import Every, Rhythm
from bot.domain.story import OPERATOR, PermissionFrom, Rating, StoryId

COMING = 3
"""Dates named when a serial is started, as far as there are chapters."""


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


@dataclass(frozen=True, slots=True)
class Started:
    """What starting a serial brought: its next dates."""

    dates: list[datetime]
    hides: bool
    """Whether readers could be shown all of the story until now, and nothing of it from now on."""


class SerialStore(Protocol):
    """Where serials stand."""

    async def start(self, serial: NewSerial, now: datetime) -> int | None:
        """Add it and return its id; None where that story already has one in that channel. One that was ended there is
        taken up where it stopped.
        """
        ...

    async def was_serialised(self, guild_id: int, story_id: StoryId) -> bool:
        """Whether a server has, or had, a serial of that story."""
        ...

    async def chapters_left(self, story_id: StoryId, channel_id: int) -> int:
        """How many chapters of a story a channel has not had from a serial that was ended there."""
        ...

    async def end(self, guild_id: int, serial_id: int, now: datetime) -> bool:
        """Let a serial of a server post no more; False where none such runs."""
        ...

    async def make_due(self, serial_id: int, now: datetime, standing: str | None = None) -> bool:
        """Let an open drop go on at once, else its next chapter be due now, without moving its rhythm.
        False: it has no chapter left, or does not stand as ``standing`` says any more.
        """
        ...

    async def serials(self, guild_id: int) -> list[tuple[SerialCard, StoryId]]:
        """The serials of a server that were not ended, oldest first."""
        ...


class Serials:
    """The serials of all servers."""

    def __init__(self, store: SerialStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def start(
        self, story: StoryCard, called: str, target: Place, *, every: Every, first: First, user_id: int
    ) -> Started:
        """Start a serial of ``story`` (``called`` so where the answer stands) in ``target``; one that was ended there
        is taken up where it stopped.

        Raises:
            Refused: the story may not be posted in full, or not in that channel, or runs there already, or all of it
                was posted there.
        """
        if not story.permission.full_text:
            known = story.permission.source is not PermissionFrom.UNKNOWN
            raise Refused(
                "serial_needs_full_text", title=called, reason=strings.NO_FULL_TEXT["excerpts" if known else "unknown"]
            )
        if not may_show(story, target, EVERYTHING):
            raise _not_there(story, called, target)
        if any(card.channel_id == target.channel_id for card in await self._of(story, target, None)):
            raise Refused("serial_exists", title=called, channel=target.channel_id)
        left = await self._store.chapters_left(story.id, target.channel_id)
        if not left:
            raise Refused("serial_out_of_chapters", title=called)
        now = self._now()
        rhythm = Rhythm(every, (now + _WAIT[first]).replace(microsecond=0))
        serial = NewSerial(
            guild_id=target.guild_id,
            channel_id=target.channel_id,
            story_id=story.id,
            rhythm=rhythm,
            created_by=user_id,
        )
        hides = not await self._store.was_serialised(target.guild_id, story.id)
        if await self._store.start(serial, now) is None:
            raise Refused("serial_exists", title=called, channel=target.channel_id)
        return Started([rhythm.start, *rhythm.coming(rhythm.start, min(left, COMING) - 1)], hides)

    async def end(self, story: StoryCard, called: str, place: Place, channel_id: int | None = None) -> SerialCard:
        """End that story's serial for good. What it has released stays, and beyond that the story stays held back.

        Raises:
            Refused: there is no serial of it here, or it is not clear which is meant.
        """
        serials = await self._of(story, place, channel_id)
        if not serials:
            raise Refused("serial_none", title=called)
        if len(serials) > 1:
            raise Refused("serial_several", title=called, channels=tuple(s.channel_id for s in serials))
        return await self.end_one(place, serials[0].id)

    async def end_one(self, place: Place, serial_id: int) -> SerialCard:
        """End one serial of this server.

        Raises:
            Refused: no such serial runs here.
        """
        for card, _ in await self._store.serials(place.guild_id):
            if card.id == serial_id and await self._store.end(place.guild_id, serial_id, self._now()):
                return card
        raise Refused("check_old")

    async def make_due(self, story: StoryCard, called: str, place: Place, channel_id: int | None = None) -> SerialCard:
        """Let the next chapter of that story's serial come now; a paused one goes on.

        Where the story runs in several channels, ``channel_id`` says which is meant; without it the
        only one that is paused is, or the only one that does not rest.

        Raises:
            Refused: there is no serial of it here, no chapter is left, or it is not clear which is meant.
        """
        serials = await self._of(story, place, channel_id)
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

    async def go_on(self, place: Place, serial_id: int, standing: str) -> SerialCard:
        """Let the next chapter of one serial of this server come now; a paused one goes on.

        Raises:
            Refused: no such serial is here, it does not stand so any more, or no chapter is left.
        """
        for card, _ in await self._store.serials(place.guild_id):
            if card.id == serial_id and await self._store.make_due(serial_id, self._now(), standing):
                return card
        raise Refused("check_old")

    async def any(self, guild_id: int) -> bool:
        """Whether a serial runs in that server."""
        return bool(await self._store.serials(guild_id))

    async def serials(self, place: Place) -> tuple[list[Cleared[SerialCard]], Mapping[str, int]]:
        """The serials of this server whose stories may be named here, and how many may not for which cause (a key of
        the sentences).
        """
        cards = [card for card, _ in await self._store.serials(place.guild_id)]
        cleared = clear_all([(card, EVERYTHING) for card in cards], place)
        hidden = Counter(_why_unnamed(card, place) for card in cards if not may_show(card, place, EVERYTHING))
        return cleared, hidden

    async def progress(self, serial_id: int, place: Place) -> SerialProgress:
        """How far a serial of this server has come.

        Raises:
            Refused: it does not run any more.
        """
        for card, _ in await self._store.serials(place.guild_id):
            if card.id == serial_id:
                return SerialProgress(card.posted, card.reason)
        # Somebody has ended it meanwhile.
        raise Refused("check_old")

    async def _of(self, story: StoryCard, place: Place, channel_id: int | None) -> list[SerialCard]:
        return [
            serial
            for serial, story_id in await self._store.serials(place.guild_id)
            if story_id == story.id and channel_id in (None, serial.channel_id)
        ]


def _not_there(story: StoryCard, called: str, target: Place) -> Refused:
    rating = story.terms.rating
    if rating not in target.ratings:
        return Refused("serial_rating_not_allowed", title=called, rating=rating.value, channel=target.channel_id)
    if rating is not Rating.UNRATED:
        return Refused("serial_channel_not_restricted", title=called, rating=rating.value, channel=target.channel_id)
    key = "serial_channel_not_restricted_unrated"
    if story.terms.owner != OPERATOR:
        key = "serial_channel_not_restricted_unrated_own"
    return Refused(key, title=called, channel=target.channel_id)


def _why_unnamed(card: SerialCard, place: Place) -> str:
    if card.terms.withdrawn:
        return "withdrawn"
    return "restricted" if card.terms.rating in place.ratings else "rating"
