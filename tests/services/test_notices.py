"""Moderators are told what needs them, once, and a title only where it may stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.access import Cleared
from bot.domain.passages import SerialCard
from bot.domain.settings import Settings
from bot.domain.story import Rating
from bot.services.notices import AT_ONCE, LEFT_ALONE, Notice, Notices, nonce
from tests.support.builders import GUILD, OTHER_GUILD, serial_card, terms
from tests.support.fakes import Clock, FakeSerialStore
from tests.support.simulated_discord import Channel, Fault, SimulatedDiscord

MODS, OTHER_MODS = 5, 6


class Store:
    """Notices of any servers."""

    def __init__(self) -> None:
        self.waiting: list[Notice] = []
        self.done: list[int] = []

    def note(self, key: str, guild_id: int = GUILD, **fields: object) -> None:
        number = len(self.waiting) + len(self.done) + 1
        self.waiting.append(Notice(id=number, guild_id=guild_id, key=key, fields=fields, sending_at=None))

    async def to_tell(self, at_once: int) -> list[Notice]:
        guilds = sorted({notice.guild_id for notice in self.waiting})
        return [n for guild in guilds for n in [n for n in self.waiting if n.guild_id == guild][:at_once]]

    async def telling(self, notice_id: int, now: datetime) -> bool:
        self.waiting = [replace(n, sending_at=n.sending_at or now) if n.id == notice_id else n for n in self.waiting]
        return any(n.id == notice_id for n in self.waiting)

    async def told(self, notice_id: int, now: datetime) -> None:
        self.waiting = [n for n in self.waiting if n.id != notice_id]
        self.done.append(notice_id)


class Chosen:
    """The settings of two servers, each with a channel for notices."""

    def __init__(self) -> None:
        self.by_guild: Mapping[int, Settings] = {
            GUILD: Settings(notices_channel=MODS),
            OTHER_GUILD: Settings(notices_channel=OTHER_MODS),
        }

    async def settings(self, guild_id: int) -> Settings:
        return self.by_guild.get(guild_id, Settings())


class PlainWriter:
    def notice(self, notice: Notice, serial: SerialCard, title: Cleared[SerialCard] | None) -> str:
        return f"{notice.key} {title.item.story_title if title else '-'} {notice.fields.get('reason', '')}".strip()


class House:
    def __init__(self) -> None:
        self.clock = Clock()
        self.store = Store()
        self.settings = Chosen()
        self.serials = FakeSerialStore()
        self.discord = SimulatedDiscord(self.clock)
        self.discord.channels = {MODS: Channel(GUILD), OTHER_MODS: Channel(OTHER_GUILD)}
        self.notices = self.worker()

    def worker(self) -> Notices:
        return Notices(self.store, self.serials, self.settings, self.discord, PlainWriter(), self.clock)

    def pause(self, rating: Rating = Rating.TEEN, state: str = "paused", guild_id: int = GUILD) -> None:
        card = serial_card(len(self.serials.rows) + 1, state=state, reason="channel_gone", terms=terms(rating))
        self.serials.hold(card, guild_id=guild_id)
        self.store.note("serial_paused", guild_id, serial=card.id, reason="channel_gone")


@pytest.fixture
def house() -> House:
    return House()


async def test_what_waits_is_told_once(house: House):
    house.pause()
    assert await house.notices.tell() is None
    assert await house.worker().tell() is None
    assert house.discord.transcript(MODS) == ["serial_paused The Salt Door channel_gone"]
    assert house.store.done == [1]


async def test_a_title_stands_only_where_it_may(house: House):
    house.pause(Rating.EXPLICIT)
    await house.notices.tell()
    house.discord.channels[MODS].age_restricted = True
    house.pause(Rating.EXPLICIT)
    await house.notices.tell()
    house.settings.by_guild = {GUILD: Settings(notices_channel=MODS, ratings=frozenset({Rating.TEEN}))}
    house.pause(Rating.EXPLICIT)
    await house.notices.tell()
    titles = [sentence.split()[1] for sentence in house.discord.transcript(MODS)]
    assert titles == ["-", "The", "-"]


@pytest.mark.parametrize("state", ["active", "resting"])
async def test_what_is_no_longer_so_is_not_told(house: House, state: str):
    house.pause(state=state)
    await house.notices.tell()
    assert house.discord.transcript(MODS) == []
    assert house.store.waiting == []


async def test_another_servers_serial_is_not_told_of(house: House):
    house.pause(guild_id=OTHER_GUILD)
    house.store.waiting = [replace(n, guild_id=GUILD) for n in house.store.waiting]
    await house.notices.tell()
    assert house.discord.messages == []


async def test_where_no_channel_is_chosen_it_waits(house: House):
    house.settings.by_guild = {}
    house.pause()
    assert await house.notices.tell() is None
    assert house.discord.messages == []
    assert len(house.store.waiting) == 1


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.LOST, Fault.UNANSWERED])
@pytest.mark.parametrize("later", [timedelta(seconds=10), timedelta(minutes=10)])
async def test_whatever_went_wrong_it_is_told_once(house: House, fault: Fault, later: timedelta):
    house.pause()
    house.discord.faults = {1: fault}
    again = await house.notices.tell()
    assert again is not None
    house.clock.time += later
    await house.notices.tell()
    assert len(house.discord.transcript(MODS)) == 1
    assert house.store.waiting == []


async def test_in_doubt_and_unable_to_look_it_is_not_told_twice(house: House):
    house.pause()
    house.discord.faults = {1: Fault.UNANSWERED}
    await house.notices.tell()
    house.discord.channels[MODS].readable = False
    house.clock.advance(minutes=10)
    await house.notices.tell()
    assert len(house.discord.transcript(MODS)) == 1
    assert house.store.waiting == []


async def test_a_channel_that_is_gone_is_left_alone_and_keeps_no_other_waiting(house: House):
    house.pause()
    house.pause(guild_id=OTHER_GUILD)
    house.discord.channels[MODS].gone = True
    again = await house.notices.tell()
    assert again == house.clock() + LEFT_ALONE
    assert len(house.discord.transcript(OTHER_MODS)) == 1

    house.discord.channels[MODS].gone = False
    house.clock.time += LEFT_ALONE / 2
    assert await house.notices.tell() == again
    assert house.discord.transcript(MODS) == []
    house.clock.time += LEFT_ALONE / 2
    assert await house.notices.tell() is None
    assert len(house.discord.transcript(MODS)) == 1


async def test_many_are_told_a_few_at_a_time(house: House):
    for _ in range(AT_ONCE + 2):
        house.pause()
    again = await house.notices.tell()
    assert again is not None
    assert len(house.discord.messages) == AT_ONCE
    house.clock.time = again
    await house.notices.tell()
    assert len(house.discord.messages) == AT_ONCE + 2


def test_the_name_is_short_and_no_drops():
    assert len(nonce(2**62)) <= 25
    assert nonce(1) != nonce(2)
    assert nonce(1).startswith("n")
