"""What stands in a server's way, and what mends it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.access import EVERYTHING, Cleared, Place, clear, may_show, rating_fits
from bot.domain.errors import Refused
from bot.domain.passages import SerialCard
from bot.domain.settings import Settings
from bot.domain.story import ChapterId
from bot.services.serials import Serials
from bot.services.settings import ServerSettings

_log = logging.getLogger(__name__)

LATE = timedelta(minutes=5)
"""How long after its time a chapter that is not on its way counts as overdue."""

CLOCKS_APART = timedelta(seconds=5)
"""From which difference on the machine's clock is said to be wrong."""

CHANNELS = ("chapters_channel", "talk_channel", "notices_channel")
ROLES = ("ping_role", "team_role")
PUBLIC = "public_channels"
_LAST_OF_SERIALS = {"serial_behind": 1, "serial_hidden": 2, "serial_unshown": 2}
"""What can wait, after what cannot."""

_SAID_BY_PAUSE = {"channel_not_restricted", "rating_not_allowed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """What a serial posted last; ``number`` is None where the chapter stands in the story no more."""

    at: datetime
    number: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialStanding:
    """How a serial stands."""

    card: SerialCard
    next_number: int | None
    """The chapter that comes next; None where none is left."""
    posting_since: datetime | None
    """When the chapter that is on its way was due."""
    last: Last | None
    behind: tuple[tuple[ChapterId, int], ...] = ()
    """Chapters (and their numbers) that stand before the place which it has reached, and that nobody has seen."""
    standing: str = ""
    """Where it stands, in a word that changes whenever a chapter of it comes or it pauses."""
    unshown: int = 0
    """Chapters that it has posted, and of which readers are not shown everything elsewhere."""


class Action(StrEnum):
    """What a button mends."""

    GO_ON = "go"
    END = "end"
    POST_BEHIND = "behind"
    INDEX = "index"
    FORGET = "forget"
    SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Fix:
    """Something that a moderator can have done: whose, and with what (to go on: where the serial stands)."""

    action: Action
    what: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that needs a moderator. ``key`` names its sentence."""

    key: str
    serial: SerialCard | None = None
    title: Cleared[SerialCard] | None = None
    """The serial, where its title may stand in the answer."""
    channel_id: int | None = None
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class ShownSerial:
    """A serial in the answer, with its title where that may stand there."""

    standing: SerialStanding
    title: Cleared[SerialCard] | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: the gravest first."""

    findings: Sequence[Finding]
    serials: Sequence[ShownSerial]
    place: Place


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as Discord has it now."""

    found: bool
    age_restricted: bool = False
    lacking: tuple[str, ...] = ()
    """The permissions that the bot needs and does not have there, by Discord's names."""


class Rooms(Protocol):
    """The channels and roles of servers as they are now."""

    async def room(self, guild_id: int, channel_id: int, use: str) -> Room:
        """A channel; ``use`` is the setting that names it, and says what is needed there."""
        ...

    async def hidden_from(self, guild_id: int, channel_id: int, talk_channel: int | None) -> tuple[int, ...]:
        """The roles of readers that cannot see a channel (all of a server: its own id); none where Discord does not say
        which there are.
        """
        ...

    def has_role(self, guild_id: int, role_id: int) -> bool:
        """Whether a server has that role."""
        ...

    def can_ping(self, guild_id: int, role_id: int) -> bool:
        """Whether a mention of that role notifies its members."""
        ...


class CheckStore(Protocol):
    """What is stored of what a check looks at."""

    async def standings(self, guild_id: int) -> list[SerialStanding]:
        """The serials of a server, oldest first."""
        ...

    async def untold(self, guild_id: int) -> int:
        """How many notices wait in a server."""
        ...

    async def post_behind(self, guild_id: int, serial_id: int, chapter_id: ChapterId, now: datetime) -> bool:
        """Let a chapter that a serial has left behind be posted next; False where it need not, or cannot yet."""
        ...


class Index(Protocol):
    """The line index."""

    async def is_current(self) -> bool:
        """Whether it holds the library as it stands."""
        ...

    async def refresh(self) -> object:
        """Bring it there."""
        ...


class Checks:
    """Looks after servers, one at a time and for its moderators alone."""

    def __init__(
        self,
        store: CheckStore,
        serials: Serials,
        settings: ServerSettings,
        index: Index,
        rooms: Rooms,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._serials = serials
        self._settings = settings
        self._index = index
        self._rooms = rooms
        self._now = now
        self._rebuilding: asyncio.Task[None] | None = None
        self._rebuild_failed = False

    async def stop(self) -> None:
        """Leave a rebuilding of the index that is under way."""
        if self._rebuilding is not None:
            self._rebuilding.cancel()
            await asyncio.gather(self._rebuilding, return_exceptions=True)

    async def check(self, place: Place, asked_at: datetime) -> Report:
        """Everything that stands in the way of the server of ``place``.

        Args:
            place: where the answer will stand.
            asked_at: when the question was asked, by Discord's clock.
        """
        now = self._now()
        settings = await self._settings.of(place.guild_id)
        standings = await self._store.standings(place.guild_id)
        findings: list[Finding] = []
        for standing in standings:
            findings.extend(await self._serial(standing, settings, place, now))
        findings.sort(key=lambda finding: _LAST_OF_SERIALS.get(finding.key, 0))
        findings.extend(await self._channels(standings, settings, place))
        findings.extend(self._roles(settings, place))
        if untold := await self._store.untold(place.guild_id):
            if settings.notices_channel is None:
                findings.append(Finding(key="notices_nowhere", values={"count": untold}, fix=Fix(Action.SETUP)))
            else:
                waiting = {"count": untold}
                findings.append(Finding(key="notices_wait", channel_id=settings.notices_channel, values=waiting))
        if not await self._index_is_well():
            findings.append(Finding(key="index_stale", fix=Fix(Action.INDEX)))
        # Asked just now: what lies between is the way here, and the difference of the clocks.
        apart = now - asked_at
        if abs(apart) > CLOCKS_APART:
            way = "clock_fast" if apart > timedelta(0) else "clock_slow"
            findings.append(Finding(key=way, values={"seconds": round(abs(apart.total_seconds()))}))
        return Report(findings, [ShownSerial(s, _title(s.card, place)) for s in standings], place)

    async def go_on(self, place: Place, serial_id: int, standing: str) -> SerialCard:
        """Let a serial of this server go on at once, if it stands as it did when that was offered.

        Raises:
            Refused: it is not here, does not stand so any more, or has no chapter left.
        """
        return await self._serials.go_on(place, serial_id, standing)

    async def end(self, place: Place, serial_id: int) -> SerialCard:
        """End a serial of this server that cannot be put right: its channel is gone, or its story withdrawn.

        Raises:
            Refused: that is no longer so.
        """
        for standing in await self._store.standings(place.guild_id):
            card = standing.card
            if card.id != serial_id:
                continue
            room = await self._rooms.room(place.guild_id, card.channel_id, CHANNELS[0])
            if card.terms.withdrawn or not room.found:
                return await self._serials.end_one(place, serial_id)
        raise Refused("check_old")

    async def post_behind(self, place: Place, serial_id: int, chapter_id: ChapterId) -> SerialCard:
        """Let a chapter that came in behind the place which its serial has reached be posted now.

        Raises:
            Refused: that is no longer so, or the serial must go on first.
        """
        before = [s.card for s in await self._store.standings(place.guild_id) if s.card.id == serial_id]
        if not before or not await self._store.post_behind(place.guild_id, serial_id, chapter_id, self._now()):
            raise Refused("check_old")
        return before[0]

    async def rebuild_index(self) -> None:
        """Make the line index anew where it is not the library's."""
        await self._index.refresh()
        self._rebuild_failed = False

    async def _index_is_well(self) -> bool:
        """False where the line index cannot be made anew; where it is merely old, that is done meanwhile."""
        if await self._index.is_current():
            self._rebuild_failed = False
        elif self._rebuild_failed:
            return False
        elif self._rebuilding is None or self._rebuilding.done():
            self._rebuilding = asyncio.create_task(self._rebuild())
        return True

    async def _rebuild(self) -> None:
        try:
            await self._index.refresh()
        except Exception:  # noqa: BLE001 (whatever it is: the next check tells moderators)
            _log.exception("the line index could not be made anew")
            self._rebuild_failed = True

    async def forget(self, place: Place, name: str, gone: int, user_id: int) -> None:
        """Let a setting name a channel or role no more that is gone.

        Raises:
            Refused: it is there after all, or the setting names another by now.
        """
        settings = await self._settings.of(place.guild_id)
        if name in CHANNELS and getattr(settings, name) == gone:
            missing = not (await self._rooms.room(place.guild_id, gone, name)).found
        elif name in ROLES and getattr(settings, name) == gone:
            missing = not self._rooms.has_role(place.guild_id, gone)
        elif name == PUBLIC and settings.public_channels is not None and gone in settings.public_channels:
            missing = not (await self._rooms.room(place.guild_id, gone, name)).found
        else:
            missing = False
        if not missing:
            raise Refused("check_old")
        left = (settings.public_channels or frozenset()) - {gone} if name == PUBLIC else None
        await self._settings.change(place.guild_id, name, left, user_id)

    async def _serial(self, standing: SerialStanding, settings: Settings, place: Place, now: datetime) -> list[Finding]:
        card = standing.card
        title = _title(card, place)
        go_on = Fix(Action.GO_ON, standing.standing, card.id)
        end = Fix(Action.END, id=card.id)
        room = await self._rooms.room(place.guild_id, card.channel_id, CHANNELS[0])
        found: list[Finding] = []

        def say(key: str, fix: Fix | None = None, **values: object) -> None:
            found.append(Finding(key=key, serial=card, title=title, channel_id=card.channel_id, values=values, fix=fix))

        if card.terms.withdrawn:
            say("serial_withdrawn", end)
            return found
        if not room.found:
            say("serial_channel_gone", end)
            return found
        if (late := _late(standing, now)) is not None:
            key, values = late
            say(key, go_on, **values)
        if card.state != "paused" or card.reason not in _SAID_BY_PAUSE:
            if card.terms.rating not in settings.ratings:
                say("serial_rating", Fix(Action.SETUP), rating=card.terms.rating)
            elif not rating_fits(card.terms.rating, age_restricted=room.age_restricted):
                say("serial_open", rating=card.terms.rating)
        if standing.behind:
            chapter_id, number = standing.behind[0]
            fix = Fix(Action.POST_BEHIND, str(card.id), chapter_id) if card.state != "paused" else None
            say("serial_behind", fix, numbers=tuple(n for _, n in standing.behind), number=number)
        hidden_from = await self._rooms.hidden_from(place.guild_id, card.channel_id, settings.talk_channel)
        if hidden_from:
            say("serial_hidden", Fix(Action.SETUP), roles=hidden_from)
        elif standing.unshown:
            say("serial_unshown", count=standing.unshown)
        return found

    async def _channels(self, standings: Sequence[SerialStanding], settings: Settings, place: Place) -> list[Finding]:
        found: list[Finding] = []
        used: dict[tuple[int, str], None] = {(s.card.channel_id, CHANNELS[0]): None for s in standings}
        named: list[tuple[str, int]] = [
            (name, channel_id) for name in CHANNELS if (channel_id := getattr(settings, name)) is not None
        ]
        named.extend((PUBLIC, channel_id) for channel_id in sorted(settings.public_channels or ()))
        for name, channel_id in named:
            if (await self._rooms.room(place.guild_id, channel_id, name)).found:
                used[channel_id, name] = None
            else:
                fix = Fix(Action.FORGET, name, channel_id)
                found.append(Finding(key="channel_forgotten", values={"setting": name}, fix=fix))
        lacking: dict[int, dict[str, None]] = {}
        for channel_id, use in used:
            room = await self._rooms.room(place.guild_id, channel_id, use)
            if room.found:
                lacking.setdefault(channel_id, {}).update(dict.fromkeys(room.lacking))
        found.extend(
            Finding(key="channel_lacks", channel_id=channel_id, values={"permissions": tuple(names)})
            for channel_id, names in lacking.items()
            if names
        )
        return found

    def _roles(self, settings: Settings, place: Place) -> Iterator[Finding]:
        for name in ROLES:
            role_id = getattr(settings, name)
            if role_id is not None and not self._rooms.has_role(place.guild_id, role_id):
                fix = Fix(Action.FORGET, name, role_id)
                yield Finding(key="role_forgotten", values={"setting": name}, fix=fix)
        ping = settings.ping_role
        if ping is None or not self._rooms.has_role(place.guild_id, ping):
            return
        if not self._rooms.can_ping(place.guild_id, ping):
            yield Finding(key="role_silent", values={"role": ping})


def _title(card: SerialCard, place: Place) -> Cleared[SerialCard] | None:
    return clear(card, place, EVERYTHING) if may_show(card, place, EVERYTHING) else None


def _late(standing: SerialStanding, now: datetime) -> tuple[str, dict[str, object]] | None:
    """Why a serial does not post though it should, and what its sentence says."""
    card = standing.card
    if card.state == "paused":
        return "serial_paused", {"reason": card.reason}
    if card.state == "active" and standing.posting_since is not None:
        return ("serial_slow", {"since": standing.posting_since}) if now - standing.posting_since > LATE else None
    if card.state == "active" and standing.next_number is not None:
        if card.next_due is None:
            return "serial_stuck", {}
        return ("serial_overdue", {"since": card.next_due}) if now - card.next_due > LATE else None
    return None
