"""Starting serials, letting them go on, and telling how they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import strings
from bot.domain.access import Place
from bot.domain.errors import Refused
from bot.domain.schedule import Every
from bot.domain.story import OPERATOR, Owner, Permission, PermissionFor, PermissionFrom, Rating
from bot.services.serials import First, Serials
from tests.support.builders import (
    GUILD,
    NOON,
    OTHER_GUILD,
    adult_place,
    open_place,
    serial_card,
    story_card,
    terms,
)
from tests.support.fakes import Clock, FakeSerialStore

TEEN = story_card("The Salt Door", story_id=1)
ADULT = story_card("Night Work", story_id=2, terms=terms(Rating.EXPLICIT))


@pytest.fixture
def store() -> FakeSerialStore:
    return FakeSerialStore()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def serials(store: FakeSerialStore, clock: Clock) -> Serials:
    return Serials(store, clock)


async def start(serials: Serials, story=TEEN, target: Place | None = None, **options):
    values = {"every": Every.WEEK, "first": First.TOMORROW, "user_id": 7, **options}
    return await serials.start(story, story.title, target or open_place(), **values)


# ------------------------------------------------------------------------------------------------ start


@pytest.mark.parametrize(
    ("first", "wait"),
    [
        (First.NOW, timedelta(0)),
        (First.MINUTE, timedelta(minutes=1)),
        (First.HOUR, timedelta(hours=1)),
        (First.TOMORROW, timedelta(days=1)),
    ],
)
async def test_the_first_chapter_comes_when_it_was_asked_for_and_the_others_in_the_rhythm(
    serials: Serials, first: First, wait: timedelta
):
    dates = (await start(serials, first=first, every=Every.DAY)).dates
    assert dates == [NOON + wait + timedelta(days=n) for n in range(3)]


async def test_what_was_chosen_is_what_is_stored(serials: Serials, store: FakeSerialStore):
    await start(serials, target=open_place(channel_id=33), every=Every.HOUR, first=First.NOW)
    (serial,) = store.started

    assert (serial.guild_id, serial.channel_id, serial.story_id, serial.created_by) == (GUILD, 33, TEEN.id, 7)
    assert (serial.rhythm.every, serial.rhythm.start) == (Every.HOUR, NOON)


async def test_the_dates_named_are_the_dates_stored_to_the_second(serials: Serials, clock: Clock, store):
    clock.advance(microseconds=123_456)
    dates = (await start(serials, first=First.NOW)).dates

    assert dates[0] == NOON
    assert store.started[0].rhythm.start == NOON


@pytest.mark.parametrize("rating", [Rating.MATURE, Rating.EXPLICIT])
async def test_an_adult_story_needs_an_age_restricted_channel(serials: Serials, store, rating: Rating):
    story = story_card("Night Work", terms=terms(rating))
    with pytest.raises(Refused) as refused:
        await start(serials, story, open_place(channel_id=33))

    assert refused.value.key == "serial_channel_not_restricted"

    assert refused.value.values == {"title": "Night Work", "rating": rating.value, "channel": 33}
    assert store.started == []
    assert await start(serials, story, adult_place(channel_id=33))


@pytest.mark.parametrize(
    ("owner", "key", "way"),
    [
        (OPERATOR, "serial_channel_not_restricted_unrated", "whoever runs this bot"),
        (Owner(GUILD), "serial_channel_not_restricted_unrated_own", "/library add"),
    ],
)
async def test_who_can_rate_an_unrated_story_is_named(serials: Serials, store, owner: Owner, key: str, way: str):
    story = story_card("Night Work", terms=terms(Rating.UNRATED, owner=owner))
    with pytest.raises(Refused) as refused:
        await start(serials, story, open_place(channel_id=33))
    assert (refused.value.key, store.started) == (key, [])
    assert way in strings.REFUSALS[key]
    assert "runs this bot" not in strings.REFUSALS["serial_channel_not_restricted"]


def test_a_pause_for_the_rating_blames_neither_the_story_nor_the_channel():
    said = strings.PAUSES["channel_not_restricted"]
    assert "any more" not in said
    assert "one of the two has changed" in said


@pytest.mark.parametrize(("left", "dates"), [(1, 1), (2, 2), (3, 3), (9, 3)])
async def test_no_date_is_promised_beyond_the_last_chapter(serials: Serials, store, left: int, dates: int):
    store.left = left
    assert len((await start(serials)).dates) == dates


async def test_a_serial_without_a_chapter_left_is_not_started(serials: Serials, store):
    store.left = 0
    with pytest.raises(Refused, match="serial_out_of_chapters"):
        await start(serials)
    assert store.started == []
    store.hold(replace(serial_card(5), channel_id=33))
    with pytest.raises(Refused, match="serial_exists"):
        await start(serials, target=open_place(channel_id=33))


async def test_a_rating_that_moderators_do_not_allow_is_refused_for_that(serials: Serials):
    place = replace(adult_place(), ratings=frozenset({Rating.GENERAL, Rating.TEEN}))
    with pytest.raises(Refused) as refused:
        await serials.start(
            story_card(terms=terms(Rating.MATURE)), "x", place, every=Every.DAY, first=First.NOW, user_id=1
        )
    assert refused.value.key == "serial_rating_not_allowed"


@pytest.mark.parametrize("hidden", [terms(owner=Owner(OTHER_GUILD)), terms(withdrawn=True)])
async def test_a_story_that_is_not_ours_or_was_withdrawn_is_not_started(serials: Serials, store, hidden):
    with pytest.raises(Refused):
        await start(serials, story_card(terms=hidden), adult_place())
    assert store.started == []


async def test_a_story_runs_once_in_a_channel(serials: Serials):
    await start(serials, target=open_place(channel_id=33))
    with pytest.raises(Refused) as refused:
        await start(serials, target=open_place(channel_id=33))
    assert refused.value.key == "serial_exists"
    assert refused.value.values == {"title": TEEN.title, "channel": 33}

    await start(serials, target=open_place(channel_id=34))


async def test_a_start_says_whether_it_hides_what_readers_could_be_shown(serials: Serials):
    assert (await start(serials, target=open_place(channel_id=33))).hides
    assert not (await start(serials, target=open_place(channel_id=34))).hides


# ------------------------------------------------------------------------------------------------- end


async def test_the_serial_that_is_meant_is_ended(serials: Serials, store: FakeSerialStore):
    store.hold(replace(serial_card(5), channel_id=33), story_id=1)
    store.hold(replace(serial_card(6), channel_id=34), story_id=1)
    store.hold(replace(serial_card(7), channel_id=33), story_id=2)
    with pytest.raises(Refused) as refused:
        await serials.end(TEEN, "The Salt Door", open_place())
    assert (refused.value.key, refused.value.values["channels"]) == ("serial_several", (33, 34))
    assert (await serials.end(TEEN, TEEN.title, open_place(), 34)).id == 6
    assert (await serials.end(TEEN, TEEN.title, open_place())).id == 5
    with pytest.raises(Refused, match="serial_none"):
        await serials.end(TEEN, "The Salt Door", open_place())
    assert [row.card.id for row in store.rows] == [7]


# ------------------------------------------------------------------------------------------------- now


async def test_the_next_chapter_is_made_due_now(serials: Serials, store: FakeSerialStore):
    store.hold(serial_card(5), story_id=1)
    card = await serials.make_due(TEEN, TEEN.title, open_place())

    assert card.id == 5
    assert store.rows[0].due == NOON


async def test_a_story_without_a_serial_here_is_said_so(serials: Serials, store: FakeSerialStore):
    store.hold(serial_card(5), story_id=1, guild_id=OTHER_GUILD)
    store.hold(serial_card(6), story_id=2)
    with pytest.raises(Refused) as refused:
        await serials.make_due(TEEN, "The Salt Door", open_place())

    assert refused.value.key == "serial_none"
    assert refused.value.values == {"title": "The Salt Door"}


async def test_a_story_whose_chapters_are_all_posted_is_said_so(serials: Serials, store: FakeSerialStore):
    store.hold(serial_card(5), chapters_left=False)
    with pytest.raises(Refused) as refused:
        await serials.make_due(TEEN, "The Salt Door", open_place())
    assert refused.value.key == "serial_out_of_chapters"


async def test_of_two_serials_of_a_story_the_one_with_chapters_left_goes_on(serials: Serials, store):
    store.hold(replace(serial_card(5), state="resting"), chapters_left=False)
    store.hold(serial_card(6))

    assert (await serials.make_due(TEEN, TEEN.title, open_place())).id == 6


async def test_of_two_serials_of_a_story_the_paused_one_is_meant(serials: Serials, store):
    store.hold(serial_card(5))
    store.hold(replace(serial_card(6), channel_id=34, state="paused", reason="channel_forbidden"))

    assert (await serials.make_due(TEEN, TEEN.title, open_place())).id == 6


async def test_where_a_story_runs_twice_it_must_be_said_which_is_meant(serials: Serials, store):
    store.hold(replace(serial_card(5), channel_id=33))
    store.hold(replace(serial_card(6), channel_id=34))
    with pytest.raises(Refused) as refused:
        await serials.make_due(TEEN, TEEN.title, open_place())
    assert refused.value.key == "serial_several"
    assert refused.value.values["channels"] == (33, 34)

    assert (await serials.make_due(TEEN, TEEN.title, open_place(), 34)).id == 6


# ------------------------------------------------------------------------------------------------ list


async def test_serials_that_may_not_be_named_here_are_only_counted(serials: Serials, store: FakeSerialStore):
    store.hold(serial_card(1))
    store.hold(serial_card(2, terms=ADULT.terms), story_id=2)
    store.hold(serial_card(3), guild_id=OTHER_GUILD)
    store.hold(serial_card(4, terms=terms(withdrawn=True)), story_id=3)

    cards, elsewhere = await serials.serials(open_place())
    assert ([c.item.id for c in cards], elsewhere) == ([1], {"restricted": 1, "withdrawn": 1})
    cards, elsewhere = await serials.serials(adult_place())
    assert ([c.item.id for c in cards], elsewhere) == ([1, 2], {"withdrawn": 1})
    general = replace(adult_place(), ratings=frozenset({Rating.GENERAL}))
    assert await serials.serials(general) == ([], {"rating": 2, "withdrawn": 1})


async def test_how_far_a_serial_has_come(serials: Serials, store: FakeSerialStore):
    store.hold(serial_card(1, posted=3, state="paused", reason="channel_gone"))
    found = await serials.progress(1, open_place())

    assert (found.posted, found.reason) == (3, "channel_gone")


async def test_another_servers_serial_has_no_progress_here(serials: Serials, store: FakeSerialStore):
    store.hold(serial_card(1), guild_id=OTHER_GUILD)
    with pytest.raises(Refused, match="check_old"):
        await serials.progress(1, open_place())


# ---------------------------------------------------------------------------------------------- consent


@pytest.mark.parametrize("source", PermissionFrom)
@pytest.mark.parametrize("covers", PermissionFor)
async def test_a_serial_needs_somebodys_word_for_the_full_text(
    serials: Serials, store: FakeSerialStore, source: PermissionFrom, covers: PermissionFor
):
    story = story_card(permission=Permission(source, covers))
    if source is not PermissionFrom.UNKNOWN and covers is PermissionFor.FULL_TEXT:
        await start(serials, story)
        assert len(store.started) == 1
        return
    with pytest.raises(Refused) as refused:
        await start(serials, story)
    said = strings.refusal(refused.value)
    assert "--set permission=author" in said
    assert ("nobody is on record" in said) == (source is PermissionFrom.UNKNOWN)
    assert store.started == []
