from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.schedule import Every, Rhythm
from bot.domain.story import Chapter, Manuscript, Rating, StoryId
from bot.services.serials import NewSerial
from bot.storage.checks import CheckRows
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.imports import Imports
from bot.storage.serials import SerialRows
from bot.storage.stories import Stories
from tests.support.builders import CHANNEL, GUILD, NOON, OTHER_GUILD
from tests.support.stories import add, claim_next, days, open_scope, planned, post_next, rows, start_serial, tale


@pytest.fixture
def serials(database: Database) -> SerialRows:
    return SerialRows(database)


@pytest.fixture
async def story_id(database: Database) -> StoryId:
    return (await add(database, tale(chapters=3))).story_id


def new(story_id: StoryId, channel_id: int = CHANNEL, guild_id: int = GUILD) -> NewSerial:
    return NewSerial(
        guild_id=guild_id,
        channel_id=channel_id,
        story_id=story_id,
        rhythm=Rhythm(Every.WEEK, days(1)),
        created_by=9,
    )


async def posted_number(database: Database, moment: float = 0) -> int | None:
    """Post what is due at that day and say which chapter it was, if any."""
    drops = DropRows(database)
    while await drops.plan_due(days(moment)):
        pass
    if not await rows(database, """SELECT 1 FROM "drop" WHERE state = 'posting'"""):
        return None
    chapter_id, _ = await post_next(database, days(moment))
    chapter = await Stories(database).chapter(chapter_id)
    assert chapter is not None
    return chapter.number


# Starting and telling


async def test_a_story_runs_once_in_a_channel(serials: SerialRows, story_id: StoryId):
    first = await serials.start(new(story_id), NOON)
    assert first is not None
    assert await serials.start(new(story_id), NOON) is None
    assert await serials.start(new(story_id, channel_id=CHANNEL + 1), NOON) not in (None, first)


async def test_what_moderators_are_told_of_a_serial(database: Database, serials: SerialRows, story_id: StoryId):
    serial_id = await serials.start(new(story_id), NOON)
    other = (await add(database, tale("night", first=100, rating=Rating.MATURE))).story_id
    await serials.start(new(other), NOON)
    await serials.start(new(other, guild_id=OTHER_GUILD, channel_id=77), NOON)
    (card, of), (second, _) = await serials.serials(GUILD)
    assert (card.id, of, card.channel_id, card.story_title) == (serial_id, story_id, CHANNEL, "Oar Song")
    assert (card.state, card.reason, card.next_due) == ("active", None, days(1))
    assert (card.posted, card.chapters, card.terms.rating) == (0, 3, Rating.TEEN)
    assert (second.story_title, second.terms.rating) == ("Night", Rating.MATURE)
    assert [card.channel_id for card, _ in await serials.serials(OTHER_GUILD)] == [77]
    assert await serials.serials(300) == []


async def test_only_what_is_wholly_posted_counts(database: Database, serials: SerialRows, story_id: StoryId):
    await serials.start(new(story_id), NOON)
    await post_next(database, days(1))
    await claim_next(database, days(8))
    ((card, _),) = await serials.serials(GUILD)
    assert (card.posted, card.next_due) == (1, days(15))


# Which chapter is next


async def test_chapters_come_in_order_then_it_rests(database: Database, serials: SerialRows, story_id: StoryId):
    await start_serial(database, story_id)
    assert [await posted_number(database, day) for day in range(4)] == [1, 2, 3, None]
    ((card, _),) = await serials.serials(GUILD)
    assert (card.state, card.next_due, card.posted) == ("resting", None, 3)
    assert await DropRows(database).next_moment() is None


async def test_what_is_left_in_a_channel_is_known_before_a_serial_is_taken_up_again(
    database: Database, serials: SerialRows, story_id: StoryId
):
    assert await serials.chapters_left(story_id, CHANNEL) == 3
    first = await serials.start(new(story_id), NOON)
    assert first is not None
    for day, left in enumerate((2, 1, 0)):
        assert await posted_number(database, 1 + 7 * day) == day + 1
        assert await serials.chapters_left(story_id, CHANNEL) == left
    assert await serials.chapters_left(story_id, CHANNEL + 1) == 3
    assert await serials.end(GUILD, first, NOON)
    assert await serials.chapters_left(story_id, CHANNEL) == 0


async def test_two_channels_each_get_every_chapter(database: Database, story_id: StoryId):
    await start_serial(database, story_id)
    await start_serial(database, story_id, channel_id=CHANNEL + 1)
    assert [await posted_number(database) for _ in range(3)] == [1, 1, None]
    assert [await posted_number(database, 1) for _ in range(3)] == [2, 2, None]


def numbered(story: Manuscript, *chapters: Chapter) -> Manuscript:
    """The story of just these chapters, numbered as they stand."""
    return replace(story, chapters=tuple(replace(c, number=n) for n, c in enumerate(chapters, 1)))


@pytest.fixture
def story() -> Manuscript:
    return tale(chapters=4)


@pytest.fixture
def fresh() -> Chapter:
    return tale(chapters=1, first=800).chapters[0]


async def begun(database: Database, story: Manuscript, posted: int = 2) -> None:
    """Its serial, so many chapters of it posted."""
    await start_serial(database, (await add(database, story)).story_id)
    for day in range(posted):
        assert await posted_number(database, day) == day + 1


async def rest(database: Database, first_day: int) -> list[int | None]:
    """The numbers of all that come from that day on."""
    return [await posted_number(database, first_day + day) for day in range(4)]


async def test_a_chapter_that_comes_in_behind_the_posting_point_is_not_posted(
    database: Database, story: Manuscript, fresh: Chapter
):
    await begun(database, story)
    one, two, three, four = story.chapters
    await add(database, numbered(story, one, fresh, two, three, four))
    assert await rest(database, 2) == [4, 5, None, None]


async def test_a_chapter_that_comes_in_ahead_of_it_is(database: Database, story: Manuscript, fresh: Chapter):
    await begun(database, story)
    one, two, three, four = story.chapters
    await add(database, numbered(story, one, two, fresh, three, four))
    assert await rest(database, 2) == [3, 4, 5, None]


async def test_a_posted_chapter_that_is_taken_out_hides_none_that_is_to_come(database: Database, story: Manuscript):
    await begun(database, story)
    one, _, three, four = story.chapters
    await add(database, numbered(story, one, three, four))
    assert await rest(database, 2) == [2, 3, None, None]


async def test_what_is_not_cleared_away_yet_hides_no_chapter(
    database: Database, story: Manuscript, monkeypatch: pytest.MonkeyPatch
):
    await begun(database, story, posted=3)
    one, _, three, four = story.chapters

    async def killed(*_: object) -> None:
        """The import was killed once its text was seen."""

    monkeypatch.setattr(Imports, "clear_stale", killed)
    await add(database, numbered(story, one, three, four))
    assert await rest(database, 3) == [3, None, None, None]


async def test_two_posted_chapters_that_become_one_hide_none_that_is_to_come(database: Database, story: Manuscript):
    await begun(database, story)
    one, two, three, four = story.chapters
    await add(database, numbered(story, replace(one, scenes=(*one.scenes, *two.scenes)), three, four))
    assert await rest(database, 2) == [2, 3, None, None]


async def test_where_all_that_was_posted_is_gone_the_story_is_told_anew(database: Database, story: Manuscript):
    await begun(database, story)
    chapters = tale(chapters=4, first=500).chapters
    await add(database, replace(story, chapters=tuple(replace(c, number=10 + n) for n, c in enumerate(chapters))))
    assert await rest(database, 2) == [10, 11, 12, 13]


# At once, please


async def test_the_next_chapter_is_made_due_and_the_rhythm_stays(
    database: Database, serials: SerialRows, story_id: StoryId
):
    serial_id = await serials.start(new(story_id), NOON)
    assert serial_id is not None
    assert await posted_number(database, 0.5) is None
    assert await serials.make_due(serial_id, days(0.5))
    assert await posted_number(database, 0.5) == 1
    ((card, _),) = await serials.serials(GUILD)
    assert card.next_due == days(1)


async def test_asked_twice_before_it_is_posted_one_chapter_comes(
    database: Database, serials: SerialRows, story_id: StoryId
):
    serial_id = await start_serial(database, story_id, start=days(10))
    assert await serials.make_due(serial_id, NOON)
    await claim_next(database)
    assert await serials.make_due(serial_id, NOON + timedelta(seconds=1))
    assert await rows(database, """SELECT state FROM "drop" """) == [("posting",)]
    ((card, _),) = await serials.serials(GUILD)
    assert card.next_due == days(10)


async def test_a_drop_that_waits_goes_on_at_once(database: Database, serials: SerialRows, story_id: StoryId):
    serial_id = await start_serial(database, story_id)
    drops, drop = await claim_next(database)
    await drops.hold(drop.id, "worker", days(1))
    assert await drops.claim("worker", NOON) is None
    assert await serials.make_due(serial_id, NOON)
    again = await drops.claim("worker", NOON)
    assert again is not None
    assert again.id == drop.id


async def test_a_drop_that_somebody_is_posting_is_not_taken_from_them(
    database: Database, serials: SerialRows, story_id: StoryId
):
    serial_id = await start_serial(database, story_id)
    drops, _ = await claim_next(database)
    assert await serials.make_due(serial_id, NOON)
    assert await drops.claim("another", NOON) is None


async def test_a_paused_serial_goes_on_with_the_chapter_that_stood_still(
    database: Database, serials: SerialRows, story_id: StoryId
):
    serial_id = await start_serial(database, story_id)
    drops, drop = await claim_next(database)
    await drops.pause(drop, "worker", "channel_forbidden", NOON)
    ((card, _),) = await serials.serials(GUILD)
    assert (card.state, card.reason) == ("paused", "channel_forbidden")
    assert await posted_number(database, 1) is None
    assert await serials.make_due(serial_id, days(1))
    ((card, _),) = await serials.serials(GUILD)
    assert (card.state, card.reason) == ("active", None)
    assert [await posted_number(database, 1), await posted_number(database, 1)] == [1, None]


async def test_what_was_missed_in_a_long_pause_is_left_out(database: Database, serials: SerialRows, story_id: StoryId):
    serial_id = await start_serial(database, story_id)
    drops, drop = await claim_next(database)
    await drops.pause(drop, "worker", "channel_forbidden", NOON)
    assert await serials.make_due(serial_id, days(20.5))
    assert [await posted_number(database, 20.5), await posted_number(database, 20.6)] == [1, None]
    assert await posted_number(database, 21) == 2


async def test_where_no_chapter_is_left_it_says_so(database: Database, serials: SerialRows, story_id: StoryId):
    serial_id = await start_serial(database, story_id)
    for day in range(4):
        await posted_number(database, day)
    assert not await serials.make_due(serial_id, days(5))
    ((card, _),) = await serials.serials(GUILD)
    assert card.state == "resting"


async def test_a_serial_rests_as_soon_as_its_last_chapter_stands(
    database: Database, serials: SerialRows, story_id: StoryId
):
    await start_serial(database, story_id)
    for day in range(3):
        await posted_number(database, day)
    ((card, _),) = await serials.serials(GUILD)
    assert (card.state, card.next_due, card.posted) == ("resting", None, 3)


async def test_a_resting_serial_wakes_with_its_rhythm_when_its_story_grows(
    database: Database, serials: SerialRows, story_id: StoryId
):
    await start_serial(database, story_id)
    other = (await add(database, tale("other", chapters=1, first=700))).story_id
    await start_serial(database, other, channel_id=CHANNEL + 1, start=days(1))
    for day in (0, 1, 1, 2):
        await posted_number(database, day)
    assert not await DropRows(database).plan_due(days(9))
    await add(database, tale(chapters=5))
    assert await posted_number(database, 9.5) is None
    (card, _), (second, _) = await serials.serials(GUILD)
    assert (card.state, card.next_due) == ("active", days(10))
    assert (second.state, second.next_due) == ("resting", None)
    assert [await posted_number(database, day) for day in (10, 10.5, 11, 12)] == [4, None, 5, None]


async def test_a_resting_serial_goes_on_when_there_is_more(database: Database, serials: SerialRows, story_id: StoryId):
    serial_id = await start_serial(database, story_id)
    for day in range(4):
        await posted_number(database, day)
    await add(database, tale(chapters=5))
    assert await serials.make_due(serial_id, days(5.5))
    assert await posted_number(database, 5.5) == 4
    assert await posted_number(database, 6) == 5


async def test_a_waiting_chapter_that_is_gone_leaves_the_next_one_its_turn(
    database: Database, serials: SerialRows, story: Manuscript
):
    await begun(database, story, posted=1)
    drops, drop = await claim_next(database, days(1))
    one, _, three, four = story.chapters
    await add(database, numbered(story, one, three, four))
    assert await drops.pause(drop, "worker", "chapter_gone", days(1))
    assert await serials.make_due(drop.serial_id, days(2))
    assert await posted_number(database, 2) == 2
    assert await rows(database, """SELECT state FROM "drop" """) == [("posted",), ("posted",)]


async def test_a_waiting_chapter_that_is_there_keeps_its_turn(
    database: Database, serials: SerialRows, story: Manuscript
):
    await begun(database, story, posted=1)
    drops, drop = await claim_next(database, days(1))
    assert await drops.pause(drop, "worker", "channel_gone", days(1))
    assert await serials.make_due(drop.serial_id, days(2))
    assert await rows(database, """SELECT id, state FROM "drop" WHERE state <> 'posted'""") == [(drop.id, "posting")]


async def test_that_a_serial_was_paused_is_no_news_once_it_goes_on(
    database: Database, serials: SerialRows, story: Manuscript
):
    await begun(database, story, posted=1)
    drops, drop = await claim_next(database, days(1))
    assert await drops.pause(drop, "worker", "channel_gone", days(1))
    assert await rows(database, "SELECT key FROM notice") == [("serial_paused",)]
    assert await serials.make_due(drop.serial_id, days(2))
    assert await rows(database, "SELECT key FROM notice") == []


# Ending


async def states(database: Database) -> list[tuple[object, ...]]:
    return await rows(database, "SELECT state, next_due, ended_at IS NOT NULL FROM serial ORDER BY id")


async def released_count(database: Database) -> int:
    ((count,),) = await rows(database, "SELECT count(*) FROM release")
    assert isinstance(count, int)
    return count


async def test_an_ended_serial_posts_no_more_and_what_it_released_stays(
    database: Database, serials: SerialRows, story_id: StoryId
):
    serial_id = await serials.start(new(story_id), NOON)
    assert serial_id is not None
    assert await posted_number(database, 1) == 1
    before = await released_count(database)
    assert not await serials.end(OTHER_GUILD, serial_id, days(2))
    assert await serials.end(GUILD, serial_id, days(2))
    assert not await serials.end(GUILD, serial_id, days(2))

    assert await serials.serials(GUILD) == []
    assert not await serials.make_due(serial_id, days(3))
    # Chapters are left, and it rests: but it is not woken.
    assert not await DropRows(database).plan_due(days(100))
    assert await DropRows(database).next_moment() is None
    assert await states(database) == [("resting", None, 1)]
    assert await released_count(database) == before > 0
    # Nothing else of the story is let out with it.
    (found,) = (await Stories(database).shelf(open_scope()),)
    assert [card.chapters for card in found] == [1]


async def test_what_was_under_way_is_closed_with_its_serial(database: Database, serials: SerialRows, story_id: StoryId):
    serial_id = await serials.start(new(story_id), NOON)
    assert serial_id is not None
    drops, drop = await claim_next(database, days(1))
    await drops.write_down(drop.id, "worker", await planned(database, drop))
    await serials.end(GUILD, serial_id, days(1))

    assert not await drops.sending(drop.id, 0, "worker", days(1))
    await drops.finish(drop, days(1), release=True)
    assert not await drops.pause(drop, "worker", "channel_gone", days(1))
    assert await drops.claim("other", days(9)) is None
    assert await rows(database, 'SELECT * FROM "drop"') == []
    assert await released_count(database) == 0
    assert await states(database) == [("resting", None, 1)]


async def test_a_pause_of_a_serial_that_was_ended_is_not_told(
    database: Database, serials: SerialRows, story_id: StoryId
):
    serial_id = await serials.start(new(story_id), NOON)
    assert serial_id is not None
    drops, drop = await claim_next(database, days(1))
    await drops.pause(drop, "worker", "channel_gone", days(1))
    await serials.end(GUILD, serial_id, days(1))
    assert await rows(database, "SELECT key FROM notice WHERE told_at IS NULL") == []
    assert await states(database) == [("resting", None, 1)]


async def test_started_again_an_ended_serial_goes_on_where_it_stopped(
    database: Database, serials: SerialRows, story_id: StoryId
):
    serial_id = await serials.start(new(story_id), NOON)
    assert serial_id is not None
    assert not await serials.was_serialised(GUILD, StoryId(story_id + 1))
    assert await posted_number(database, 1) == 1
    await serials.end(GUILD, serial_id, days(2))
    assert await serials.was_serialised(GUILD, story_id)
    again = replace(new(story_id), rhythm=Rhythm(Every.DAY, days(5)))
    assert await serials.start(again, days(4)) == serial_id
    assert await serials.start(again, days(4)) is None
    ((card, _),) = await serials.serials(GUILD)
    assert (card.state, card.next_due, card.posted) == ("active", days(5), 1)
    assert [await posted_number(database, day) for day in (4, 5, 6)] == [None, 2, 3]


# Buttons that were drawn for another time


async def test_a_serial_goes_on_only_as_it_stood(database: Database, serials: SerialRows, story_id: StoryId):
    async def standing() -> str:
        (found,) = await CheckRows(database).standings(GUILD)
        return found.standing

    serial_id = await serials.start(new(story_id), NOON)
    assert serial_id is not None
    fresh = await standing()
    drops, drop = await claim_next(database, days(1))
    under_way = await standing()
    await drops.pause(drop, "worker", "channel_forbidden", days(1))
    paused = await standing()
    assert len({fresh, under_way, paused}) == 3

    for old in (fresh, under_way, ""):
        assert not await serials.make_due(serial_id, days(2), old)
    assert await standing() == paused
    assert await serials.make_due(serial_id, days(2), paused)
    assert not await serials.make_due(serial_id, days(2), paused)
    assert await posted_number(database, 2) == 1
    posted = await standing()
    for old in (fresh, under_way, paused):
        assert not await serials.make_due(serial_id, days(2), old)
    assert posted not in (fresh, under_way, paused)
    assert await posted_number(database, 2) is None


@pytest.mark.parametrize("seen", [True, False])
async def test_what_was_posted_where_readers_do_not_look_is_counted(
    database: Database, serials: SerialRows, story_id: StoryId, seen: bool
):
    await serials.start(new(story_id), NOON)
    drops, drop = await claim_next(database, days(1))
    await drops.write_down(drop.id, "worker", await planned(database, drop))
    await drops.finish(drop, days(1), release=seen)
    (found,) = await CheckRows(database).standings(GUILD)
    assert found.unshown == (0 if seen else 1)
