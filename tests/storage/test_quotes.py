from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.access import Scope, scope
from bot.domain.story import Rating, StoryId
from bot.storage.database import Database
from bot.storage.quotes import Bag
from bot.storage.stories import Stories
from tests.support.builders import GUILD, OTHER_GUILD, manuscript
from tests.support.stories import (
    PLACES,
    Gated,
    add,
    adult_scope,
    change,
    open_scope,
    post_next,
    released_texts,
    sentence,
    start_serial,
    tale,
)


@pytest.fixture
def bag(database: Database) -> Bag:
    return Bag(database)


async def drawn(
    database: Database, times: int, where: Scope | None = None, story_id: StoryId | None = None
) -> list[str | None]:
    """The texts of so many draws, one after the other; None for a draw that finds nothing."""
    bag, stories = Bag(database), Stories(database)
    where = where or open_scope()
    texts: list[str | None] = []
    for _ in range(times):
        line_id = await bag.draw(where, story_id)
        found = await stories.passages(where, [line_id]) if line_id is not None else []
        texts.append(found[0][0].text if found else None)
    return texts


def sentences(count: int, first: int = 0) -> list[str]:
    return [sentence(first + n) for n in range(count)]


SMALL = tale(chapters=1, scenes=2, lines=4)
"""Eight lines, all worth quoting."""


async def test_no_line_comes_twice_before_all_have_come_then_all_come_again(database: Database):
    await add(database, SMALL)
    for _ in range(3):
        assert sorted(map(str, await drawn(database, 8))) == sorted(sentences(8))


async def test_the_order_is_left_to_chance(database: Database):
    await add(database, SMALL)
    assert len({tuple(await drawn(database, 8)) for _ in range(4)}) > 1


async def test_lines_that_are_not_worth_quoting_never_come(database: Database):
    story = SMALL
    first = story.chapters[0].scenes[0]
    dull = replace(first, lines=tuple(replace(line, quotable=False) for line in first.lines))
    chapter = replace(story.chapters[0], scenes=(dull, story.chapters[0].scenes[1]))
    await add(database, replace(story, chapters=(chapter,)))
    assert set(await drawn(database, 9)) == set(sentences(4, 4))


async def test_where_nothing_is_worth_quoting_nothing_comes(database: Database, bag: Bag):
    assert await bag.draw(adult_scope(), None) is None
    await add(database, tale(rating=Rating.MATURE))
    assert await bag.draw(open_scope(), None) is None
    assert await bag.draw(adult_scope(), StoryId(77)) is None


async def test_a_round_goes_on_after_a_restart(path: Path):
    seen: list[str | None] = []
    for _ in range(4):
        async with await Database.open(path) as database:
            if not seen:
                await add(database, SMALL)
            seen += await drawn(database, 2)
    assert sorted(map(str, seen)) == sorted(sentences(8))


async def test_a_new_line_joins_the_round(database: Database):
    await add(database, SMALL)
    await drawn(database, 8)
    await add(database, tale("second", chapters=1, scenes=1, lines=2, first=50))
    assert set(await drawn(database, 2)) == set(sentences(2, 50))


async def test_a_line_that_was_shown_stays_so_after_the_story_is_imported_again(database: Database):
    await add(database, SMALL)
    before = await drawn(database, 5)
    longer = manuscript([*(scene.text for scene in SMALL.chapters[0].scenes), sentence(70)], slug="oar-song")
    await add(database, longer)
    assert sorted(map(str, before + await drawn(database, 4))) == sorted([*sentences(8), sentence(70)])


async def test_every_server_has_its_own_round(database: Database):
    await add(database, SMALL)
    here = await drawn(database, 5)
    # One more than there are: a new round begins there, and not here.
    assert set(await drawn(database, 9, open_scope(OTHER_GUILD))) == set(sentences(8))
    assert set(here + await drawn(database, 3)) == set(sentences(8))


async def test_asking_for_one_story_starts_only_that_storys_round_again(database: Database):
    story = (await add(database, SMALL)).story_id
    await add(database, tale("second", chapters=1, scenes=1, lines=3, first=50))
    first = await drawn(database, 1, story_id=(await ids_of(database, "second")))
    assert set(await drawn(database, 8, story_id=story)) == set(sentences(8))
    # All eight were shown; asked for again they come again, and the other story's round stands.
    assert set(await drawn(database, 8, story_id=story)) == set(sentences(8))
    rest = await drawn(database, 2)
    assert set(first + rest) == set(sentences(3, 50))


async def ids_of(database: Database, slug: str) -> StoryId:
    return next(card.id for card in await Stories(database).shelf(adult_scope()) if card.slug == slug)


async def test_an_open_channel_does_not_start_the_adults_round_again(database: Database):
    await add(database, SMALL)
    await add(database, tale("night", chapters=1, scenes=1, lines=4, first=50, rating=Rating.MATURE))
    await drawn(database, 12, adult_scope())
    assert set(await drawn(database, 8)) == set(sentences(8))
    # In an age-restricted channel nothing is left of either, so all twelve start again.
    assert set(await drawn(database, 12, adult_scope())) == set(sentences(8) + sentences(4, 50))


async def test_what_is_not_released_waits_and_then_joins(database: Database):
    story = await add(database, tale(chapters=3, scenes=1, lines=2))
    await start_serial(database, story.story_id)
    assert await drawn(database, 1) == [None]
    await post_next(database)
    assert set(await drawn(database, 2)) == set(sentences(2))
    assert set(await drawn(database, 2)) == set(sentences(2))
    assert set(await drawn(database, 6, open_scope(OTHER_GUILD))) == set(sentences(6))


async def test_a_withdrawn_story_is_not_quoted(database: Database):
    await add(database, SMALL)
    await change(database, "UPDATE story SET withdrawn_at = 1")
    assert await drawn(database, 1, adult_scope()) == [None]


async def test_every_place_is_shown_all_that_it_may_be_and_nothing_else(gated: Gated):
    database, library = gated
    for place in PLACES:
        may = [text for n, (story, _) in enumerate(library) for text in released_texts(story, n, place)]
        await change(database, "DELETE FROM shown")
        assert sorted(map(str, await drawn(database, len(may), scope(place)))) == sorted(may)


# At the same time


async def test_people_who_draw_at_the_same_moment_never_get_the_same_line(database: Database, path: Path):
    await add(database, tale(chapters=1, scenes=2, lines=10))
    async with await Database.open(path) as second:
        bags = [Bag(database), Bag(second)] * 10
        lines = await asyncio.gather(*(each.draw(open_scope(), None) for each in bags))
    assert len(set(lines)) == len(lines) == 20


async def test_people_who_draw_at_the_turn_of_a_round_get_each_line_once_a_round(database: Database, path: Path):
    await add(database, SMALL)
    await drawn(database, 5)
    async with await Database.open(path) as second:
        bags = [Bag(database), Bag(second)] * 6
        lines = await asyncio.gather(*(each.draw(open_scope(), None) for each in bags))
    # Three were left of one round, eight of the next, and one of the round after it.
    counts = Counter(lines)
    assert len(counts) == 8
    assert sum(counts.values()) == 12
    assert max(counts.values()) <= 3


# Any history, against a small model

ADULT = st.booleans()
GUILDS = st.sampled_from([GUILD, OTHER_GUILD])
STORY = st.integers(0, 2)
STEPS = st.one_of(
    st.tuples(st.just("draw"), GUILDS, ADULT, st.none() | STORY),
    st.tuples(st.just("draw"), GUILDS, ADULT, st.none()),
    st.tuples(st.just("import"), STORY, st.integers(1, 3)),
    st.tuples(st.just("withdraw"), STORY),
    st.tuples(st.just("serial"), STORY, GUILDS),
    st.tuples(st.just("post")),
    st.tuples(st.just("restart")),
)
RATINGS = (Rating.GENERAL, Rating.TEEN, Rating.MATURE)


class Model:
    """What the bag promises, kept in sets."""

    def __init__(self) -> None:
        self.stories: dict[int, list[list[str]]] = {}
        """The chapters of each story."""
        self.posted: dict[tuple[int, int], int] = {}
        """How many chapters a serial has posted, by server and story."""
        self.withdrawn: set[int] = set()
        self.shown: dict[int, set[str]] = {GUILD: set(), OTHER_GUILD: set()}

    def allowed(self, guild: int, adult: bool, story: int | None) -> set[str]:
        return {
            line
            for number, chapters in self.stories.items()
            if story in (None, number) and number not in self.withdrawn
            if adult or RATINGS[number] is not Rating.MATURE
            for chapter in chapters[: self.posted.get((guild, number), len(chapters))]
            for line in chapter
        }

    def draws(self, guild: int, adult: bool, story: int | None, line: str | None) -> None:
        allowed = self.allowed(guild, adult, story)
        fresh = allowed - self.shown[guild]
        if line is None:
            assert not allowed
            return
        if not fresh:
            self.shown[guild] -= allowed
        assert line in (fresh or allowed)
        self.shown[guild].add(line)


@settings(max_examples=6, deadline=None)
@given(st.lists(STEPS, min_size=10, max_size=24))
def test_whatever_happens_the_bag_keeps_its_promise(steps: list[tuple[object, ...]]):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(keeps_its_promise(Path(folder) / "library.db", steps))


async def keeps_its_promise(path: Path, steps: list[tuple[object, ...]]) -> None:
    model = Model()
    database = await Database.open(path)
    story_ids: dict[int, StoryId] = {}
    try:
        for step in [("import", 0, 2), ("import", 2, 1), *steps]:
            match step:
                case ("import", int(story), int(chapters)):
                    # A story only grows, so that a serial's chapters stay where they are.
                    chapters = max(chapters, len(model.stories.get(story, ())))
                    text = tale(f"s{story}", chapters=chapters, scenes=1, lines=2, first=story * 100)
                    added = await add(database, replace(text, rating=RATINGS[story]))
                    story_ids[story] = added.story_id
                    model.stories[story] = [sentences(2, story * 100 + 2 * number) for number in range(chapters)]
                case ("withdraw", int(story)) if story in story_ids:
                    sql = "UPDATE story SET withdrawn_at = 1 WHERE id = :id"
                    await change(database, sql, id=story_ids[story])
                    model.withdrawn.add(story)
                case ("serial", int(story), int(guild)) if (guild, story) not in model.posted:
                    if story in story_ids:
                        await start_serial(database, story_ids[story], guild_id=guild, channel_id=guild)
                        model.posted[guild, story] = 0
                case ("post",):
                    sql = "UPDATE serial SET next_due = starts_at, state = 'active'"
                    await change(database, sql)
                    for (guild, story), posted in model.posted.items():
                        if posted < len(model.stories[story]):
                            await post_next(database)
                            model.posted[guild, story] += 1
                case ("restart",):
                    await database.close()
                    database = await Database.open(path)
                case ("draw", int(guild), bool(adult), int() | None as story) if story in (None, *story_ids):
                    where = adult_scope(guild) if adult else open_scope(guild)
                    wanted = story_ids[story] if story is not None else None
                    model.draws(guild, adult, story, (await drawn(database, 1, where, wanted))[0])
                case _:
                    pass
    finally:
        await database.close()
