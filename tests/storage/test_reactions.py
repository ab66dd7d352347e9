from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.access import Scope, clear_all, scope
from bot.domain.passages import MovedScene
from bot.domain.story import Owner, Rating, SceneId
from bot.storage.database import Database
from bot.storage.reactions import Marks
from tests.support.builders import CHANNEL, GUILD, NOON, OTHER_GUILD, manuscript
from tests.support.stories import (
    PLACES,
    Gated,
    add,
    adult_scope,
    ids,
    open_scope,
    post_next,
    rows,
    start_serial,
    tale,
)

HEART, TEAR = "❤️", "😭"
ANN, BEA, CYD = 11, 12, 13


@pytest.fixture
def marks(database: Database) -> Marks:
    return Marks(database)


@pytest.fixture
async def scenes(database: Database) -> list[SceneId]:
    """The scenes of a story that anybody may be shown."""
    await add(database, tale())
    return list((await ids(database))[1].values())


async def show(marks: Marks, message_id: int, scene_id: SceneId, guild_id: int = GUILD) -> None:
    await marks.remember(message_id, guild_id, CHANNEL, scene_id, NOON)


async def mark(marks: Marks, message_id: int, user_id: int, emoji: str = HEART, *, burst: bool = False) -> None:
    await marks.mark(message_id, user_id, emoji, burst=burst, now=NOON)


async def top(marks: Marks, where: Scope | None = None, limit: int = 50) -> list[MovedScene]:
    return [scene for scene, _ in await marks.top(where or open_scope(), limit)]


async def tallies(marks: Marks, scene_id: SceneId | None = None) -> dict[str, int]:
    """What readers felt at that scene, or at the only one."""
    found = [scene for scene in await top(marks) if scene_id in (None, scene.heading.scene_id)]
    assert len(found) <= 1
    assert all(scene.total == sum(count for _, count in scene.tallies) for scene in found)
    return dict(found[0].tallies) if found else {}


# What counts as one reaction


async def test_a_reader_counts_once_for_an_emoji_at_a_scene(marks: Marks, scenes: list[SceneId]):
    for message in (1, 2):
        await show(marks, message, scenes[0])
        for reader in (ANN, BEA):
            await mark(marks, message, reader)
            await mark(marks, message, reader)
            await mark(marks, message, reader, burst=True)
    await mark(marks, 1, ANN, TEAR)
    assert await tallies(marks) == {HEART: 2, TEAR: 1}


async def test_taking_it_back_takes_it_away(marks: Marks, scenes: list[SceneId]):
    await show(marks, 1, scenes[0])
    await mark(marks, 1, ANN)
    await mark(marks, 1, BEA)
    await mark(marks, 1, ANN, TEAR)
    await marks.unmark(1, ANN, HEART, burst=False)
    assert await tallies(marks) == {HEART: 1, TEAR: 1}
    await marks.unmark(1, ANN, HEART, burst=False)
    await marks.unmark(1, CYD, HEART, burst=False)
    assert await tallies(marks) == {HEART: 1, TEAR: 1}


async def test_taking_back_one_of_two_leaves_the_other(marks: Marks, scenes: list[SceneId]):
    for message in (1, 2):
        await show(marks, message, scenes[0])
        await mark(marks, message, ANN)
    await mark(marks, 1, BEA)
    await mark(marks, 1, BEA, burst=True)
    await marks.unmark(1, ANN, HEART, burst=False)
    await marks.unmark(1, BEA, HEART, burst=True)
    assert await tallies(marks) == {HEART: 2}


async def test_clearing_one_emoji_leaves_the_others_and_the_other_messages(marks: Marks, scenes: list[SceneId]):
    for message in (1, 2):
        await show(marks, message, scenes[0])
        await mark(marks, message, message)
        await mark(marks, message, message, TEAR)
        await mark(marks, message, message, TEAR, burst=True)
    await marks.clear(1, TEAR)
    assert await tallies(marks) == {HEART: 2, TEAR: 1}
    await marks.clear(2, None)
    assert await tallies(marks) == {HEART: 1}


async def test_a_deleted_message_keeps_what_was_felt_but_is_not_linked_to(marks: Marks, scenes: list[SceneId]):
    for message in (7, 5):
        await show(marks, message, scenes[0])
        await mark(marks, message, message)
    assert [(scene.message_id, scene.channel_id) for scene in await top(marks)] == [(5, CHANNEL)]
    await marks.message_gone(5)
    assert await tallies(marks) == {HEART: 2}
    assert [(scene.message_id, scene.channel_id) for scene in await top(marks)] == [(7, CHANNEL)]
    await marks.message_gone(7)
    assert await tallies(marks) == {HEART: 2}
    assert [(scene.message_id, scene.channel_id) for scene in await top(marks)] == [(None, None)]


async def test_a_deleted_channel_keeps_what_was_felt_there_without_links(marks: Marks, scenes: list[SceneId]):
    await show(marks, 7, scenes[0])
    await mark(marks, 7, ANN)
    await marks.channel_gone(CHANNEL)
    assert await tallies(marks) == {HEART: 1}
    assert [(scene.message_id, scene.channel_id) for scene in await top(marks)] == [(None, None)]


async def test_a_message_that_shows_no_scene_is_passed_over(database: Database, marks: Marks):
    await mark(marks, 404, ANN)
    await marks.unmark(404, ANN, HEART, burst=False)
    await marks.clear(404, None)
    await marks.message_gone(404)
    assert await rows(database, "SELECT * FROM mark") == []
    assert await rows(database, "SELECT * FROM posted") == []


async def test_a_message_shows_the_scene_that_it_was_posted_with(marks: Marks, scenes: list[SceneId]):
    await show(marks, 1, scenes[0])
    await mark(marks, 1, ANN)
    await show(marks, 1, scenes[1])
    assert [scene.heading.scene_id for scene in await top(marks)] == [scenes[0]]


async def test_what_was_felt_stays_with_the_scene_when_the_story_is_imported_again(
    database: Database, marks: Marks, scenes: list[SceneId]
):
    await show(marks, 1, scenes[0])
    await mark(marks, 1, ANN)
    story = tale()
    first = story.chapters[0].scenes[0].text.replace(".", "!")
    edited = manuscript([first, story.chapters[0].scenes[1].text], slug=story.slug)
    await add(database, replace(edited, title="Oars"))
    (scene,) = await top(marks)
    assert (scene.heading.scene_id, scene.heading.story_title) == (scenes[0], "Oars")
    assert first.startswith(scene.opening.rstrip("…"))


async def test_a_scene_that_was_taken_out_is_no_longer_named(database: Database, marks: Marks, scenes: list[SceneId]):
    await show(marks, 1, scenes[0])
    await mark(marks, 1, ANN)
    await add(database, replace(tale(), chapters=tale().chapters[1:]))
    assert await top(marks) == []


# The top


async def test_the_top_goes_by_all_that_was_felt(marks: Marks, scenes: list[SceneId]):
    for number, readers in ((0, {HEART: 1, TEAR: 2}), (1, {HEART: 1}), (2, {TEAR: 2, HEART: 2})):
        await show(marks, number, scenes[number])
        for emoji, count in readers.items():
            for reader in range(count):
                await mark(marks, number, reader, emoji)
    found = await top(marks)
    assert [scene.heading.scene_id for scene in found] == [scenes[2], scenes[0], scenes[1]]
    assert [scene.total for scene in found] == [4, 3, 1]
    assert [scene.tallies for scene in found[1:]] == [((TEAR, 2), (HEART, 1)), ((HEART, 1),)]
    assert [scene.heading.scene_id for scene in await top(marks, limit=2)] == [scenes[2], scenes[0]]


async def test_the_top_of_a_server_counts_its_own_readers_only(marks: Marks, scenes: list[SceneId]):
    await show(marks, 1, scenes[0])
    await show(marks, 2, scenes[0], OTHER_GUILD)
    for reader in (ANN, BEA):
        await mark(marks, 2, reader)
    await mark(marks, 1, CYD)
    assert [(scene.total, scene.message_id) for scene in await top(marks)] == [(1, 1)]
    assert [(scene.total, scene.message_id) for scene in await top(marks, open_scope(OTHER_GUILD))] == [(2, 2)]


async def test_the_top_obeys_the_gate(gated: Gated):
    database, library = gated
    marks = Marks(database)
    every = await rows(database, "SELECT id, story_id FROM scene ORDER BY id")
    for guild in (GUILD, OTHER_GUILD):
        for scene_id, _ in every:
            message = guild * 1_000_000 + int(str(scene_id))
            await show(marks, message, SceneId(int(str(scene_id))), guild)
            await mark(marks, message, ANN)
    first_scene = {story: min(int(str(s)) for s, of in every if of == story) for _, story in every}
    for place in PLACES:
        expected: set[int] = set()
        for story, story_id in library:
            shown = [int(str(scene)) for scene, of in every if of == story_id]
            if story.serial and place.guild_id == GUILD:
                shown = [first_scene[story_id]]
            if (
                story.withdrawn
                or story.owner not in (0, place.guild_id)
                or not (place.age_restricted or story.rating in (Rating.GENERAL, Rating.TEEN))
            ):
                shown = []
            expected.update(shown)
        found = await marks.top(scope(place), 500)
        assert {scene.heading.scene_id for scene, _ in found} == expected
        assert len(clear_all(found, place)) == len(found) == len(expected)


async def test_the_top_names_nothing_that_is_not_yet_posted(database: Database, marks: Marks):
    story = await add(database, tale(chapters=2, scenes=1))
    _, scenes, _ = await ids(database)
    for number, scene_id in enumerate(scenes.values()):
        await show(marks, number, scene_id)
        await mark(marks, number, ANN)
    await start_serial(database, story.story_id)
    assert await top(marks) == []
    await post_next(database)
    assert [scene.heading.chapter_number for scene in await top(marks)] == [1]


async def test_a_scene_is_known_by_its_first_words(database: Database, marks: Marks):
    await add(database, manuscript(["Short."], ["Oar " * 80 + "end."], slug="oar-song"), owner=Owner(GUILD))
    _, scenes, _ = await ids(database, owner=Owner(GUILD))
    for number, scene_id in enumerate(scenes.values()):
        await show(marks, number, scene_id)
        await mark(marks, number, ANN)
    short, long = (scene.opening for scene in await top(marks, adult_scope()))
    assert short == "Short."
    assert long.startswith("Oar Oar Oar")
    assert long.endswith("…")
    assert len(long) <= 91


# Any history, against a set

STEPS = st.one_of(
    st.tuples(st.just("mark"), st.integers(0, 3), st.integers(1, 3), st.sampled_from([HEART, TEAR]), st.booleans()),
    st.tuples(st.just("unmark"), st.integers(0, 3), st.integers(1, 3), st.sampled_from([HEART, TEAR]), st.booleans()),
    st.tuples(st.just("clear"), st.integers(0, 3), st.sampled_from([HEART, TEAR, None])),
    st.tuples(st.just("gone"), st.integers(0, 3)),
)


@settings(max_examples=7, deadline=None)
@given(st.lists(STEPS, min_size=5, max_size=30))
def test_a_tally_is_the_distinct_reader_scene_and_emoji(steps: list[tuple[object, ...]]):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(is_the_distinct(Path(folder) / "library.db", steps))


async def is_the_distinct(path: Path, steps: list[tuple[object, ...]]) -> None:
    standing: set[tuple[int, int, str, bool]] = set()
    async with await Database.open(path) as database:
        marks = Marks(database)
        await add(database, tale(chapters=1, scenes=2, lines=1))
        scenes = list((await ids(database))[1].values())
        for message in range(3):
            # Two messages of one scene, one of another; message 3 shows none.
            await show(marks, message, scenes[message // 2])
        for step in steps:
            match step:
                case ("mark", int(message), int(user), str(emoji), bool(burst)):
                    await mark(marks, message, user, emoji, burst=burst)
                    if message < 3:
                        standing.add((message, user, emoji, burst))
                case ("unmark", int(message), int(user), str(emoji), bool(burst)):
                    await marks.unmark(message, user, emoji, burst=burst)
                    standing.discard((message, user, emoji, burst))
                case ("clear", int(message), str() | None as emoji):
                    await marks.clear(message, emoji)
                    standing = {m for m in standing if m[0] != message or emoji not in (None, m[2])}
                case ("gone", int(message)):
                    await marks.message_gone(message)
                case _:
                    raise AssertionError(step)
        for number, scene_id in enumerate(scenes):
            distinct = {(user, emoji) for message, user, emoji, _ in standing if message // 2 == number}
            expected = {e: sum(emoji == e for _, emoji in distinct) for _, e in distinct}
            assert await tallies(marks, scene_id) == expected
