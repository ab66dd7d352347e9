"""What hangs on scenes that an author merged or split, and what stays hidden: on a real database."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.story import Chapter, LineId, Manuscript, SceneId
from bot.services.drops import ClaimedDrop
from bot.services.library import Kept
from bot.storage.aliases import settle
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.reactions import Marks
from bot.storage.stories import Stories
from tests.support.builders import CHANNEL, GUILD, NOON, scene
from tests.support.stories import (
    add,
    adult_scope,
    claim_next,
    days,
    ids,
    planned,
    post_next,
    rows,
    sentence,
    start_serial,
)


def words(*numbers: int) -> str:
    return " ".join(sentence(number) for number in numbers)


def story(*chapters: list[str]) -> Manuscript:
    """A story of chapters given as the texts of their scenes."""
    return Manuscript(
        slug="oar-song",
        title="Oar Song",
        chapters=tuple(
            Chapter(number=n, scenes=tuple(scene(text) for text in texts)) for n, texts in enumerate(chapters, 1)
        ),
    )


LARGE, SMALL, OTHER, LAST = words(*range(12)), words(*range(20, 25)), words(*range(40, 46)), words(*range(60, 66))


async def shown(database: Database) -> set[str]:
    """The texts of the scenes that the server may be shown."""
    _, scenes = await Stories(database).allowed(adult_scope(), None)
    _, by_text, _ = await ids(database)
    return {text for text, id_ in by_text.items() if id_ in scenes}


async def top(database: Database) -> dict[int, int]:
    """Reactions by scene."""
    moved = await Marks(database).top(adult_scope(), 10)
    return {scene.heading.scene_id: scene.total for scene, _ in moved}


async def test_marks_and_lines_of_a_merged_scene_lead_to_the_one_that_holds_it(database: Database):
    await add(database, story([LARGE, SMALL], [OTHER]))
    _, scenes, line_ids = await ids(database)
    marks = Marks(database)
    for message, text in ((1, LARGE), (2, SMALL)):
        await marks.remember(message, GUILD, CHANNEL, scenes[text], NOON)
        await marks.mark(message, 7, "❤️", burst=False, now=NOON)
    await marks.mark(2, 8, "❤️", burst=False, now=NOON)
    await add(database, story([f"{LARGE}\n\n{SMALL}"], [OTHER]))
    assert await top(database) == {scenes[LARGE]: 2}, "one reader's heart on both counts once"
    ((moved, _),) = await marks.top(adult_scope(), 10)
    assert moved.message_id == 1
    await marks.message_gone(1)
    ((moved, _),) = await marks.top(adult_scope(), 10)
    assert moved.message_id == 2, "a message of the merged scene still shows it"
    passages = await Stories(database).passages(adult_scope(), [line_ids[sentence(21)]])
    assert passages[0][0].heading.scene_id == scenes[LARGE]


async def test_chains_are_flattened(database: Database):
    await add(database, story([SMALL, OTHER, LARGE], [LAST]))
    _, scenes, _ = await ids(database)
    middle = f"{SMALL}\n\n{OTHER}"
    await add(database, story([middle, LARGE], [LAST]))
    await add(database, story([f"{middle}\n\n{LARGE}"], [LAST]))
    assert await rows(database, "SELECT alias_id, scene_id FROM scene_alias ORDER BY alias_id") == sorted(
        [(scenes[SMALL], scenes[LARGE]), (scenes[OTHER], scenes[LARGE])]
    )


async def test_a_line_that_was_joined_to_its_neighbour_is_found_by_its_old_id(database: Database):
    before = "The gate was shut before anybody had thought of the goat. It wept. Nobody came to let it in again."
    await add(database, story([before], [OTHER]))
    _, _, line_ids = await ids(database)
    after = before.replace("goat. It wept.", "goat, and it wept.")
    await add(database, story([after], [OTHER]))
    ((passage, _),) = await Stories(database).passages(adult_scope(), [line_ids["It wept."]])
    focus = passage.text[passage.focus[0] : passage.focus[1]]
    assert focus == "The gate was shut before anybody had thought of the goat, and it wept."
    assert passage.line_id == line_ids["The gate was shut before anybody had thought of the goat."]


# What has been posted stays shown, and nothing else is shown with it


async def posted(database: Database, count: int, *chapters: list[str]) -> None:
    """A story with a serial, whose first chapters have been posted."""
    added = await add(database, story(*chapters))
    await start_serial(database, added.story_id)
    for day in range(count):
        await post_next(database, days(day))


async def test_a_piece_of_a_released_scene_is_released(database: Database):
    await posted(database, 1, [LARGE], [OTHER])
    first, second = words(*range(8)), words(*range(8, 12))
    await add(database, story([first, second], [OTHER]))
    assert await shown(database) == {first, second}


async def test_a_piece_of_an_unposted_scene_is_not(database: Database):
    await posted(database, 1, [OTHER], [LARGE])
    await add(database, story([OTHER], [words(*range(8)), words(*range(8, 12))]))
    assert await shown(database) == {OTHER}


async def test_a_new_scene_in_a_posted_chapter_is_not_shown(database: Database):
    await posted(database, 1, [LARGE], [OTHER])
    await add(database, story([LARGE, SMALL], [OTHER]))
    assert await shown(database) == {LARGE}


async def test_a_merge_of_released_scenes_is_released(database: Database):
    await posted(database, 1, [LARGE, SMALL], [OTHER])
    whole = f"{LARGE}\n\n{SMALL}"
    await add(database, story([whole], [OTHER]))
    assert await shown(database) == {whole}


@pytest.mark.parametrize("texts", [(LARGE, SMALL), (SMALL, LARGE)], ids=["into the larger", "into the smaller"])
async def test_a_merge_with_an_unposted_scene_is_hidden_until_all_of_it_was_posted(
    database: Database, texts: tuple[str, str]
):
    first, second = texts
    await posted(database, 1, [OTHER, first], [second, LAST])
    whole = f"{first}\n\n{second}"
    await add(database, story([OTHER, whole], [LAST]))
    assert await shown(database) == {OTHER}


async def test_text_that_moves_over_a_border_is_hidden_until_the_other_side_was_posted(database: Database):
    await posted(database, 1, [OTHER, LARGE], [words(20, 21, 22, 23, 24, 25, 26, 27, 28)])
    grown, rest = f"{LARGE} {words(20, 21, 22)}", words(23, 24, 25, 26, 27, 28)
    await add(database, story([OTHER, grown], [rest]))
    assert await shown(database) == {OTHER}
    await post_next(database, days(1))
    assert await shown(database) == {OTHER, grown, rest}


async def test_a_drop_under_way_releases_what_its_scenes_became(database: Database):
    added = await add(database, story([LARGE, SMALL], [OTHER]))
    await start_serial(database, added.story_id)
    drop = await begin(database)
    pieces = words(*range(8)), f"{words(*range(8, 12))}"
    await add(database, story([*pieces, SMALL], [OTHER]))
    await DropRows(database).finish(drop, NOON, release=True)
    assert await shown(database) == {*pieces, SMALL}


async def test_a_drop_under_way_releases_no_text_that_came_in_meanwhile(database: Database):
    added = await add(database, story([LARGE], [SMALL, OTHER]))
    await start_serial(database, added.story_id)
    drop = await begin(database)
    whole = f"{LARGE}\n\n{SMALL}"
    await add(database, story([whole], [OTHER]))
    await DropRows(database).finish(drop, NOON, release=True)
    assert await shown(database) == set()


async def begin(database: Database) -> ClaimedDrop:
    """A drop that has been written down and not finished."""
    drops, drop = await claim_next(database)
    assert await drops.write_down(drop.id, "worker", await planned(database, drop))
    return drop


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10_000))
def test_no_revision_shows_a_sentence_that_was_not_posted(seed: int):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(revised(Path(folder) / "library.db", random.Random(seed)))


async def revised(path: Path, pick: random.Random) -> None:
    """Revise a half-posted story several times: whatever is shown had been posted, but for a few edits."""
    numbers = iter(range(10_000))
    chapters = [[[next(numbers) for _ in range(pick.randint(6, 14))] for _ in range(3)] for _ in range(4)]
    async with await Database.open(path) as database:
        await posted(database, 2, *told(chapters))
        may_show = {n for chapter in chapters[:2] for one in chapter for n in one}
        for _ in range(4):
            change(chapters, pick, numbers)
            await add(database, story(*told(chapters)))
            for text in await shown(database):
                unposted = {n for c in chapters for s in c for n in s if words(*s) == text} - may_show
                assert len(unposted) <= 1, "only an edit of a sentence comes in unseen"


def told(chapters: list[list[list[int]]]) -> list[list[str]]:
    return [[words(*one) for one in chapter] for chapter in chapters]


def change(chapters: list[list[list[int]]], pick: random.Random, numbers: Iterator[int]) -> None:
    """Split, merge, move over a border, or insert."""
    chapter = pick.randrange(len(chapters))
    at = pick.randrange(len(chapters[chapter]))
    one = chapters[chapter][at]
    match pick.choice(["split", "merge", "border", "insert"]):
        case "split" if len(one) > 5:
            cut = pick.randint(2, len(one) - 2)
            chapters[chapter][at : at + 1] = [one[:cut], one[cut:]]
        case "merge" if at + 1 < len(chapters[chapter]):
            chapters[chapter][at : at + 2] = [one + chapters[chapter][at + 1]]
        case "border" if chapter + 1 < len(chapters) and len(chapters[chapter + 1][0]) > 6:
            taken = chapters[chapter + 1][0]
            chapters[chapter][-1] += taken[:3]
            del taken[:3]
        case _:
            chapters[chapter].insert(at, [next(numbers) for _ in range(8)])


async def test_an_id_that_stands_is_nobodys_alias(database: Database):
    await add(database, story([LARGE, SMALL], [OTHER]))
    _, scenes, line_ids = await ids(database)
    ((story_id, revision),) = await rows(database, "SELECT id, revision_id FROM story")
    large, small = scenes[LARGE], scenes[SMALL]
    a, b = line_ids[sentence(0)], line_ids[sentence(1)]
    kept = Kept([], [], [], scene_aliases=[(SceneId(large), SceneId(small))], line_aliases=[(LineId(a), LineId(b))])
    async with database.write() as tx:
        await settle(tx, kept, int(str(story_id)), int(str(revision)), [])
    assert await rows(database, "SELECT * FROM scene_alias") == []
    assert await rows(database, "SELECT * FROM line_alias") == []


# A whole line of what was not posted shows nowhere else, and be it one of forty

LONG, FAR = words(*range(100, 140)), words(*range(200, 240))
HELD_LINE = sentence(205)


@pytest.mark.parametrize("copied", [False, True])
async def test_a_line_of_an_unposted_scene_takes_back_the_one_that_it_comes_into_until_it_is_posted(
    database: Database, copied: bool
):
    await posted(database, 1, [LONG], [FAR], [LAST])
    left = FAR if copied else FAR.replace(f"{HELD_LINE} ", "")
    grown = f"{LONG} {HELD_LINE}"
    await add(database, story([grown], [left], [LAST]))
    assert await shown(database) == set()
    await post_next(database, days(1))
    assert await shown(database) == {grown, left}


async def test_a_line_that_goes_into_two_posted_scenes_takes_back_both(database: Database):
    await posted(database, 2, [LONG], [OTHER], [FAR])
    await add(database, story([f"{LONG} {HELD_LINE}"], [f"{OTHER} {HELD_LINE}"], [FAR]))
    assert await shown(database) == set()


async def test_a_new_line_that_an_unposted_scene_gets_as_well_is_kept_back(database: Database):
    await posted(database, 1, [LONG], [FAR])
    await add(database, story([f"{LONG} {sentence(300)}"], [f"{FAR} {sentence(300)}"]))
    assert await shown(database) == set()


async def test_what_was_shown_already_is_shown_wherever_it_stands_again(database: Database):
    refrain = sentence(107)
    await posted(database, 2, [LONG], [OTHER], [f"{FAR} {refrain}"])
    await add(database, story([LONG], [f"{OTHER} {refrain}"], [f"{FAR} {refrain}"]))
    assert await shown(database) == {LONG, f"{OTHER} {refrain}"}


async def test_short_lines_stand_in_two_scenes_by_chance(database: Database):
    await posted(database, 1, [LONG], [f"{FAR} She said no."])
    await add(database, story([f"{LONG} She said no."], [f"{FAR} She said no."]))
    assert await shown(database) == {f"{LONG} She said no."}


async def test_an_edit_of_a_posted_scene_stays_shown(database: Database):
    await posted(database, 1, [LONG], [FAR])
    await add(database, story([f"{LONG} {sentence(300)}"], [FAR]))
    assert await shown(database) == {f"{LONG} {sentence(300)}"}


async def test_a_line_that_comes_into_a_scene_while_that_is_posted_keeps_it_back(database: Database):
    added = await add(database, story([LONG], [FAR]))
    await start_serial(database, added.story_id)
    drops, drop = await claim_next(database, days(0))
    await drops.write_down(drop.id, "worker", await planned(database, drop))
    await add(database, story([f"{LONG} {HELD_LINE}"], [FAR]))
    await drops.finish(drop, days(0), release=True)
    assert await shown(database) == set()
