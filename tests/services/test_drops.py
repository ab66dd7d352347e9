"""Chapters are posted once, in order and whole, whatever dies, answers late or forgets.

The store is the real one on a real file; Discord is simulated at the publisher's port.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.access import Terms
from bot.domain.drops import LEASE, REPLAY, MessageKind, MessageState
from bot.domain.passages import StoredChapter
from bot.domain.schedule import Every, Rhythm
from bot.domain.settings import Settings
from bot.domain.story import OPERATOR, ChapterId, Rating, StoryId
from bot.services.drops import RETRY, DropMessage, Drops, plan
from bot.services.library import Kept
from bot.services.serials import NewSerial
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.imports import Imports
from bot.storage.release import released_by_story
from bot.storage.serials import SerialRows
from bot.storage.settings import SettingRows
from bot.storage.stories import Stories
from tests.support.builders import GUILD, cleared, manuscript, stored_chapter, stored_scene
from tests.support.fakes import Clock, PlainTypesetter
from tests.support.simulated_discord import (
    Channel,
    Crash,
    Fate,
    Fault,
    Message,
    SimulatedDiscord,
    mortal,
    shuffled,
)
from tests.support.stories import open_scope

FIRST = [
    "The tide came in at four. Nobody moved.\n\nThen the bell rang, twice.",
    "“Row,” she said.",
]
SECOND = ["Nobody rowed."]

FIRST_POSTED = [
    "[chapter 1]",
    "The tide came in at four. Nobody moved.",
    "Then the bell rang, twice.",
    "[break]",
    "“Row,” she said.",
    "[end of 1]",
]
SECOND_POSTED = ["[chapter 2]", "Nobody rowed.", "[end of 2]"]


class Changing:
    """The chapters as they stand, and what has become of them meanwhile."""

    def __init__(self, stories: Stories) -> None:
        self._stories = stories
        self.change: Callable[[StoredChapter], StoredChapter | None] | None = None

    async def chapter(self, chapter_id: ChapterId) -> StoredChapter | None:
        chapter = await self._stories.chapter(chapter_id)
        return self.change(chapter) if chapter is not None and self.change is not None else chapter


class House:
    """A database, a Discord, and as many workers as a test wants."""

    def __init__(self, database: Database, name: str = "here", discord: SimulatedDiscord | None = None) -> None:
        self.database = database
        self.name = name
        self.clock = Clock()
        self.discord = discord or SimulatedDiscord(self.clock)
        self.store = DropRows(database)
        self.serials = SerialRows(database)
        self.stories = Stories(database)
        self.chapters = Changing(self.stories)
        self.story = StoryId(0)
        self._names = 0

    async def bring_in(self, *chapters: list[str], rating: Rating = Rating.TEEN) -> None:
        """Make this the story that serials are started of."""
        self._names += 1
        story = manuscript(*chapters, slug=f"story-{self._names}", rating=rating)
        count = sum(len(scene.lines) for chapter in story.chapters for scene in chapter.scenes)
        scenes = sum(len(chapter.scenes) for chapter in story.chapters)
        kept = Kept([None] * len(story.chapters), [None] * scenes, [None] * count)
        self.story = await Imports(self.database).store(story, OPERATOR, kept, self.clock())

    async def start(self, channel_id: int | None = None, *, age_restricted: bool = False) -> int:
        """Start a weekly serial, its first chapter due now, in a new channel if none is given."""
        if channel_id is None:
            channel_id = len(self.discord.channels) + 1
            self.discord.channels[channel_id] = Channel(GUILD, age_restricted)
        serial = NewSerial(
            guild_id=GUILD,
            channel_id=channel_id,
            story_id=self.story,
            rhythm=Rhythm(Every.WEEK, self.clock()),
            created_by=1,
        )
        assert await self.serials.start(serial, self.clock()) is not None
        return channel_id

    def worker(self, *, fate: Fate | None = None, dice: random.Random | None = None) -> Drops:
        """Another process on the same database and Discord."""
        self._names += 1
        store, chapters, publisher = self.store, self.chapters, self.discord
        if fate is not None:
            store, chapters, publisher = mortal(store, fate), mortal(chapters, fate), mortal(publisher, fate)
        if dice is not None:
            store, chapters, publisher = (
                shuffled(store, dice),
                shuffled(chapters, dice),
                shuffled(publisher, dice),
            )
        name = f"{self.name}, worker {self._names}"
        return Drops(store, chapters, publisher, PlainTypesetter(), SettingRows(self.database), self.clock, name)

    async def settle(self, worker: Drops | None = None) -> None:
        """Look whenever the worker says that there is something to do, until no drop is open."""
        worker = worker or self.worker()
        for _ in range(60):
            moment = await worker.run_due()
            if not await self.open_drops():
                return
            assert moment is not None
            self.clock.time = max(self.clock.time + timedelta(seconds=1), moment)
        raise AssertionError("the drop is never done")

    async def open_drops(self) -> list[int]:
        async with self.database.read() as tx:
            return [row["id"] for row in await tx.all("SELECT id FROM \"drop\" WHERE state = 'posting'")]

    async def drops(self, channel_id: int) -> list[tuple[int, str]]:
        """The drops of a channel, as (id, state)."""
        sql = """SELECT d.id, d.state FROM "drop" d JOIN serial x ON x.id = d.serial_id
                 WHERE x.channel_id = :channel_id ORDER BY d.id"""
        async with self.database.read() as tx:
            return [(row["id"], row["state"]) for row in await tx.all(sql, {"channel_id": channel_id})]

    async def messages(self, channel_id: int) -> list[DropMessage]:
        """Every message that was written down for a channel."""
        return [m for drop, _ in await self.drops(channel_id) for m in await self.store.messages(drop)]

    async def reason(self, channel_id: int) -> str | None:
        """Why the channel's serial is paused."""
        return next(c.reason for c, _ in await self.serials.serials(GUILD) if c.channel_id == channel_id)

    async def go_on(self, channel_id: int) -> bool:
        """What `/serial now` does."""
        serial = next(c for c, _ in await self.serials.serials(GUILD) if c.channel_id == channel_id)
        return await self.serials.make_due(serial.id, self.clock())

    async def released(self) -> int:
        """How many scenes the server may show."""
        async with self.database.read() as tx:
            return len((await released_by_story(tx, open_scope(), {self.story}))[self.story].scenes)

    async def assert_posted_once(self, channel_id: int, wanted: list[str], context: object = "") -> None:
        """People read exactly that, and the records say so."""
        assert self.discord.transcript(channel_id) == wanted, context
        written = await self.messages(channel_id)
        assert [m.content for m in written] == wanted, context
        assert {m.state for m in written} == {MessageState.SENT}, context
        ids = [m.id for m in self.discord.messages if m.channel_id == channel_id]
        assert [m.message_id for m in written] == ids, context
        assert {state for _, state in await self.drops(channel_id)} == {"posted"}, context


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without anything in it, made once."""
    path = tmp_path_factory.mktemp("migrated") / "drops.db"

    async def make() -> None:
        async with await Database.open(path, readers=0):
            pass

    asyncio.run(make())
    return path


@pytest.fixture
async def house(tmp_path: Path, migrated: Path) -> AsyncIterator[House]:
    path = tmp_path / "drops.db"
    shutil.copyfile(migrated, path)
    async with await Database.open(path, readers=1) as database:
        # Workers die here, machines do not, so nothing has to reach the disk.
        await database._writer.execute("PRAGMA synchronous = OFF")
        house = House(database)
        await house.bring_in(FIRST)
        yield house


# -------------------------------------------------------------------------------------- when all goes well


async def test_a_chapter_is_posted_card_scenes_card(house: House):
    channel = await house.start()
    await house.worker().run_due()

    await house.assert_posted_once(channel, FIRST_POSTED)
    assert house.discord.attempts == len(FIRST_POSTED)


async def test_only_the_first_message_notifies(house: House):
    await house.start()
    await house.worker().run_due()

    assert [m.silent for m in house.discord.messages] == [False] + [True] * (len(FIRST_POSTED) - 1)


async def test_the_end_card_says_when_the_next_chapter_comes(house: House):
    await house.bring_in(FIRST, SECOND)
    channel = await house.start()
    await house.worker().run_due()

    assert house.discord.transcript(channel)[-1] == "[end of 1][next 08 12:00]"


async def test_a_chapter_is_released_when_all_of_it_stands(house: House):
    await house.bring_in(FIRST, SECOND)
    channel = await house.start()
    house.discord.faults = {len(FIRST_POSTED): Fault.BUSY}
    await house.worker().run_due()
    assert len(house.discord.transcript(channel)) == len(FIRST_POSTED) - 1
    assert await house.released() == 0

    await house.settle()
    assert await house.released() == len(FIRST)


async def test_what_stands_where_no_reader_sees_it_is_not_released(house: House):
    await house.bring_in(FIRST, SECOND)
    channel = await house.start()
    house.discord.channels[channel].hidden = True
    await house.settle()
    assert house.discord.transcript(channel) == [*FIRST_POSTED[:-1], "[end of 1][next 08 12:00]"]
    assert await house.released() == 0

    other = await house.start()
    await house.settle()
    assert house.discord.transcript(other)
    assert await house.released() == len(FIRST), "another serial, which readers see, releases it"


async def test_a_story_stops_at_once_when_moderators_no_longer_allow_its_rating(house: House):
    await house.bring_in(FIRST, rating=Rating.TEEN)
    channel = await house.start()
    held = house.discord.hold_up[3] = asyncio.Event()
    posting = asyncio.create_task(house.worker().run_due())
    await until(lambda: house.discord.attempts == 3)

    allowed = frozenset({Rating.GENERAL})
    await SettingRows(house.database).change(GUILD, "ratings", allowed, 1, house.clock())
    held.set()
    await posting
    assert house.discord.transcript(channel) == FIRST_POSTED[:3]
    assert await house.reason(channel) == "rating_not_allowed"
    assert await house.released() == 0


async def test_the_chapters_follow_in_the_rhythm(house: House):
    await house.bring_in(FIRST, SECOND)
    channel = await house.start()
    worker = house.worker()

    moment = await worker.run_due()
    assert moment == house.clock() + timedelta(weeks=1)
    house.clock.advance(days=6)
    await worker.run_due()
    assert len(await house.drops(channel)) == 1
    house.clock.advance(days=1)
    await worker.run_due()

    assert house.discord.transcript(channel)[len(FIRST_POSTED) :] == SECOND_POSTED


async def test_who_comes_back_late_posts_one_chapter_and_keeps_the_rhythm(house: House):
    await house.bring_in(FIRST, SECOND, SECOND)
    started = house.clock()
    channel = await house.start()
    worker = house.worker()
    await worker.run_due()
    house.clock.advance(weeks=3, hours=5)

    moment = await worker.run_due()

    assert len(await house.drops(channel)) == 2
    assert moment == started + timedelta(weeks=4)


async def test_a_serial_whose_chapters_are_all_posted_rests(house: House):
    await house.start()
    worker = house.worker()
    await worker.run_due()
    house.clock.advance(weeks=1)

    assert await worker.run_due() is None


async def test_nothing_is_planned_where_there_is_nothing(house: House):
    assert await house.worker().run_due() is None
    assert house.discord.attempts == 0


async def test_two_serials_in_one_channel_post_one_after_the_other(house: House):
    channel = await house.start()
    await house.bring_in(SECOND)
    await house.start(channel)
    await house.worker().run_due()

    assert house.discord.transcript(channel) == [*FIRST_POSTED, "[chapter 1]", "Nobody rowed.", "[end of 1]"]


# ---------------------------------------------------------------------------------------------- crashes


async def calls_of_a_drop(house: House) -> int:
    """How often a worker calls Discord or the database while it posts one chapter."""
    fate = Fate()
    await house.start()
    await house.worker(fate=fate).run_due()
    return fate.calls


async def test_whenever_a_worker_dies_the_next_one_posts_the_rest(house: House):
    await house.bring_in(["Nobody moved.", "She rowed."])
    wanted = ["[chapter 1]", "Nobody moved.", "[break]", "She rowed.", "[end of 1]"]
    calls = await calls_of_a_drop(house)
    assert calls > 5 * len(wanted)

    for dies_at in range(1, calls + 1):
        channel = await house.start()
        with pytest.raises(Crash):
            await house.worker(fate=Fate(dies_at)).run_due()
        await house.settle()
        await house.assert_posted_once(channel, wanted, f"died at call {dies_at}")


async def test_nobody_goes_on_with_a_drop_before_its_lease_is_over(house: House):
    """Its worker may only seem dead: while it holds the lease, it alone posts."""
    channel = await house.start()
    fate = Fate()
    house.discord.after_post = lambda _: setattr(fate, "dies_at", fate.calls + 1)
    with pytest.raises(Crash):
        await house.worker(fate=fate).run_due()
    house.discord.after_post = None

    house.clock.advance(seconds=LEASE.total_seconds() - 1)
    moment = await house.worker().run_due()
    assert house.discord.transcript(channel) == FIRST_POSTED[:1]
    assert moment is not None

    house.clock.time = moment
    await house.worker().run_due()
    await house.assert_posted_once(channel, FIRST_POSTED)


@pytest.mark.parametrize("seed", range(3))
async def test_workers_that_die_again_and_again_on_a_bad_line_post_everything_once(house: House, seed: int):
    dice = random.Random(seed)
    for round_ in range(4):
        channel = await house.start()
        passing = [Fault.BUSY, Fault.LOST, Fault.UNANSWERED]
        first = house.discord.attempts + 1
        house.discord.faults = {first + n: dice.choice(passing) for n in range(16) if dice.random() < 0.4}
        for _ in range(dice.randrange(4)):
            with suppress(Crash):
                await house.worker(fate=Fate(dice.randrange(1, 40))).run_due()
            house.clock.advance(seconds=dice.choice([0, 5, 12, 61, 95, 400]))
        await house.settle()
        await house.assert_posted_once(channel, FIRST_POSTED, f"seed {seed}, round {round_}")


# ------------------------------------------------------------------------------------------- bad answers


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.LOST, Fault.UNANSWERED])
async def test_what_passes_is_tried_again_and_posted_once(house: House, fault: Fault):
    for attempt in range(1, len(FIRST_POSTED) + 1):
        channel = await house.start()
        house.discord.faults = {house.discord.attempts + attempt: fault}
        await house.settle()
        await house.assert_posted_once(channel, FIRST_POSTED, f"attempt {attempt}")


async def test_it_waits_before_it_tries_again(house: House):
    channel = await house.start()
    house.discord.faults = {2: Fault.BUSY}
    worker = house.worker()

    moment = await worker.run_due()
    assert moment == house.clock() + RETRY
    assert await worker.run_due() == moment
    assert house.discord.transcript(channel) == FIRST_POSTED[:1]


async def test_after_an_unclear_answer_the_same_name_brings_the_message_back(house: House):
    await house.start()
    house.discord.faults = {3: Fault.UNANSWERED}
    await house.settle()

    assert house.discord.repeats == 1
    assert house.discord.history_asked == 0


async def test_when_the_name_is_trusted_no_more_the_history_is_asked(house: House):
    channel = await house.start()
    house.discord.faults = {3: Fault.UNANSWERED}
    await house.worker().run_due()
    house.clock.advance(seconds=REPLAY.total_seconds())
    house.discord.nonce_window = timedelta(0)
    await house.settle()

    assert house.discord.history_asked == 1
    await house.assert_posted_once(channel, FIRST_POSTED)


async def test_many_unclear_answers_are_still_one_message(house: House):
    """The name is trusted from the first attempt on, not from the last."""
    channel = await house.start()
    house.discord.faults = {2: Fault.UNANSWERED, **dict.fromkeys(range(3, 12), Fault.UNANSWERED)}
    house.discord.nonce_window = REPLAY + RETRY
    await house.settle()

    await house.assert_posted_once(channel, FIRST_POSTED)


async def test_what_others_posted_meanwhile_is_not_taken_for_ours(house: House):
    """The break stands twice in this chapter, and only one of the two is in doubt."""
    await house.bring_in([*FIRST, "She rowed."])
    channel = await house.start()
    wanted = [*FIRST_POSTED[:-1], "[break]", "She rowed.", "[end of 1]"]
    house.discord.faults = {6: Fault.LOST}
    await house.worker().run_due()
    house.clock.advance(seconds=REPLAY.total_seconds())
    await house.settle()

    await house.assert_posted_once(channel, wanted)


# -------------------------------------------------------------------------------------- several workers


@pytest.mark.parametrize("seed", range(4))
async def test_two_workers_on_one_database_do_not_get_in_each_others_way(house: House, tmp_path: Path, seed: int):
    async with await Database.open(tmp_path / "drops.db") as another:
        other = House(another, "elsewhere", house.discord)
        dice = random.Random(seed)
        channels = [await house.start() for _ in range(3)]
        first, second = house.worker(dice=dice), other.worker(dice=dice)

        await asyncio.gather(first.run_due(), second.run_due(), first.run_due())

    for channel in channels:
        await house.assert_posted_once(channel, FIRST_POSTED)
    # Nobody even tried to post what another was posting.
    assert house.discord.repeats == 0
    assert house.discord.attempts == len(channels) * len(FIRST_POSTED)


async def test_a_worker_that_was_held_up_beyond_its_lease_stops_at_once(house: House):
    channel = await house.start()
    held = house.discord.hold_up[3] = asyncio.Event()
    slow = asyncio.create_task(house.worker().run_due())
    await until(lambda: house.discord.attempts == 3)

    house.clock.advance(seconds=LEASE.total_seconds() + 1)
    await house.settle()
    held.set()
    await slow

    await house.assert_posted_once(channel, FIRST_POSTED)
    assert house.discord.repeats == 1


# ------------------------------------------------------------------------------------------------- stop


async def test_a_stop_lets_the_message_under_way_arrive_and_gives_the_drop_back(house: House):
    channel = await house.start()
    held = house.discord.hold_up[3] = asyncio.Event()
    worker = house.worker()
    posting = asyncio.create_task(worker.run_due())
    await until(lambda: house.discord.attempts == 3)

    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    held.set()
    await asyncio.gather(posting, stopping)
    assert house.discord.transcript(channel) == FIRST_POSTED[:3]
    assert (await house.messages(channel))[2].state is MessageState.SENT

    # The next one need not wait for a lease.
    await house.worker().run_due()
    await house.assert_posted_once(channel, FIRST_POSTED)
    assert house.discord.attempts == len(FIRST_POSTED)


async def test_who_has_stopped_posts_nothing_more(house: House):
    await house.start()
    worker = house.worker()
    await worker.stop()
    await worker.run_due()

    assert house.discord.attempts == 0


# ---------------------------------------------------------------------------------------------- pauses


def after(count: int, what: Callable[[], None]) -> Callable[[Message], None]:
    """Have that happen right after the ``count``-th message was posted."""
    left = [count]

    def posted(_: Message) -> None:
        left[0] -= 1
        if left[0] == 0:
            what()

    return posted


async def test_an_adult_story_stops_at_once_when_its_channel_is_opened(house: House):
    await house.bring_in(FIRST, rating=Rating.EXPLICIT)
    channel = await house.start(age_restricted=True)
    house.discord.after_post = after(2, lambda: setattr(house.discord.channels[channel], "age_restricted", False))
    await house.worker().run_due()

    assert house.discord.transcript(channel) == FIRST_POSTED[:2]
    assert await house.reason(channel) == "channel_not_restricted"
    assert await house.released() == 0

    house.discord.channels[channel].age_restricted = True
    assert await house.go_on(channel)
    await house.settle()
    await house.assert_posted_once(channel, FIRST_POSTED)


async def test_not_even_the_title_of_an_adult_story_is_posted_in_an_open_channel(house: House):
    await house.bring_in(FIRST, rating=Rating.UNRATED)
    channel = await house.start(age_restricted=False)
    await house.worker().run_due()

    assert house.discord.attempts == 0
    assert await house.reason(channel) == "channel_not_restricted"


def _rated(rating: Rating) -> Callable[[StoredChapter], StoredChapter]:
    return lambda chapter: replace(chapter, terms=Terms(OPERATOR, rating, withdrawn=False))


def _withdrawn(chapter: StoredChapter) -> StoredChapter:
    return replace(chapter, terms=Terms(OPERATOR, Rating.TEEN, withdrawn=True))


def _gone(chapter: StoredChapter) -> None:
    return None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_gone, "chapter_gone"),
        (_withdrawn, "story_withdrawn"),
        (_rated(Rating.MATURE), "channel_not_restricted"),
    ],
)
async def test_what_happens_to_the_story_meanwhile_stops_its_drop(
    house: House, change: Callable[[StoredChapter], StoredChapter | None], reason: str
):
    channel = await house.start()
    house.discord.after_post = after(3, lambda: setattr(house.chapters, "change", change))
    await house.worker().run_due()

    assert house.discord.transcript(channel) == FIRST_POSTED[:3]
    assert await house.reason(channel) == reason
    assert {state for _, state in await house.drops(channel)} == {"paused"}

    house.chapters.change = None
    await house.go_on(channel)
    await house.settle()
    await house.assert_posted_once(channel, FIRST_POSTED)


async def test_a_channel_that_is_gone_pauses_the_serial(house: House):
    channel = await house.start()
    house.discord.after_post = after(1, lambda: setattr(house.discord.channels[channel], "gone", True))
    await house.worker().run_due()

    assert house.discord.transcript(channel) == FIRST_POSTED[:1]
    assert await house.reason(channel) == "channel_gone"


async def test_a_message_that_discord_refuses_pauses_the_serial(house: House):
    channel = await house.start()
    house.discord.faults = {2: Fault.REFUSED}
    await house.worker().run_due()

    assert await house.reason(channel) == "discord_refused"
    assert await house.go_on(channel)
    await house.settle()
    await house.assert_posted_once(channel, FIRST_POSTED)


async def test_in_doubt_and_unable_to_look_nothing_is_posted_twice(house: House):
    channel = await house.start()
    house.discord.faults = {3: Fault.UNANSWERED}
    await house.worker().run_due()
    house.discord.channels[channel].readable = False
    house.clock.advance(seconds=REPLAY.total_seconds())
    await house.worker().run_due()

    assert house.discord.transcript(channel) == FIRST_POSTED[:3]
    assert await house.reason(channel) == "channel_unreadable"

    house.discord.channels[channel].readable = True
    await house.go_on(channel)
    await house.settle()
    await house.assert_posted_once(channel, FIRST_POSTED)


async def test_a_paused_serial_does_nothing_until_somebody_lets_it_go_on(house: House):
    await house.bring_in(FIRST, SECOND)
    channel = await house.start()
    house.discord.faults = {1: Fault.REFUSED}
    worker = house.worker()
    await worker.run_due()
    house.clock.advance(weeks=5)

    assert await worker.run_due() is None
    assert house.discord.transcript(channel) == []


async def test_a_paused_drop_that_goes_on_brings_no_other_chapter_with_it(house: House):
    """It is the instalment of its day; the next comes in its rhythm."""
    await house.bring_in(FIRST, SECOND)
    started = house.clock()
    channel = await house.start()
    house.discord.faults = {1: Fault.REFUSED}
    worker = house.worker()
    await worker.run_due()
    house.clock.advance(weeks=2, days=3)

    await house.go_on(channel)
    await worker.run_due()
    moment = await worker.run_due()

    assert len(await house.drops(channel)) == 1
    assert moment == started + timedelta(weeks=3)


async def test_one_paused_serial_does_not_hold_up_another(house: House):
    refused = await house.start()
    house.discord.channels[refused].gone = True
    other = await house.start()
    await house.worker().run_due()

    await house.assert_posted_once(other, FIRST_POSTED)


async def test_a_drop_that_breaks_the_program_does_not_hold_up_another_for_long(house: House):
    broken = await house.start()
    other = await house.start()

    class Broken(Exception):
        pass

    place = house.discord.place

    async def breaking(guild_id: int, channel_id: int):
        if channel_id == broken:
            raise Broken
        return await place(guild_id, channel_id)

    house.discord.place = breaking
    worker = house.worker()
    with pytest.raises(Broken):
        await worker.run_due()
    await worker.run_due()

    await house.assert_posted_once(other, FIRST_POSTED)


# ------------------------------------------------------------------------------------------------- plan


def test_a_plan_is_card_scenes_with_breaks_between_card():
    chapter = stored_chapter(
        stored_scene(FIRST[0], scene_id=1), stored_scene(FIRST[1], scene_id=2), number=1, title=None
    )
    planned = plan(cleared(chapter), PlainTypesetter(), Settings(), None)

    assert [m.content for m in planned] == FIRST_POSTED
    assert [m.kind for m in planned] == [
        MessageKind.OPENING,
        MessageKind.PART,
        MessageKind.PART,
        MessageKind.BREAK,
        MessageKind.PART,
        MessageKind.END,
    ]
    assert [m.scene_id for m in planned] == [None, 1, 1, None, 2, None]


def test_the_parts_of_a_scene_are_the_scene():
    text = "\n\n".join(f"She rowed, and counted: {n}. " + "And on. " * n for n in range(12)).strip()
    planned = plan(cleared(stored_chapter(stored_scene(text))), PlainTypesetter(), Settings(), None)
    spans = [(m.start, m.end) for m in planned if m.kind is MessageKind.PART]

    assert len(spans) > 3
    assert "".join(text[start:end] for start, end in spans) == text
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]


async def until(happened: Callable[[], bool]) -> None:
    """Let the others run until it has."""
    for _ in range(10_000):
        if happened():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never happened")
