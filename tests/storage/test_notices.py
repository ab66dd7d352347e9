"""What moderators are to be told is written with what it tells of, and counted until it is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.domain.story import Chapter, Manuscript, StoryId
from bot.storage.checks import CheckRows
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.notices import NoticeRows
from bot.storage.settings import SettingRows
from bot.storage.stories import Stories
from tests.support.builders import CHANNEL, GUILD, NOON, OTHER_GUILD, scene
from tests.support.stories import add, change, days, open_scope, post_next, rows, sentence, start_serial, tale


def numbered(story: Manuscript, *chapters: Chapter) -> Manuscript:
    """The story of just these chapters, numbered as they stand."""
    return replace(story, chapters=tuple(replace(c, number=n) for n, c in enumerate(chapters, 1)))


async def post(database: Database, day: float) -> None:
    drops = DropRows(database)
    while await drops.plan_due(days(day)):
        pass
    await post_next(database, days(day))


async def notices(database: Database) -> list[tuple[object, object, dict[str, object]]]:
    found = await rows(database, "SELECT guild_id, key, fields FROM notice ORDER BY id")
    return [(guild, key, json.loads(str(fields))) for guild, key, fields in found]


@pytest.fixture
def story() -> Manuscript:
    return tale(chapters=4)


@pytest.fixture
def fresh() -> Chapter:
    return tale(chapters=1, first=800).chapters[0]


@pytest.fixture
async def begun(database: Database, story: Manuscript) -> int:
    """Its serial, two of its chapters posted."""
    serial = await start_serial(database, (await add(database, story)).story_id)
    for day in range(2):
        await post(database, day)
    return serial


# --------------------------------------------------------------------- chapters behind the posting point


async def test_what_comes_in_behind_is_told_and_listed(
    database: Database, begun: int, story: Manuscript, fresh: Chapter
):
    one, two, three, four = story.chapters
    await add(database, numbered(story, one, fresh, two, three, four))
    assert await notices(database) == [(GUILD, "chapters_inserted", {"serial": begun, "count": 1})]
    (standing,) = await CheckRows(database).standings(GUILD)
    assert [number for _, number in standing.behind] == [2]
    assert standing.next_number == 4


async def test_what_comes_in_behind_is_shown_to_nobody(
    database: Database, begun: int, story: Manuscript, fresh: Chapter
):
    before = await shown(database)
    one, two, three, four = story.chapters
    await add(database, numbered(story, one, fresh, two, three, four))
    assert await shown(database) == before


async def shown(database: Database) -> tuple[int, int, list[str]]:
    """Chapters and words that are counted, and the lines that may be quoted."""
    stories = Stories(database)
    (card,) = await stories.shelf(open_scope())
    whole, scenes = await stories.allowed(open_scope(), None)
    assert card.id not in whole
    lines = await rows(
        database,
        """SELECT substr(sc.text, l."start" + 1, l."end" - l."start") FROM story s
        JOIN scene_revision sc ON sc.revision_id = s.revision_id
        JOIN line_revision l ON l.revision_id = s.revision_id AND l.scene_id = sc.scene_id
        WHERE sc.scene_id IN (SELECT value FROM json_each(:scenes)) ORDER BY l.position""",
        scenes=json.dumps(list(scenes)),
    )
    return card.chapters, card.words, [str(line) for (line,) in lines]


async def test_what_comes_in_ahead_is_no_news(database: Database, begun: int, story: Manuscript, fresh: Chapter):
    one, two, three, four = story.chapters
    await add(database, numbered(story, one, two, fresh, three, four))
    assert await notices(database) == []


async def test_the_same_import_again_tells_nothing_twice(
    database: Database, begun: int, story: Manuscript, fresh: Chapter
):
    one, two, three, four = story.chapters
    for _ in range(2):
        await add(database, numbered(story, one, fresh, two, three, four))
    assert len(await notices(database)) == 1


async def test_only_servers_where_it_runs_are_told(database: Database, story: Manuscript, fresh: Chapter):
    story_id = (await add(database, story)).story_id
    await start_serial(database, story_id)
    await start_serial(database, story_id, guild_id=OTHER_GUILD, channel_id=CHANNEL + 1, start=days(30))
    for day in range(2):
        await post(database, day)
    one, two, three, four = story.chapters
    await add(database, numbered(story, one, fresh, two, three, four))
    assert [guild for guild, _, _ in await notices(database)] == [GUILD]


async def test_a_chapter_left_behind_is_posted_when_a_moderator_says_so(
    database: Database, begun: int, story: Manuscript, fresh: Chapter
):
    one, two, three, four = story.chapters
    await add(database, numbered(story, one, fresh, two, three, four))
    checks = CheckRows(database)
    (standing,) = await checks.standings(GUILD)
    ((chapter, _),) = standing.behind
    assert not await checks.post_behind(OTHER_GUILD, begun, chapter, days(1))
    assert await checks.post_behind(GUILD, begun, chapter, days(1))
    assert not await checks.post_behind(GUILD, begun, chapter, days(1))
    posted, _ = await post_next(database, days(1))
    assert posted == chapter
    (standing,) = await checks.standings(GUILD)
    assert standing.behind == ()
    assert standing.next_number == 4
    assert standing.last is not None
    assert standing.last.number == 2


async def test_of_several_left_behind_one_is_posted_at_a_time(
    database: Database, begun: int, story: Manuscript, fresh: Chapter
):
    one, two, three, four = story.chapters
    second = tale(chapters=1, first=900).chapters[0]
    await add(database, numbered(story, one, fresh, second, two, three, four))
    checks = CheckRows(database)
    (standing,) = await checks.standings(GUILD)
    (first, _), (other, _) = standing.behind
    assert await checks.post_behind(GUILD, begun, first, days(1))
    assert not await checks.post_behind(GUILD, begun, other, days(1))
    await post_next(database, days(1))
    assert await checks.post_behind(GUILD, begun, other, days(1))


async def test_what_is_still_to_come_cannot_be_posted_as_left_behind(database: Database, begun: int):
    ((chapter,),) = await rows(
        database,
        """SELECT c.chapter_id FROM chapter_revision c JOIN story s ON s.revision_id = c.revision_id
        WHERE c.number = 4""",
    )
    assert isinstance(chapter, int)
    assert not await CheckRows(database).post_behind(GUILD, begun, chapter, days(1))  # pyright: ignore[reportArgumentType]


# ------------------------------------------------------------------------------------------- to be told


async def test_the_end_of_a_serial_is_told_once(database: Database, begun: int):
    for day in (2, 3):
        await post(database, day)
    drops = DropRows(database)
    for day in (4, 5):
        while await drops.plan_due(days(day)):
            pass
    assert await notices(database) == [(GUILD, "serial_rests", {"serial": begun})]


async def note(database: Database, guild_id: int, count: int = 1) -> None:
    for _ in range(count):
        await change(
            database,
            "INSERT INTO notice (guild_id, key, fields, created_at) VALUES (:guild_id, 'serial_rests', '{}', 1)",
            guild_id=guild_id,
        )


async def test_only_what_can_be_told_is_looked_at_and_none_crowds_out_another_server(database: Database):
    await note(database, GUILD, 9)
    await note(database, OTHER_GUILD)
    await note(database, OTHER_GUILD + 1)
    store = NoticeRows(database)
    assert await store.to_tell(5) == []
    settings = SettingRows(database)
    for guild in (GUILD, OTHER_GUILD):
        await settings.change(guild, "notices_channel", 5, 1, NOON)
    await settings.change(OTHER_GUILD + 1, "notices_channel", None, 1, NOON)
    waiting = await store.to_tell(5)
    assert [notice.guild_id for notice in waiting] == sorted([GUILD] * 5 + [OTHER_GUILD])
    assert await CheckRows(database).untold(GUILD) == 9


async def test_the_time_of_the_first_attempt_stays_and_what_is_told_is_told(database: Database):
    await note(database, GUILD)
    await SettingRows(database).change(GUILD, "notices_channel", 5, 1, NOON)
    store = NoticeRows(database)
    (waiting,) = await store.to_tell(5)
    assert waiting.sending_at is None
    for day in (0, 1):
        assert await store.telling(waiting.id, days(day))
    (again,) = await store.to_tell(5)
    assert again.sending_at == NOON
    await store.told(waiting.id, days(1))
    assert await store.to_tell(5) == []
    assert not await store.telling(waiting.id, days(2))
    assert await CheckRows(database).untold(GUILD) == 0


# --------------------------------------------------------------------- much new text in what was posted


@pytest.mark.parametrize(("number", "told"), [(1, 1), (4, 0)])
async def test_much_new_text_in_what_was_posted_is_told(
    database: Database, begun: int, story: Manuscript, number: int, told: int
):
    await add(database, grown(story, number, 6))
    expected = [(GUILD, "posted_text_grew", {"serial": begun})] * told
    assert await notices(database) == expected


async def test_a_sentence_more_is_an_edit(database: Database, begun: int, story: Manuscript):
    await add(database, grown(story, 1, 1))
    assert await notices(database) == []


async def test_a_server_that_posted_none_of_it_is_not_told(database: Database, begun: int, story: Manuscript):
    (story_id,) = (await rows(database, "SELECT id FROM story"))[0]
    await start_serial(
        database, StoryId(int(str(story_id))), guild_id=OTHER_GUILD, channel_id=CHANNEL + 1, start=days(30)
    )
    await add(database, grown(story, 2, 6))
    assert [guild for guild, _, _ in await notices(database)] == [GUILD]


def grown(story: Manuscript, number: int, sentences: int) -> Manuscript:
    """The story with so many new sentences at the end of a chapter's first scene."""
    chapter = story.chapters[number - 1]
    first, *rest = chapter.scenes
    more = " ".join([first.text, *(sentence(950 + n) for n in range(sentences))])
    chapters = list(story.chapters)
    chapters[number - 1] = replace(chapter, scenes=(scene(more), *rest))
    return replace(story, chapters=tuple(chapters))
