"""How far readers have come: their own limit on what they alone are shown, on a real database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.access import Place, scope
from bot.domain.errors import NothingFound
from bot.domain.story import ChapterId, Owner, Rating, StoryId
from bot.services.lookup import Allowed
from bot.services.progress import EVERY, NONE, KeptLimit, ReadersProgress, option_value
from bot.storage.database import Database
from bot.storage.moved import Held
from bot.storage.progress import ProgressRows, place_after
from bot.storage.quotes import Bag
from bot.storage.reactions import Marks
from bot.storage.stories import Stories
from tests.support.builders import CHANNEL, GUILD, NOON, OTHER_GUILD, manuscript, scene
from tests.support.laws import LAW
from tests.support.stories import add, all_lines, change, ids, post_next, rows, sentence, start_serial, tale

READER, OTHER_READER = 7, 8
OPENLY = Place(GUILD, CHANNEL, age_restricted=False)
PRIVATELY = OPENLY.privately(READER)


@pytest.fixture
def stories(database: Database) -> Stories:
    return Stories(database)


@pytest.fixture
def progress(database: Database, stories: Stories) -> ReadersProgress:
    return ReadersProgress(ProgressRows(database), stories)


async def seen(stories: Stories, place: Place) -> set[int]:
    """The chapters of which a place may be shown a line."""
    _, lines = await all_lines(stories)
    may = Allowed(*await stories.allowed(scope(place), None))
    found = await stories.passages(scope(place), [line for line, *_ in lines])
    shown = {p.heading.chapter_number for p, released in found if released.includes(p.heading.scene_id)}
    looked = {scene for _, scene, story, _ in lines if story in may.stories or scene in may.scenes}
    assert {p.heading.chapter_number for p, _ in found if p.heading.scene_id in looked} == shown
    return shown


async def counted(stories: Stories, place: Place) -> list[int]:
    return [card.chapters for card in await stories.shelf(scope(place))]


async def five(database: Database) -> tuple[StoryId, dict[int, ChapterId]]:
    story_id = (await add(database, tale(chapters=5))).story_id
    return story_id, (await ids(database))[0]


async def test_where_nobody_has_said_anything_all_is_shown(database, stories, progress: ReadersProgress):
    story_id, _ = await five(database)
    assert await seen(stories, PRIVATELY) == {1, 2, 3, 4, 5}
    assert not (await progress.of(PRIVATELY, story_id)).limited


async def test_what_a_reader_has_read_binds_what_they_alone_are_shown(database, stories, progress: ReadersProgress):
    story_id, chapters = await five(database)
    said = await progress.read_up_to(PRIVATELY, chapters[3])

    assert (said.limited, said.chapter.item.number if said.chapter else None, said.stayed) == (True, 3, False)
    assert await seen(stories, PRIVATELY) == {1, 2, 3}
    assert await counted(stories, PRIVATELY) == [3]
    for other in (OPENLY, OPENLY.privately(OTHER_READER), Place(OTHER_GUILD, 5, False).privately(READER)):
        assert await seen(stories, other) == {1, 2, 3, 4, 5}
        assert await counted(stories, other) == [5]
    assert [c.item.number for c in await progress.chapters(PRIVATELY, story_id)] == [1, 2, 3]


async def test_looking_ahead_is_bound_by_nobodys_limit(database, stories, progress: ReadersProgress):
    _, chapters = await five(database)
    await progress.read_up_to(PRIVATELY, chapters[1])
    assert await seen(stories, OPENLY.privately(READER, ahead=True)) == {1, 2, 3, 4, 5}


async def test_quotes_and_tops_are_bound_as_well(database, stories, progress: ReadersProgress):
    story_id, chapters = await five(database)
    _, scenes, lines = await ids(database)
    for number, felt in enumerate(scenes.values(), 1):
        await Marks(database).remember(number, GUILD, CHANNEL, felt, NOON)
        await Marks(database).mark(number, READER, "❤️", burst=False, now=NOON)
    await progress.read_up_to(PRIVATELY, chapters[1])
    first = set(list(lines.values())[:6])

    drawn = {await Bag(database).draw(scope(PRIVATELY), story_id) for _ in range(12)}
    assert drawn == first
    assert {m.heading.chapter_number for m, _ in await Marks(database).top(scope(PRIVATELY), 20)} == {1}
    assert {m.heading.chapter_number for m, _ in await Marks(database).top(scope(OPENLY), 20)} == {1, 2, 3, 4, 5}


async def test_the_button_moves_on_and_never_back(progress: ReadersProgress, database, stories):
    _, chapters = await five(database)
    await progress.read_up_to(PRIVATELY, chapters[3])
    back = await progress.read_up_to(PRIVATELY, chapters[2])
    assert back.stayed
    assert back.chapter is not None
    assert back.chapter.item.number == 3
    assert await seen(stories, PRIVATELY) == {1, 2, 3}
    await progress.read_up_to(PRIVATELY, chapters[4])
    assert await seen(stories, PRIVATELY) == {1, 2, 3, 4}


async def test_the_button_moves_on_from_nothing(progress: ReadersProgress, database, stories):
    story_id, chapters = await five(database)
    await progress.set(PRIVATELY, story_id, NONE)
    await progress.read_up_to(PRIVATELY, chapters[1])
    assert await seen(stories, PRIVATELY) == {1}


async def test_the_command_goes_wherever_the_reader_says(progress: ReadersProgress, database, stories):
    story_id, chapters = await five(database)
    for said, shown in (
        ("4", {1, 2, 3, 4}),
        (option_value(chapters[2]), {1, 2}),
        ("Chapter 5", {1, 2, 3, 4, 5}),
        (NONE, set()),
        (" Nothing  Yet", set()),
        ("3", {1, 2, 3}),
        (EVERY, {1, 2, 3, 4, 5}),
    ):
        await progress.set(PRIVATELY, story_id, said)
        assert await seen(stories, PRIVATELY) == shown, said
    assert not (await progress.of(PRIVATELY, story_id)).limited
    assert await rows(database, "SELECT count(*) FROM progress") == [(0,)]


async def test_a_title_is_understood_up_to_the_limit_and_never_guessed_behind_it(progress: ReadersProgress, database):
    named = tale(chapters=3)
    titles = ("The Pier", "The Drowning of Ada", "After")
    named = replace(
        named,
        chapters=tuple(replace(c, title=t) for c, t in zip(named.chapters, titles, strict=True)),
    )
    story_id = (await add(database, named)).story_id
    await progress.set(PRIVATELY, story_id, "the drowning of ada")
    await progress.set(PRIVATELY, story_id, "the pier")
    with pytest.raises(NothingFound):
        await progress.set(PRIVATELY, story_id, "the drowning of ada")


async def test_a_chapter_that_was_not_posted_is_as_one_that_there_is_not(progress: ReadersProgress, database):
    story_id, chapters = await five(database)
    await start_serial(database, story_id)
    await post_next(database)
    said: set[tuple[object, ...]] = set()
    for wanted in ("2", option_value(chapters[2]), "99", "chapter:999999", "chapter:0", "A title"):
        with pytest.raises(NothingFound) as refused:
            await progress.set(PRIVATELY, story_id, wanted)
        said.add((refused.value.key, *refused.value.values))
    assert len(said) == 1
    said.clear()
    for chapter in (chapters[2], ChapterId(999_999), ChapterId(0)):
        with pytest.raises(NothingFound) as refused:
            await progress.read_up_to(PRIVATELY, chapter)
        said.add((refused.value.key, *refused.value.values))
    assert len(said) == 1
    assert await rows(database, "SELECT count(*) FROM progress") == [(0,)]


@pytest.mark.parametrize("why", ["another server's", "adult", "withdrawn", "not allowed by moderators"])
async def test_a_chapter_of_a_story_that_may_not_be_named_is_as_none(progress: ReadersProgress, database, why: str):
    owner = Owner(OTHER_GUILD if why == "another server's" else GUILD)
    rating = Rating.MATURE if why == "adult" else Rating.TEEN
    story_id = (await add(database, tale(rating=rating), owner=owner)).story_id
    chapters = (await ids(database, owner=owner))[0]
    place = PRIVATELY
    if why == "withdrawn":
        await change(database, "UPDATE story SET withdrawn_at = 1")
    if why == "not allowed by moderators":
        place = replace(place, ratings=frozenset({Rating.GENERAL}))
    with pytest.raises(NothingFound) as button:
        await progress.read_up_to(place, chapters[1])
    with pytest.raises(NothingFound) as forged:
        await progress.read_up_to(place, ChapterId(999_999))
    assert (button.value.key, button.value.values) == (forged.value.key, forged.value.values)
    with pytest.raises(NothingFound):
        await progress.set(place, story_id, "1")
    with pytest.raises(NothingFound):
        await progress.of(place, story_id)


async def test_a_chapter_of_another_story_is_none_of_this_one(progress: ReadersProgress, database):
    story_id, _ = await five(database)
    await add(database, tale("another", first=500))
    foreign = (await ids(database, "another"))[0]
    with pytest.raises(NothingFound):
        await progress.set(PRIVATELY, story_id, option_value(foreign[1]))


async def test_only_a_place_of_one_reader_has_a_limit(progress: ReadersProgress, database):
    story_id, _ = await five(database)
    with pytest.raises(ValueError, match="one reader"):
        await progress.set(OPENLY, story_id, NONE)


# What a new text of the story does to it


async def test_chapters_that_come_later_are_hidden_until_they_are_read(progress: ReadersProgress, database, stories):
    await add(database, tale(chapters=3))
    await progress.read_up_to(PRIVATELY, (await ids(database))[0][3])
    await add(database, tale(chapters=5))
    assert await seen(stories, PRIVATELY) == {1, 2, 3}


async def test_a_chapter_that_is_gone_leaves_the_one_before_it(progress: ReadersProgress, database, stories):
    story_id, chapters = await five(database)
    await progress.read_up_to(PRIVATELY, chapters[3])
    whole = tale(chapters=5)
    await add(database, replace(whole, chapters=(whole.chapters[0], *whole.chapters[3:])))
    now = await progress.of(PRIVATELY, story_id)
    assert await seen(stories, PRIVATELY) == {1}
    assert now.chapter is not None
    assert now.chapter.item.number == 1


async def test_where_no_chapter_that_was_read_is_left_nothing_is_shown(progress: ReadersProgress, database, stories):
    story_id, chapters = await five(database)
    await progress.read_up_to(PRIVATELY, chapters[2])
    whole = tale(chapters=5)
    await add(database, replace(whole, chapters=whole.chapters[2:]))
    assert await seen(stories, PRIVATELY) == set()
    assert (await progress.of(PRIVATELY, story_id)).limited


async def test_a_place_that_stands_no_more_hides_everything(database: Database, stories: Stories):
    """However it came to that."""
    story_id, chapters = await five(database)
    await ProgressRows(database).set_limit(GUILD, READER, story_id, chapters[3], only_on=False)
    await change(database, "PRAGMA defer_foreign_keys = 1")
    await change(database, "DELETE FROM chapter_revision WHERE chapter_id = :id", id=chapters[3])
    assert await seen(stories, PRIVATELY) == set()
    assert await ProgressRows(database).limit(GUILD, READER, story_id) == KeptLimit(chapters[3])


async def test_a_scene_that_moves_into_a_chapter_that_was_read_stays_hidden(progress, database, stories):
    whole = tale(chapters=4)
    await add(database, whole)
    await progress.read_up_to(PRIVATELY, (await ids(database))[0][2])
    one, two, three, four = whole.chapters
    two = replace(two, scenes=(*two.scenes, three.scenes[0]))
    await add(database, replace(whole, chapters=(one, two, replace(three, scenes=three.scenes[1:]), four)))
    assert await seen(stories, PRIVATELY) == {1}


async def test_a_scene_that_is_joined_to_one_that_was_read_stays_hidden(progress, database, stories):
    whole = tale(chapters=4)
    await add(database, whole)
    await progress.read_up_to(PRIVATELY, (await ids(database))[0][2])
    one, two, three, four = whole.chapters
    joined = scene(f"{two.scenes[-1].text}\n\n{three.scenes[0].text}")
    two = replace(two, scenes=(*two.scenes[:-1], joined))
    await add(database, replace(whole, chapters=(one, two, replace(three, scenes=three.scenes[1:]), four)))
    assert await rows(database, "SELECT count(*) FROM scene_alias") == [(1,)]
    assert await seen(stories, PRIVATELY) == {1}


async def moved_on(database: Database, progress: ReadersProgress, *texts: list[str]) -> None:
    """A story of these chapters, of which the reader has read two, and a reader of all of it who must not matter."""
    await add(database, manuscript(*texts, slug="oar-song"))
    chapters = (await ids(database))[0]
    await progress.read_up_to(PRIVATELY, chapters[2])
    await progress.read_up_to(OPENLY.privately(OTHER_READER), chapters[len(texts)])


def words(*numbers: int) -> str:
    return " ".join(sentence(number) for number in numbers)


ONE, TWO, THREE, FOUR = (words(*range(start, start + 6)) for start in (0, 10, 20, 30))
_AFTER = {
    "half of an unread scene is merged into one that was read": (
        [[ONE], [f"{TWO} {words(20, 21, 22)}"], [words(23, 24, 25)], [FOUR]],
        {1},
    ),
    "one sentence of an unread scene is moved": ([[ONE], [f"{TWO} {sentence(20)}"], [words(*range(21, 26))]], {1}),
    "one sentence of an unread scene is copied": ([[f"{ONE} {sentence(33)}"], [TWO], [THREE], [FOUR]], set()),
    "part of an unread scene is moved into an early chapter": (
        [[ONE, words(33, 34, 35)], [TWO], [THREE], [words(30, 31, 32)]],
        set(),
    ),
    "a new chapter comes in before": ([[ONE], [words(*range(50, 56))], [TWO], [THREE], [FOUR]], {1}),
    "a new scene comes in before": ([[ONE], [TWO, words(*range(50, 56))], [THREE], [FOUR]], {1}),
    "a new line comes into a scene that was read and into one that was not": (
        [[ONE], [f"{TWO} {sentence(60)}"], [f"{THREE} {sentence(60)}"], [FOUR]],
        {1},
    ),
    "a chapter that was read is cut in two": ([[words(0, 1, 2)], [words(3, 4, 5)], [TWO], [THREE], [FOUR]], {1, 2, 3}),
    "the author edits what was read": ([[ONE], [TWO.replace("a", "o", 2)], [THREE], [FOUR]], {1, 2}),
    "a line that was read stands in a scene again": ([[ONE], [f"{TWO} {sentence(3)}"], [THREE], [FOUR]], {1, 2}),
}


@pytest.mark.parametrize("change", _AFTER)
async def test_a_place_moves_back_before_whatever_was_not_read(progress, database, stories, change: str):
    after, left = _AFTER[change]
    await moved_on(database, progress, [ONE], [TWO], [THREE], [FOUR])
    await add(database, manuscript(*after, slug="oar-song"))
    assert await seen(stories, PRIVATELY) == left


async def test_everybodys_place_follows_at_once(database: Database):
    """Moved one after another, the first to move would be taken along by the second."""
    story_id, chapters = await five(database)
    kept = ProgressRows(database)
    for reader, number in ((READER, 2), (OTHER_READER, 1)):
        await kept.set_limit(GUILD, reader, story_id, chapters[number], only_on=False)
    whole = tale(chapters=5)
    await add(database, replace(whole, chapters=(whole.chapters[0], *whole.chapters[2:])))
    assert await kept.limit(GUILD, READER, story_id) == KeptLimit(chapters[1])
    assert await kept.limit(GUILD, OTHER_READER, story_id) == KeptLimit(chapters[1])


_SCENES = st.frozensets(st.integers(0, 12), max_size=3)
_TEXT = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=3), max_size=6).map(
    lambda chapters: [(n, scene) for n, scenes in enumerate(chapters) for scene in scenes]
)


@LAW
@given(
    before=_TEXT,
    after=_TEXT,
    moved=st.permutations(range(6)),
    was=st.integers(0, 6),
    held=st.lists(st.builds(Held, st.integers(0, 12), _SCENES, _SCENES), max_size=4),
    pieces=st.frozensets(st.integers(10, 12)),
)
def test_no_place_in_a_new_text_shows_what_was_not_read(before, after, moved, was: int, held, pieces):
    after = [(moved[chapter], scene) for chapter, scene in after]
    order = list(dict.fromkeys(chapter for chapter, _ in before))
    read = order[: order.index(was) + 1] if was in order else []
    unread = {scene for chapter, scene in before if chapter not in read}
    known = {scene for chapter, scene in before if chapter in read} - unread
    now = place_after(before, after, was, held, pieces)
    if now is None:
        return
    new_order = list(dict.fromkeys(chapter for chapter, _ in after))
    shown = set(new_order[: new_order.index(now) + 1])
    shown_scenes = {scene for chapter, scene in after if chapter in shown}
    assert shown_scenes <= known | pieces
    assert not unread & (shown_scenes - pieces)
    for one in held:
        if one.scene in shown_scenes:
            assert one.stood & known or one.stood | one.stands <= known


@LAW
@given(text=_TEXT.filter(bool), data=st.data())
def test_a_text_that_stays_keeps_every_place(text, data):
    distinct = [(chapter, n) for n, (chapter, _) in enumerate(text)]
    was = data.draw(st.sampled_from([chapter for chapter, _ in distinct]))
    assert place_after(distinct, distinct, was) == was
