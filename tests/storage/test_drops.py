from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.drops import LEASE, MessageKind, MessageState, PlannedMessage
from bot.domain.schedule import Every
from bot.domain.story import StoryId
from bot.services.drops import ClaimedDrop
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.quotes import Bag
from bot.storage.reactions import Marks
from bot.storage.serials import SerialRows
from tests.support.builders import CHANNEL, GUILD, NOON
from tests.support.stories import (
    add,
    claim_next,
    days,
    ids,
    open_scope,
    planned,
    post_next,
    rows,
    start_serial,
    tale,
)

CARD = [PlannedMessage(kind=MessageKind.OPENING, content="Chapter 1")]
SOON = timedelta(seconds=1)


@pytest.fixture
def drops(database: Database) -> DropRows:
    return DropRows(database)


@pytest.fixture
async def story_id(database: Database) -> StoryId:
    return (await add(database, tale(chapters=3))).story_id


@pytest.fixture
async def serial_id(database: Database, story_id: StoryId) -> int:
    return await start_serial(database, story_id)


async def state(database: Database) -> list[tuple[object, ...]]:
    return await rows(database, """SELECT state, lease_owner FROM "drop" ORDER BY id""")


async def released(database: Database) -> int:
    ((count,),) = await rows(database, "SELECT count(*) FROM release")
    assert isinstance(count, int)
    return count


# Planning


async def test_nothing_is_planned_before_its_time(database: Database, drops: DropRows, story_id: StoryId):
    await start_serial(database, story_id, start=days(1))
    assert not await drops.plan_due(days(1) - SOON)
    assert await drops.next_moment() == days(1)
    assert await drops.claim("a", days(1) - SOON) is None
    assert await drops.plan_due(days(1))
    assert not await drops.plan_due(days(1))


async def test_a_drop_knows_where_it_goes_and_when_the_next_one_comes(database: Database, serial_id: int):
    _, drop = await claim_next(database)
    chapters, _, _ = await ids(database)
    assert (drop.serial_id, drop.guild_id, drop.channel_id) == (serial_id, GUILD, CHANNEL)
    assert (drop.chapter_id, drop.next_due) == (chapters[1], days(1))


@pytest.mark.usefixtures("serial_id")
async def test_the_last_chapter_announces_none_after_it(database: Database):
    await post_next(database, days(0))
    await post_next(database, days(1))
    _, drop = await claim_next(database, days(2))
    assert drop.next_due is None


@pytest.mark.usefixtures("serial_id")
async def test_a_serial_that_comes_back_late_posts_one_and_keeps_its_rhythm(database: Database, drops: DropRows):
    await post_next(database, days(5.5))
    assert not await drops.plan_due(days(5.9))
    assert await drops.next_moment() == days(6)
    assert await drops.plan_due(days(6))


@pytest.mark.usefixtures("serial_id")
async def test_the_next_chapter_waits_until_the_one_before_it_stands(database: Database, drops: DropRows):
    _, drop = await claim_next(database)
    assert not await drops.plan_due(days(1))
    await drops.finish(drop, days(1), release=True)
    assert await drops.plan_due(days(1))


async def test_the_database_itself_knows_a_chapter_drops_once(database: Database, serial_id: int):
    await post_next(database)
    chapters, _, _ = await ids(database)
    with pytest.raises(sqlite3.IntegrityError):
        async with database.write() as tx:
            await tx.run(
                """INSERT INTO "drop" (serial_id, chapter_id, position, due_at, state)
                VALUES (:serial, :chapter, 0, 0, 'posting')""",
                {"serial": serial_id, "chapter": chapters[1]},
            )


@pytest.mark.usefixtures("serial_id")
async def test_two_processes_that_look_at_once_plan_and_claim_one(database: Database, path: Path):
    async with await Database.open(path) as second:
        workers = [DropRows(database), DropRows(second)] * 4
        assert sum(await asyncio.gather(*(each.plan_due(NOON) for each in workers))) == 1
        claims = await asyncio.gather(*(each.claim(f"w{n}", NOON) for n, each in enumerate(workers)))
    assert len([claim for claim in claims if claim]) == 1
    assert await rows(database, """SELECT count(*) FROM "drop" """) == [(1,)]


async def test_the_one_due_longest_comes_first(database: Database, drops: DropRows, story_id: StoryId):
    for channel, start in ((1, days(0.5)), (2, days(0.2)), (3, days(0.8))):
        await start_serial(database, story_id, channel_id=channel, start=start)
    while await drops.plan_due(days(1)):
        pass
    claimed = [await drops.claim("a", days(1)) for _ in range(4)]
    assert [drop and drop.channel_id for drop in claimed] == [2, 1, 3, None]


@pytest.mark.parametrize("every", Every)
async def test_every_rhythm_is_kept(database: Database, drops: DropRows, story_id: StoryId, every: Every):
    await start_serial(database, story_id, every=every)
    await post_next(database)
    step = {Every.HOUR: 1 / 24, Every.DAY: 1, Every.WEEK: 7}[every]
    assert await drops.next_moment() == days(step)


# The lease


@pytest.mark.usefixtures("serial_id")
async def test_a_drop_is_held_until_its_lease_runs_out_and_then_taken_over(database: Database):
    drops, mine = await claim_next(database, NOON, "a")
    assert await drops.claim("b", NOON + LEASE - SOON) is None
    assert await drops.next_moment() == NOON + LEASE
    theirs = await drops.claim("b", NOON + LEASE)
    assert theirs == mine
    assert await state(database) == [("posting", "b")]


@pytest.mark.usefixtures("serial_id")
async def test_who_lost_the_lease_may_neither_plan_nor_send_nor_give_it_back(database: Database):
    drops, drop = await claim_next(database, NOON, "a")
    later = NOON + LEASE
    assert await drops.claim("b", later) is not None
    assert not await drops.write_down(drop.id, "a", CARD)
    assert await drops.messages(drop.id) == []
    assert await drops.write_down(drop.id, "b", CARD)
    assert not await drops.sending(drop.id, 0, "a", later)
    await drops.hold(drop.id, "a", later)
    assert await state(database) == [("posting", "b")]
    assert [message.state for message in await drops.messages(drop.id)] == [MessageState.PLANNED]
    assert await drops.sending(drop.id, 0, "b", later)


@pytest.mark.usefixtures("serial_id")
async def test_every_message_renews_the_lease(database: Database):
    drops, drop = await claim_next(database, NOON, "a")
    assert await drops.write_down(drop.id, "a", CARD * 3)
    moment = NOON
    for position in range(3):
        moment += LEASE - SOON
        assert await drops.sending(drop.id, position, "a", moment)
    assert await drops.claim("b", moment + LEASE - SOON) is None


@pytest.mark.usefixtures("serial_id")
async def test_a_drop_that_is_held_back_is_looked_at_when_its_time_comes(database: Database):
    drops, drop = await claim_next(database)
    await drops.hold(drop.id, "worker", NOON + 10 * SOON)
    assert await drops.next_moment() == NOON + 10 * SOON
    assert await drops.claim("another", NOON + 9 * SOON) is None
    assert await drops.claim("another", NOON + 10 * SOON) is not None


@pytest.mark.usefixtures("serial_id")
async def test_a_posted_drop_can_be_neither_claimed_nor_sent_again(database: Database):
    drops, drop = await claim_next(database)
    assert await drops.write_down(drop.id, "worker", CARD)
    await drops.finish(drop, NOON, release=True)
    assert await drops.claim("another", NOON + LEASE) is None
    assert not await drops.sending(drop.id, 0, "worker", NOON)


# Messages


@pytest.mark.usefixtures("serial_id")
async def test_a_drop_is_written_down_as_it_will_be_sent(database: Database):
    drops, drop = await claim_next(database)
    messages = await planned(database, drop)
    assert await drops.write_down(drop.id, "worker", messages)
    stored = await drops.messages(drop.id)
    assert [(m.position, m.kind, m.content, m.scene_id) for m in stored] == [
        (n, m.kind, m.content, m.scene_id) for n, m in enumerate(messages)
    ]
    assert {(m.state, m.sending_at, m.message_id) for m in stored} == {(MessageState.PLANNED, None, None)}
    spans = await rows(database, """SELECT "start", "end" FROM drop_message ORDER BY position""")
    assert spans == [(m.start, m.end) for m in messages]


@pytest.mark.usefixtures("serial_id")
async def test_a_drop_cannot_be_written_down_twice(database: Database):
    drops, drop = await claim_next(database)
    assert await drops.write_down(drop.id, "worker", CARD)
    with pytest.raises(sqlite3.IntegrityError):
        await drops.write_down(drop.id, "worker", CARD)
    assert len(await drops.messages(drop.id)) == 1


@pytest.mark.usefixtures("serial_id")
async def test_a_message_remembers_when_it_was_first_tried_and_what_it_became(database: Database):
    drops, drop = await claim_next(database)
    assert await drops.write_down(drop.id, "worker", CARD)
    assert await drops.sending(drop.id, 0, "worker", NOON + SOON)
    assert await drops.sending(drop.id, 0, "worker", NOON + 9 * SOON)
    (message,) = await drops.messages(drop.id)
    assert (message.state, message.sending_at) == (MessageState.SENDING, NOON + SOON)
    await drops.sent(drop, message, 555, NOON)
    (message,) = await drops.messages(drop.id)
    assert (message.state, message.message_id) == (MessageState.SENT, 555)
    # A second worker that found the same message elsewhere changes nothing any more.
    assert await drops.sending(drop.id, 0, "worker", NOON)
    await drops.sent(drop, message, 666, NOON)
    (message,) = await drops.messages(drop.id)
    assert (message.state, message.message_id) == (MessageState.SENT, 555)


async def test_what_stands_in_a_channel_is_known_whichever_serial_posted_it(database: Database, story_id: StoryId):
    for channel in (1, 2):
        await start_serial(database, story_id, channel_id=channel)
    other = (await add(database, tale("other", first=500))).story_id
    await start_serial(database, other, channel_id=1)
    for first in (100, 200, 300):
        await post_next(database, first_message=first)
    drops, drop = await claim_next(database, days(1))
    assert await drops.write_down(drop.id, "worker", CARD * 2)
    (sent, _) = await drops.messages(drop.id)
    await drops.sent(drop, sent, 400, NOON)
    assert drop.channel_id == 1
    assert await drops.arrived(1) == {100, 101, 102, 300, 301, 302, 400}
    assert await drops.arrived(2) == {200, 201, 202}
    assert await drops.arrived(3) == frozenset()


@pytest.mark.usefixtures("serial_id")
async def test_reactions_count_from_the_moment_at_which_a_part_stands(database: Database):
    drops, drop = await claim_next(database)
    assert await drops.write_down(drop.id, "worker", await planned(database, drop))
    marks = Marks(database)
    for message in await drops.messages(drop.id):
        await drops.sent(drop, message, 900 + message.position, NOON)
        await marks.mark(900 + message.position, 1, "❤️", burst=False, now=NOON)
    # The card before the chapter shows no scene.
    assert await rows(database, "SELECT message_id FROM mark ORDER BY 1") == [(901,), (902,)]
    assert await marks.top(open_scope(), 5) == []
    await drops.finish(drop, NOON, release=True)
    found = [(scene.message_id, scene.channel_id) for scene, _ in await marks.top(open_scope(), 5)]
    assert found == [(901, CHANNEL), (902, CHANNEL)]


# Releasing


@pytest.mark.usefixtures("serial_id")
async def test_nothing_is_released_before_the_whole_chapter_stands(database: Database):
    drops, drop = await claim_next(database)
    messages = await planned(database, drop)
    assert await drops.write_down(drop.id, "worker", messages)
    for message in await drops.messages(drop.id):
        assert await drops.sending(drop.id, message.position, "worker", NOON)
        await drops.sent(drop, message, 900 + message.position, NOON)
        assert await released(database) == 0
        assert await Bag(database).draw(open_scope(), None) is None
    await drops.finish(drop, NOON, release=True)
    assert await released(database) == 2
    assert await Bag(database).draw(open_scope(), None) is not None
    scenes = await rows(database, "SELECT guild_id, scene_id FROM release ORDER BY scene_id")
    assert scenes == [(GUILD, m.scene_id) for m in messages if m.scene_id is not None]


@pytest.mark.usefixtures("serial_id")
async def test_finishing_twice_changes_nothing(database: Database):
    drops, drop = await claim_next(database)
    assert await drops.write_down(drop.id, "worker", await planned(database, drop))
    await drops.finish(drop, NOON, release=True)
    await drops.finish(drop, days(3), release=True)
    moment = await rows(database, """SELECT posted_at FROM "drop" """)
    assert moment == [(int(NOON.timestamp()),)]
    assert await released(database) == 2


# Pausing


@pytest.mark.usefixtures("serial_id")
async def test_a_paused_drop_waits_for_a_moderator_and_so_does_its_serial(database: Database):
    drops, drop = await claim_next(database)
    await drops.pause(drop, "worker", "channel_gone", NOON)
    assert await drops.next_moment() is None
    assert not await drops.plan_due(days(30))
    assert await drops.claim("another", days(30)) is None
    assert not await drops.sending(drop.id, 0, "worker", days(30))


async def test_who_lost_the_lease_pauses_nothing(database: Database, serial_id: int):
    drops, drop = await claim_next(database)
    later = NOON + LEASE + SOON
    assert await drops.claim("another", later) is not None
    assert not await drops.pause(drop, "worker", "channel_gone", later)
    assert await state(database) == [("posting", "another")]
    assert await rows(database, "SELECT state FROM serial") == [("active",)]
    assert await rows(database, "SELECT key FROM notice") == []
    assert await drops.pause(drop, "another", "channel_gone", later)
    assert await rows(database, "SELECT key FROM notice") == [("serial_paused",)]


async def test_what_a_paused_drop_had_sent_is_not_sent_again(database: Database, serial_id: int):
    drops, drop = await claim_next(database)
    assert await drops.write_down(drop.id, "worker", CARD * 3)
    (first, *_) = await drops.messages(drop.id)
    assert await drops.sending(drop.id, 0, "worker", NOON)
    await drops.sent(drop, first, 900, NOON)
    await drops.pause(drop, "worker", "channel_forbidden", NOON)
    assert await SerialRows(database).make_due(serial_id, days(1))
    again = await drops.claim("another", days(1))
    assert again is not None
    assert (again.id, again.chapter_id) == (drop.id, drop.chapter_id)
    states = [message.state for message in await drops.messages(again.id)]
    assert states == [MessageState.SENT, MessageState.PLANNED, MessageState.PLANNED]


# After a restart


@pytest.mark.usefixtures("serial_id")
async def test_a_drop_that_was_under_way_is_found_again(path: Path, database: Database):
    drops, drop = await claim_next(database)
    assert await drops.write_down(drop.id, "worker", CARD * 2)
    assert await drops.sending(drop.id, 0, "worker", NOON)
    before = await drops.messages(drop.id)
    async with await Database.open(path) as reopened:
        again = await DropRows(reopened).claim("after", NOON + LEASE)
        assert isinstance(again, ClaimedDrop)
        assert again.id == drop.id
        assert await DropRows(reopened).messages(again.id) == before
