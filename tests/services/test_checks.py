"""What a check finds, and what each of its buttons may change."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import strings
from bot.discord_ui.checks import FINDINGS, buttons, page
from bot.domain.access import Place
from bot.domain.errors import Refused
from bot.domain.passages import SerialCard
from bot.domain.settings import Settings
from bot.domain.story import ChapterId, Rating
from bot.services.checks import CLOCKS_APART, Action, Checks, Fix, Last, Report, Room, SerialStanding
from bot.services.serials import Serials
from bot.services.settings import Change, ServerSettings
from tests.support.builders import CHANNEL, GUILD, NOON, OTHER_GUILD, open_place, serial_card, terms
from tests.support.fakes import Clock, FakeSerialStore

HOUR = timedelta(hours=1)
CALM = NOON + HOUR


class Store:
    def __init__(self) -> None:
        self.standing: list[SerialStanding] = []
        self.waiting = 0
        self.posted: list[tuple[int, int]] = []

    async def standings(self, guild_id: int) -> list[SerialStanding]:
        return self.standing if guild_id == GUILD else []

    async def untold(self, guild_id: int) -> int:
        return self.waiting

    async def post_behind(self, guild_id: int, serial_id: int, chapter_id: ChapterId, now: datetime) -> bool:
        self.posted.append((serial_id, chapter_id))
        return True


class Chosen:
    def __init__(self) -> None:
        self.now = Settings()

    async def settings(self, guild_id: int) -> Settings:
        return self.now

    async def change(self, guild_id: int, name: str, value: object, user_id: int, now: datetime) -> Settings:
        self.now = self.now.changed(name, value)
        return self.now

    async def changes(self, guild_id: int, limit: int) -> list[Change]:
        return []


class Index:
    def __init__(self) -> None:
        self.current = True
        self.failing = False

    async def is_current(self) -> bool:
        return self.current

    async def refresh(self) -> None:
        if self.failing:
            raise OSError("no space left")
        self.current = True


class Rooms:
    """Any channel is there and well, and so is any role, unless it is said otherwise."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.roles_gone: set[int] = set()
        self.silent: set[int] = set()
        self.hidden: dict[tuple[int, int | None], tuple[int, ...]] = {}

    async def room(self, guild_id: int, channel_id: int, use: str) -> Room:
        return self.rooms.get(channel_id, Room(found=True))

    async def hidden_from(self, guild_id: int, channel_id: int, talk_channel: int | None) -> tuple[int, ...]:
        return self.hidden.get((channel_id, talk_channel), ())

    def has_role(self, guild_id: int, role_id: int) -> bool:
        return role_id not in self.roles_gone

    def can_ping(self, guild_id: int, role_id: int) -> bool:
        return role_id not in self.silent


class House:
    def __init__(self) -> None:
        self.clock = Clock()
        self.store, self.rooms, self.index, self.chosen = Store(), Rooms(), Index(), Chosen()
        self.serials = FakeSerialStore()
        settings = ServerSettings(self.chosen, self.clock)
        self.checks = Checks(
            self.store, Serials(self.serials, self.clock), settings, self.index, self.rooms, self.clock
        )

    def has(self, card: SerialCard, **values: object) -> None:
        fields = {"next_number": 2, "posting_since": None, "last": None, "standing": "a1", **values}
        self.store.standing.append(SerialStanding(card=card, **fields))

    async def report(self, place: Place | None = None, asked_at: datetime = NOON) -> Report:
        return await self.checks.check(place or open_place(), asked_at)

    async def found(self) -> list[tuple[str, Fix | None]]:
        return [(finding.key, finding.fix) for finding in (await self.report()).findings]


@pytest.fixture
def house() -> House:
    return House()


def go_on(serial: int = 1) -> Fix:
    return Fix(Action.GO_ON, "a1", serial)


END = Fix(Action.END, id=1)


async def test_where_all_is_well_nothing_is_found(house: House):
    house.has(serial_card(next_due=CALM))
    house.has(serial_card(2, state="resting", next_due=None), next_number=None)
    assert await house.found() == []


@pytest.mark.parametrize(
    ("card", "values", "wanted"),
    [
        (serial_card(state="paused", reason="channel_gone"), {}, [("serial_paused", go_on())]),
        (serial_card(next_due=NOON - HOUR), {}, [("serial_overdue", go_on())]),
        (serial_card(next_due=CALM), {"posting_since": NOON - HOUR}, [("serial_slow", go_on())]),
        (serial_card(next_due=None), {}, [("serial_stuck", go_on())]),
        (serial_card(next_due=CALM, terms=terms(withdrawn=True)), {}, [("serial_withdrawn", END)]),
        (
            serial_card(state="paused", reason="story_withdrawn", terms=terms(withdrawn=True)),
            {},
            [("serial_withdrawn", END)],
        ),
        (serial_card(next_due=CALM), {"unshown": 2}, [("serial_unshown", None)]),
        (serial_card(next_due=CALM, terms=terms(Rating.MATURE)), {}, [("serial_open", None)]),
        (
            serial_card(next_due=CALM),
            {"behind": ((ChapterId(9), 2),)},
            [("serial_behind", Fix(Action.POST_BEHIND, "1", 9))],
        ),
        (
            serial_card(state="paused", reason="channel_gone"),
            {"behind": ((ChapterId(9), 2),)},
            [("serial_paused", go_on()), ("serial_behind", None)],
        ),
    ],
)
async def test_what_is_wrong_with_a_serial(house: House, card: SerialCard, values: dict[str, object], wanted: object):
    house.has(card, **values)
    assert await house.found() == wanted


async def test_a_rating_that_settings_do_not_allow_leads_to_setup(house: House):
    house.chosen.now = Settings(ratings=frozenset({Rating.GENERAL}))
    house.has(serial_card(next_due=CALM))
    assert await house.found() == [("serial_rating", Fix(Action.SETUP))]


@pytest.mark.parametrize("reason", ["channel_not_restricted", "rating_not_allowed"])
async def test_what_a_pause_says_is_not_said_twice(house: House, reason: str):
    house.has(serial_card(state="paused", reason=reason, terms=terms(Rating.MATURE)))
    assert await house.found() == [("serial_paused", go_on())]


async def test_a_title_stands_only_where_it_may(house: House):
    house.has(serial_card(state="paused", reason="channel_gone", terms=terms(Rating.EXPLICIT)))
    hidden, named = [await house.report(open_place()), await house.report(restricted())]
    assert "The Salt Door" not in said(hidden)
    assert strings.UNNAMED in said(hidden)
    assert "The Salt Door" in said(named)


def restricted() -> Place:
    return Place(GUILD, CHANNEL, age_restricted=True, reader=7)


def said(report: Report) -> str:
    return "\n".join(embed.description or "" for embed in page(report))


async def test_permissions_are_named_once_for_each_channel(house: House):
    house.chosen.now = Settings(chapters_channel=CHANNEL, notices_channel=CHANNEL)
    house.rooms.rooms[CHANNEL] = Room(found=True, lacking=("Send Messages",))
    house.has(serial_card(next_due=CALM))
    house.has(serial_card(2, next_due=CALM))
    assert await house.found() == [("channel_lacks", None)]


async def test_what_is_gone_is_offered_to_be_forgotten(house: House):
    house.chosen.now = Settings(
        talk_channel=4, ping_role=5, team_role=6, public_channels=frozenset({7, 8}), chapters_channel=9
    )
    house.rooms.rooms = {4: Room(found=False), 7: Room(found=False)}
    house.rooms.roles_gone = {5, 6}
    gone = [("talk_channel", 4), ("public_channels", 7), ("ping_role", 5), ("team_role", 6)]
    assert [fix for _, fix in await house.found()] == [Fix(Action.FORGET, *one) for one in gone]
    for name, one in gone:
        await house.checks.forget(open_place(), name, one, 7)
    assert house.chosen.now == Settings(chapters_channel=9, public_channels=frozenset({8}))
    assert await house.found() == []


@pytest.mark.parametrize(
    ("name", "gone"),
    [("talk_channel", 5), ("chapters_channel", 4), ("talk_channel", 4), ("zone", 4), ("public_channels", 4), ("x", 0)],
)
async def test_nothing_is_forgotten_that_is_there_or_was_not_asked_about(house: House, name: str, gone: int):
    house.chosen.now = before = Settings(talk_channel=4)
    house.rooms.rooms[5] = Room(found=False)
    with pytest.raises(Refused, match="check_old"):
        await house.checks.forget(open_place(), name, gone, 7)
    assert house.chosen.now == before


async def test_a_role_that_cannot_be_mentioned_is_said(house: House):
    house.chosen.now = Settings(ping_role=5)
    house.rooms.silent = {5}
    assert await house.found() == [("role_silent", None)]


async def test_notices_that_wait_are_counted(house: House):
    house.store.waiting = 2
    assert await house.found() == [("notices_nowhere", Fix(Action.SETUP))]
    house.chosen.now = Settings(notices_channel=4)
    assert await house.found() == [("notices_wait", None)]


async def test_a_serial_whose_channel_is_gone_can_only_be_ended(house: House):
    house.rooms.rooms[CHANNEL] = Room(found=False)
    house.has(serial_card(state="paused", reason="channel_gone"))
    assert await house.found() == [("serial_channel_gone", END)]
    house.serials.hold(serial_card(1), guild_id=GUILD)
    assert (await house.checks.end(open_place(), 1)).id == 1
    assert house.serials.rows == []


async def test_a_serial_that_can_be_put_right_is_not_ended_by_an_old_button(house: House):
    house.has(serial_card(next_due=CALM))
    house.serials.hold(serial_card(1), guild_id=GUILD)
    for place, serial in ((open_place(), 1), (open_place(), 2), (open_place(OTHER_GUILD), 1)):
        with pytest.raises(Refused, match="check_old"):
            await house.checks.end(place, serial)
    assert len(house.serials.rows) == 1


async def test_a_channel_that_readers_cannot_see_is_said_with_who_cannot(house: House):
    house.chosen.now = Settings(talk_channel=4)
    house.rooms.hidden = {(CHANNEL, 4): (GUILD, 77)}
    house.has(serial_card(next_due=CALM), unshown=1)
    assert await house.found() == [("serial_hidden", Fix(Action.SETUP))]
    assert f"({strings.EVERYONE}, <@&77> cannot)" in said(await house.report())


async def test_a_stale_index_is_rebuilt_meanwhile_and_needs_nobody(house: House):
    house.index.current = False
    assert await house.found() == []
    await asyncio.sleep(0)
    assert house.index.current


async def test_an_index_that_cannot_be_rebuilt_is_said_until_it_can(house: House):
    house.index.current, house.index.failing = False, True
    assert await house.found() == []
    await asyncio.sleep(0)
    assert await house.found() == [("index_stale", Fix(Action.INDEX))]
    house.index.failing = False
    assert await house.found() == [("index_stale", Fix(Action.INDEX))]
    await house.checks.rebuild_index()
    assert await house.found() == []


async def test_a_rebuilding_under_way_is_left_when_the_bot_stops(house: House):
    never = asyncio.Event()
    house.index.current = False
    house.index.refresh = never.wait  # pyright: ignore[reportAttributeAccessIssue]
    await house.found()
    await house.found()
    assert len(asyncio.all_tasks()) == 2
    await house.checks.stop()
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize(
    ("ahead", "wanted"),
    [
        (CLOCKS_APART, []),
        (-CLOCKS_APART, []),
        (timedelta(seconds=90), ["clock_fast"]),
        (timedelta(seconds=-90), ["clock_slow"]),
    ],
)
async def test_a_clock_that_is_wrong_is_said(house: House, ahead: timedelta, wanted: list[str]):
    report = await house.report(asked_at=NOON - ahead)
    assert [finding.key for finding in report.findings] == wanted
    assert not wanted or "90 s" in said(report)


async def test_only_a_serial_of_this_server_goes_on(house: House):
    house.serials.hold(serial_card(1), guild_id=OTHER_GUILD)
    house.serials.hold(serial_card(2), guild_id=GUILD)
    with pytest.raises(Refused, match="check_old"):
        await house.checks.go_on(open_place(), 1, "a1")
    assert (await house.checks.go_on(open_place(), 2, "a1")).id == 2
    assert [row.due for row in house.serials.rows] == [None, house.clock()]


async def test_a_serial_that_has_gone_on_meanwhile_does_not_go_on_again(house: House):
    house.serials.hold(serial_card(2), guild_id=GUILD)
    with pytest.raises(Refused, match="check_old"):
        await house.checks.go_on(open_place(), 2, "p1o")
    assert [row.due for row in house.serials.rows] == [None]


async def test_only_a_serial_of_this_server_posts_what_it_left_behind(house: House):
    house.has(serial_card(1))
    with pytest.raises(Refused, match="check_old"):
        await house.checks.post_behind(open_place(OTHER_GUILD), 1, ChapterId(9))
    assert house.store.posted == []
    await house.checks.post_behind(open_place(), 1, ChapterId(9))
    assert house.store.posted == [(1, 9)]


# ------------------------------------------------------------------------------------------------ the answer


def units(texts: Sequence[str | None]) -> int:
    return sum(len((text or "").encode("utf-16-le")) // 2 for text in texts)


async def test_however_much_is_wrong_the_answer_fits(house: House):
    for number in range(1, 30):
        card = serial_card(number, state="paused", reason="channel_unreadable", story_title="*" * 4000)
        behind = tuple((ChapterId(n), n) for n in range(2000))
        house.has(card, behind=behind, last=Last(at=NOON, number=2**31, message_id=2**63))
    report = await house.report()
    embeds = page(report)
    assert units([text for embed in embeds for text in (embed.title, embed.description)]) < 6000
    assert all(units([embed.description]) <= 4096 for embed in embeds)
    assert "more" in said(report)
    assert len(buttons(report).children) <= FINDINGS + 1


async def test_every_finding_has_its_sentence(house: House):
    house.chosen.now = Settings(talk_channel=4, ping_role=5, team_role=6)
    house.rooms.rooms[4] = Room(found=False)
    house.rooms.roles_gone = {6}
    house.rooms.silent = {5}
    house.store.waiting = 1
    house.index.current, house.index.failing = False, True
    await house.found()
    await asyncio.sleep(0)
    house.rooms.hidden = {(CHANNEL, 4): (77,)}
    house.has(serial_card(1, state="paused", reason="channel_gone"))
    house.has(replace(serial_card(2, next_due=CALM), channel_id=5), unshown=1)
    house.has(replace(serial_card(3, next_due=CALM), channel_id=6), unshown=2)
    report = await house.report(asked_at=NOON - HOUR)
    assert {f.key for f in report.findings} <= strings.FINDINGS.keys()
    assert "{" not in said(report)
