"""What a server has released of a story, on a real database: posted, by hand, and never more."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_ui import render
from bot.domain.access import Place, scope
from bot.domain.drops import MessageKind
from bot.domain.errors import NothingFound, Refused
from bot.domain.story import ChapterId, Manuscript, Owner, Rating, StoryId
from bot.services.lookup import Lookup
from bot.services.progress import ReadersProgress
from bot.services.quotes import Quotes
from bot.services.reactions import Reactions
from bot.services.releases import Releases, State
from bot.services.shelf import Shelf
from bot.storage.database import Database
from bot.storage.progress import ProgressRows
from bot.storage.quotes import Bag
from bot.storage.reactions import Marks
from bot.storage.release import ReleaseRows
from bot.storage.stories import Stories
from tests.support.builders import CHANNEL, GUILD, NOON, OTHER_GUILD
from tests.support.fakes import FakeIndex
from tests.support.stories import (
    add,
    all_lines,
    change,
    claim_next,
    days,
    ids,
    planned,
    post_next,
    rows,
    sentence,
    start_serial,
    tale,
)

OPENLY = Place(GUILD, CHANNEL, age_restricted=False)
MODERATOR = 5
_MOST_LINES = 5 * 2 * 3
AHEAD = OPENLY.privately(MODERATOR, ahead=True)
ELSEWHERE = Place(OTHER_GUILD, 20, age_restricted=False)


@pytest.fixture
def stories(database: Database) -> Stories:
    return Stories(database)


@pytest.fixture
def releases(database: Database, stories: Stories) -> Releases:
    return Releases(ReleaseRows(database), stories)


async def shown(database: Database, place: Place = OPENLY) -> set[int]:
    """The chapters of which a place may be shown a line, in whichever way it is asked."""
    stories = Stories(database)
    _, lines = await all_lines(stories)
    found = await stories.passages(scope(place), [line for line, *_ in lines])
    may = {p.heading.chapter_number for p, released in found if released.includes(p.heading.scene_id)}
    whole, scenes = await stories.allowed(scope(place), None)
    looked = {scene for _, scene, story, _ in lines if story in whole or scene in scenes}
    assert {p.heading.chapter_number for p, _ in found if p.heading.scene_id in looked} == may
    drawn = {await Bag(database).draw(scope(place), None) for _ in 2 * lines} - {None}
    assert drawn == {p.line_id for p, _ in found if p.heading.chapter_number in may}
    assert sum(card.chapters for card in await stories.shelf(scope(place))) == len(may)
    return may


async def four(database: Database) -> tuple[StoryId, dict[int, ChapterId]]:
    story_id = (await add(database, tale(chapters=4))).story_id
    return story_id, (await ids(database))[0]


# The rule


async def test_without_a_serial_all_is_released(database: Database):
    await four(database)
    assert await shown(database) == {1, 2, 3, 4}


async def test_a_serial_releases_what_it_has_posted_and_all_at_its_end(database: Database):
    story_id, _ = await four(database)
    await start_serial(database, story_id)
    assert await shown(database) == set()
    for day, posted in enumerate(({1}, {1, 2}, {1, 2, 3}, {1, 2, 3, 4})):
        await post_next(database, days(day))
        assert await shown(database) == posted
        assert await shown(database, ELSEWHERE) == {1, 2, 3, 4}


async def test_several_serials_release_together(database: Database):
    story_id, _ = await four(database)
    await start_serial(database, story_id)
    await post_next(database, NOON)
    await post_next(database, days(1))
    await change(database, "UPDATE serial SET state = 'paused'")
    await start_serial(database, story_id, channel_id=11, start=days(2))
    await post_next(database, days(2))
    assert await shown(database) == {1, 2}


async def test_what_no_reader_saw_is_not_released(database: Database):
    story_id, _ = await four(database)
    await start_serial(database, story_id)
    drops, drop = await claim_next(database)
    await drops.write_down(drop.id, "worker", await planned(database, drop))
    await drops.finish(drop, NOON, release=False)
    assert await shown(database) == set()


async def test_not_even_the_posted_scenes_of_half_a_chapter_are_released(database: Database):
    story_id, _ = await four(database)
    await start_serial(database, story_id)
    drops, drop = await claim_next(database)
    await drops.write_down(drop.id, "worker", await planned(database, drop))
    sent = (await drops.messages(drop.id))[:-1]
    assert sent[-1].kind is MessageKind.PART
    for message in sent:
        await drops.sent(drop, message, 100 + message.position, NOON)
        assert await shown(database) == set()


async def test_a_chapter_that_comes_in_behind_the_posting_point_is_not_released(database: Database):
    whole = tale(chapters=4)
    extra = tale(chapters=1, first=900).chapters[0]
    story_id = (await add(database, whole)).story_id
    await start_serial(database, story_id)
    await post_next(database, NOON)
    await post_next(database, days(1))
    one, *others = whole.chapters
    later = tuple(replace(c, number=n) for n, c in enumerate((one, extra, *others), 1))
    await add(database, replace(whole, chapters=later))
    assert await shown(database) == {1, 3}
    for day in (2, 3):
        await post_next(database, days(day))
    assert await shown(database) == {1, 3, 4, 5}


# By hand


async def test_moderators_see_how_every_chapter_stands(database: Database, releases: Releases):
    story_id, chapters = await four(database)
    await start_serial(database, story_id)
    await post_next(database)
    plan = await releases.plan(AHEAD, story_id, chapters[2])
    await releases.release(AHEAD, story_id, chapters[2], plan.digest)
    found = await releases.show(AHEAD, story_id)

    assert [s.chapter.item.number for s in found.chapters] == [1, 2, 3, 4]
    assert [s.state for s in found.chapters] == [State.POSTED, State.RELEASED, State.NOT_YET, State.NOT_YET]
    assert [c.item.number for c in found.held_back] == [3, 4]


async def test_a_moderators_own_limit_does_not_change_how_chapters_stand(database, releases: Releases):
    story_id, chapters = await four(database)
    await ProgressRows(database).set_limit(GUILD, MODERATOR, story_id, chapters[1], only_on=False)
    found = await releases.show(AHEAD, story_id)
    assert {s.state for s in found.chapters} == {State.RELEASED}


async def test_a_release_by_hand_says_what_and_releases_just_that(database: Database, releases: Releases):
    story_id, chapters = await four(database)
    await start_serial(database, story_id)
    await post_next(database)
    plan = await releases.plan(AHEAD, story_id, chapters[3])
    assert [c.item.number for c in plan.chapters] == [2, 3]
    assert await shown(database) == {1}, "asking changes nothing"

    _, done = await releases.release(AHEAD, story_id, chapters[3], plan.digest)
    assert done
    assert await shown(database) == {1, 2, 3}
    assert await shown(database, ELSEWHERE) == {1, 2, 3, 4}
    with pytest.raises(Refused):
        await releases.plan(AHEAD, story_id, chapters[2])


async def test_what_one_server_releases_stays_its_own(database: Database, releases: Releases):
    story_id, chapters = await four(database)
    await start_serial(database, story_id)
    await start_serial(database, story_id, guild_id=OTHER_GUILD, channel_id=20)
    plan = await releases.plan(AHEAD, story_id, chapters[1])
    await releases.release(AHEAD, story_id, chapters[1], plan.digest)
    assert await shown(database) == {1}
    assert await shown(database, ELSEWHERE) == set()


async def test_what_has_changed_since_it_was_agreed_to_is_asked_again(database: Database, releases: Releases):
    whole = tale(chapters=4)
    story_id = (await add(database, whole)).story_id
    chapters = (await ids(database))[0]
    await start_serial(database, story_id)
    plan = await releases.plan(AHEAD, story_id, chapters[2])
    extra = tale(chapters=1, first=900).chapters[0]
    later = tuple(replace(c, number=n) for n, c in enumerate((extra, *whole.chapters), 1))
    await add(database, replace(whole, chapters=later))

    again, done = await releases.release(AHEAD, story_id, chapters[2], plan.digest)
    assert not done
    assert len(again.chapters) == 3
    assert await shown(database) == set()
    _, done = await releases.release(AHEAD, story_id, chapters[2], again.digest)
    assert done


async def test_a_serial_goes_on_behind_what_was_released_by_hand(database: Database, releases: Releases):
    story_id, chapters = await four(database)
    await start_serial(database, story_id)
    plan = await releases.plan(AHEAD, story_id, chapters[2])
    await releases.release(AHEAD, story_id, chapters[2], plan.digest)
    assert (await post_next(database))[0] == chapters[1]
    assert await shown(database) == {1, 2}


async def test_a_scene_that_was_kept_back_is_free_once_what_it_holds_is_released(database: Database, releases):
    """It took in text that was not released; see the table ``withheld``."""
    story_id, _ = await four(database)
    _, scenes, _ = await ids(database)
    by_number = list(scenes.values())
    await start_serial(database, story_id)
    await post_next(database)
    last, held_for = by_number[1], by_number[2]
    await change(database, "DELETE FROM release WHERE scene_id = :id", id=last)
    await change(
        database,
        "INSERT INTO withheld (guild_id, scene_id, part_id) VALUES (:guild, :scene, :part)",
        guild=GUILD,
        scene=last,
        part=held_for,
    )
    await ReleaseRows(database).release(GUILD, story_id, [held_for])
    assert await rows(database, "SELECT count(*) FROM withheld") == [(0,)]
    assert (last,) in await rows(database, "SELECT scene_id FROM release")


async def test_a_foreign_scene_is_not_released_with_a_storys(database: Database):
    story_id, _ = await four(database)
    await add(database, tale("another", first=500))
    _, foreign, _ = await ids(database, "another")
    await ReleaseRows(database).release(GUILD, story_id, list(foreign.values()))
    assert await rows(database, "SELECT count(*) FROM release") == [(0,)]


@pytest.mark.parametrize("why", ["another server's", "adult", "withdrawn", "not allowed by moderators"])
async def test_a_story_that_may_not_be_named_can_be_neither_seen_nor_released(database, releases, why: str):
    owner = Owner(OTHER_GUILD if why == "another server's" else GUILD)
    rating = Rating.EXPLICIT if why == "adult" else Rating.TEEN
    story_id = (await add(database, tale(rating=rating), owner=owner)).story_id
    chapters = (await ids(database, owner=owner))[0]
    await start_serial(database, story_id)
    place = replace(AHEAD, ratings=frozenset({Rating.GENERAL})) if "allowed" in why else AHEAD
    if why == "withdrawn":
        await change(database, "UPDATE story SET withdrawn_at = 1")
    for asked in (
        releases.show(place, story_id),
        releases.plan(place, story_id, chapters[1]),
        releases.release(place, story_id, chapters[1], "00000000"),
        releases.chapter(place, chapters[1]),
    ):
        with pytest.raises(NothingFound):
            await asked
    assert await rows(database, "SELECT count(*) FROM release") == [(0,)]


async def test_a_forged_chapter_is_none(database: Database, releases: Releases):
    story_id, _ = await four(database)
    other = (await add(database, tale("another", first=500))).story_id
    foreign = (await ids(database, "another"))[0]
    for asked in (
        releases.plan(AHEAD, story_id, foreign[1]),
        releases.plan(AHEAD, story_id, ChapterId(0)),
        releases.chapter(AHEAD, ChapterId(999_999)),
        releases.show(AHEAD, StoryId(999_999)),
    ):
        with pytest.raises(NothingFound):
            await asked
    assert other != story_id


async def test_only_who_looks_ahead_reads_ahead(database: Database, releases: Releases):
    story_id, chapters = await four(database)
    await start_serial(database, story_id)
    chapter = await releases.chapter(AHEAD, chapters[4])
    assert chapter.item.number == 4
    for place in (OPENLY, OPENLY.privately(MODERATOR)):
        with pytest.raises(NothingFound):
            await releases.chapter(place, chapters[4])


# As if it did not exist


@settings(deadline=None, max_examples=12)
@given(
    chapters=st.integers(1, 5),
    posted=st.integers(0, 5),
    by_hand=st.integers(0, 5),
    limit=st.one_of(st.none(), st.integers(0, 5)),
)
def test_what_is_not_released_might_as_well_not_exist(chapters, posted, by_hand, limit):
    """Two libraries, one without any of it, give the same answers to the byte."""
    visible = min(chapters, max(posted, by_hand))
    mine = visible if limit is None else min(visible, limit)
    whole = tale(chapters=chapters)

    async def answers(name: str, end: int) -> dict[str, object]:
        story = replace(whole, chapters=whole.chapters[:end])
        return await _answers(Path(folder) / f"{name}.db", story, whole, posted, by_hand, limit)

    with TemporaryDirectory() as folder:
        full, cut, own = (
            asyncio.run(answers(name, end)) for name, end in (("whole", chapters), ("cut", visible), ("mine", mine))
        )
    assert full["public"] == cut["public"]
    if limit is not None:
        assert full["private"] == own["private"]
    assert full["unreleased"] == full["unheard of"]


async def _answers(
    path: Path, story: Manuscript, whole: Manuscript, posted: int, by_hand: int, limit: int | None
) -> dict[str, object]:
    reader = OPENLY.privately(7)
    async with await Database.open(path) as database:
        story_id = (await add(database, story)).story_id
        chapters, scenes, _ = await ids(database)
        await start_serial(database, story_id)
        for day in range(min(posted, len(chapters))):
            await post_next(database, days(day))
        if by_hand and chapters:
            upto = [c for n, c in chapters.items() if n <= by_hand]
            listed = await Stories(database).chapters(scope(AHEAD), story_id)
            wanted = [scene for chapter, _ in listed if chapter.id in upto for scene in chapter.scenes]
            await ReleaseRows(database).release(GUILD, story_id, wanted)
        marks = Marks(database)
        for scene in scenes.values():
            await marks.remember(int(scene) + 10_000, GUILD, CHANNEL, scene, NOON)
            await marks.mark(int(scene) + 10_000, 7, "❤️", burst=False, now=NOON)
        if limit is not None:
            kept = max((n for n in chapters if n <= limit), default=0)
            await ProgressRows(database).set_limit(GUILD, 7, story_id, chapters.get(kept), only_on=False)
        said: dict[str, object] = {}
        for name, place in (("public", OPENLY), ("private", reader)):
            said[name] = await _told(database, place, story_id)
        last = len(whole.chapters) * 6 - 1
        for name, words in (("unreleased", sentence(last)), ("unheard of", "xylophone parliament")):
            said[name] = await _refusal(database, words) if not (posted or by_hand) else None
        return said


async def _told(database: Database, place: Place, story_id: StoryId) -> str:
    stories = Stories(database)
    shelf = Shelf(stories)
    cards = await shelf.stories(place)
    answers: list[object] = [render.shelf(cards, place).to_dict()]
    answers += [render.story(card, place).to_dict() for card in cards]
    answers.append(_without_ids(render.top(await Reactions(Marks(database), lambda: NOON).top(place), place).to_dict()))
    progress = ReadersProgress(ProgressRows(database), stories)
    answers.append([render.chapter_choice(c) for c in await progress.chapters(place, story_id)])
    if place.reader is not None:
        answers.append(render.progress(await progress.of(place, story_id), place))
    quotes = Quotes(Bag(database), stories)
    drawn: set[str] = set()
    for _ in range(2 * _MOST_LINES):  # all of them, wherever the present round began
        try:
            drawn.add(json.dumps(render.quote(await quotes.draw(place)).to_dict()))
        except NothingFound as nothing:
            drawn.add(nothing.key)
    answers.append(sorted(drawn))
    _, lines = await all_lines(stories)
    whole, scenes = await stories.allowed(scope(place), None)
    index = FakeIndex(*[(line, 1.0) for line, *_ in lines], stories=whole, scenes=scenes)
    try:
        found = await Lookup(index, stories, stories).find(place, "words", limit=200)
        answers.append(sorted(render.suggestion(match, None) for match in found))
    except NothingFound as nothing:
        answers.append(nothing.key)
    return json.dumps(answers, ensure_ascii=False)


def _without_ids(embed: object) -> object:
    """Discord's own ids differ between two libraries, as they would between two servers."""
    return re.sub(r"channels/[\d/]+", "channels/…", json.dumps(embed, ensure_ascii=False))


async def _refusal(database: Database, words: str) -> str:
    stories = Stories(database)
    index: Any = SimpleNamespace()

    async def search(query: str, limit: int, allowed: object, *, typist: object = None) -> list[tuple[object, float]]:
        _, lines = await all_lines(stories)
        return [(line, 1.0) for line, _, _, text in lines if text == query]

    index.search = search
    with pytest.raises(NothingFound) as refused:
        await Lookup(index, stories, stories).find(OPENLY, words)
    return f"{refused.value.key} {refused.value.values}"
