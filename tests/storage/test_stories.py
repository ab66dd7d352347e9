from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.access import EVERYTHING, Place, clear_all, scope
from bot.domain.story import Emphasis, LineId, Manuscript, Owner, Rating, SceneId
from bot.storage.database import Database
from bot.storage.stories import Stories
from tests.support.builders import CHANNEL, GUILD, OTHER_GUILD, manuscript
from tests.support.stories import (
    PLACES,
    Gated,
    add,
    adult_scope,
    all_lines,
    change,
    ids,
    may_be_told,
    open_scope,
    post_next,
    released_texts,
    rows,
    sentence,
    start_serial,
    tale,
)


@pytest.fixture
def stories(database: Database) -> Stories:
    return Stories(database)


# The gate's rule in SQL


async def test_the_shelf_names_exactly_what_a_place_may_know_of(gated: Gated):
    database, library = gated
    for place in PLACES:
        cards = await Stories(database).shelf(scope(place))
        assert [card.slug for card in cards] == [story.slug for story, _ in library if may_be_told(story, place)]
        assert len(clear_all([(card, EVERYTHING) for card in cards], place)) == len(cards)


async def test_what_may_be_looked_through_is_exactly_what_may_be_shown(gated: Gated):
    database, library = gated
    stories = Stories(database)
    _, lines = await all_lines(database)
    for place in PLACES:
        whole, scenes = await stories.allowed(scope(place), None)
        found = {text for _, scene, story, text in lines if story in whole or scene in scenes}
        expected = {text for n, (story, _) in enumerate(library) for text in released_texts(story, n, place)}
        assert found == expected
        # The gate itself, asked about every line there is, says the same.
        every = await stories.passages(scope(place), [line for line, *_ in lines])
        assert {cleared.item.text for cleared in clear_all(every, place)} == expected


async def test_what_may_be_looked_through_of_one_story(database: Database, stories: Stories):
    first = (await add(database, tale("first"))).story_id
    second = (await add(database, tale("second", first=100))).story_id
    await start_serial(database, second)
    await post_next(database)
    assert await stories.allowed(open_scope(), first) == ({first}, set())
    whole, scenes = await stories.allowed(open_scope(), second)
    assert (whole, len(scenes)) == (set(), 2)
    assert await stories.allowed(open_scope(OTHER_GUILD), second) == ({second}, set())


async def test_every_line_can_be_indexed_but_those_withdrawn(gated: Gated):
    database, library = gated
    _, lines = await all_lines(database)
    assert [text for *_, text in lines] == [
        sentence(n * 10 + k) for n, (story, _) in enumerate(library) if not story.withdrawn for k in range(4)
    ]


# The shelf


async def test_the_shelf_is_sorted_as_people_sort(database: Database, stories: Stories):
    for title in ("beta", "Alpha", "Gamma", "alpha"):
        slug = f"{title}-{title.islower()}".lower()
        await add(database, replace(tale(slug), title=title))
    assert [card.title for card in await stories.shelf(open_scope())] == ["Alpha", "alpha", "beta", "Gamma"]


async def test_a_serialised_story_counts_only_what_was_posted(database: Database, stories: Stories):
    story = await add(database, tale(chapters=4, scenes=2, lines=3))

    async def counted(guild_id: int = GUILD) -> list[tuple[int, int]]:
        return [(card.chapters, card.words) for card in await stories.shelf(open_scope(guild_id))]

    assert await counted() == [(4, 4 * 2 * 3 * 9)]
    await start_serial(database, story.story_id)
    assert await counted() == [(0, 0)]
    await post_next(database)
    assert await counted() == [(1, 2 * 3 * 9)]
    assert await counted(OTHER_GUILD) == [(4, 4 * 2 * 3 * 9)]


async def test_a_title_and_a_rating_change_with_the_next_import(database: Database, stories: Stories):
    await add(database, tale())
    await add(database, replace(tale(), title="Oars", rating=Rating.MATURE))
    assert await stories.shelf(open_scope()) == []
    assert [(c.title, c.terms.rating) for c in await stories.shelf(adult_scope())] == [("Oars", Rating.MATURE)]


# Passages


async def test_lines_come_in_the_order_asked_and_those_that_are_gone_are_left_out(database: Database, stories: Stories):
    await add(database, tale())
    _, _, lines = await ids(database)
    await add(database, replace(tale(), chapters=tale().chapters[1:]))
    wanted = [lines[sentence(n)] for n in (15, 2, 9, 12)]
    found = await stories.passages(adult_scope(), [*wanted, LineId(999)])
    assert [passage.text for passage, _ in found] == [sentence(15), sentence(9), sentence(12)]
    assert [passage.line_id for passage, _ in found] == [wanted[0], wanted[2], wanted[3]]


async def test_a_line_knows_where_it_stands(database: Database, stories: Stories):
    story = replace(
        manuscript(["One here.", "Two here."], ["Three here.", "Four here. Five here."], numbers=[1, 4]),
        rating=Rating.MATURE,
    )
    story = replace(story, chapters=(story.chapters[0], replace(story.chapters[1], title="The oar")))
    added = await add(database, story, owner=Owner(GUILD))
    chapters, scenes, lines = await ids(database, story.slug, Owner(GUILD))
    ((passage, released),) = await stories.passages(adult_scope(), [lines["Five here."]])
    heading = passage.heading
    assert (heading.story_id, heading.story_title, heading.authors) == (
        added.story_id,
        story.title,
        story.authors,
    )
    assert (heading.chapter_id, heading.chapter_number, heading.chapter_title) == (chapters[4], 4, "The oar")
    assert (heading.scene_id, heading.scene_number) == (scenes["Four here. Five here."], 2)
    assert (passage.terms.owner, passage.terms.rating) == (GUILD, Rating.MATURE)
    assert released is not None
    assert released.everything


CROWD = "One oar. Two oars. Three oars. Four oars. Five oars."


@pytest.mark.parametrize(
    ("line", "before", "after", "text"),
    [
        ("Three oars.", 0, 0, "Three oars."),
        ("Three oars.", 1, 1, "Two oars. Three oars. Four oars."),
        ("Three oars.", 2, 0, "One oar. Two oars. Three oars."),
        ("Three oars.", 0, 9, "Three oars. Four oars. Five oars."),
        ("One oar.", 3, 1, "One oar. Two oars."),
        ("Five oars.", 1, 3, "Four oars. Five oars."),
    ],
)
async def test_a_passage_never_leaves_its_scene(
    database: Database, stories: Stories, line: str, before: int, after: int, text: str
):
    await add(database, manuscript(["Not this one. Nor this."], [CROWD, "Not that one."], slug="oar-song"))
    _, _, lines = await ids(database)
    ((passage, _),) = await stories.passages(adult_scope(), [lines[line]], before=before, after=after)
    assert passage.text == text
    assert passage.text[slice(*passage.focus)] == line


async def test_emphasis_goes_with_the_stretch(database: Database, stories: Stories):
    story = manuscript([CROWD], slug="oar-song")
    at = CROWD.index("Five")
    scene = replace(
        story.chapters[0].scenes[0],
        # "oar. Two", then "Five".
        emphasis=(Emphasis(4, 12, italic=True, bold=False), Emphasis(at, at + 4, italic=False, bold=True)),
    )
    await add(database, with_only(story, replace(story.chapters[0], scenes=(scene,))))
    _, _, lines = await ids(database)

    async def marked(line: str, **around: int) -> list[tuple[str, bool, bool]]:
        ((passage, _),) = await stories.passages(adult_scope(), [lines[line]], **around)
        return [(passage.text[e.start : e.end], e.italic, e.bold) for e in passage.emphasis]

    assert await marked("Two oars.") == [("Two", True, False)]
    assert await marked("Two oars.", before=1) == [("oar. Two", True, False)]
    assert await marked("Three oars.") == []
    assert await marked("Four oars.", after=1) == [("Five", False, True)]


def with_only(story: Manuscript, *chapters: object) -> Manuscript:
    return replace(story, chapters=chapters)


async def test_with_a_line_comes_what_the_server_has_released_of_its_story(database: Database, stories: Stories):
    story = await add(database, tale(chapters=2))
    _, scenes, lines = await ids(database)
    await start_serial(database, story.story_id)
    await post_next(database)
    wanted = [lines[sentence(0)], lines[sentence(11)]]
    posted = {scenes[scene.text] for scene in tale(chapters=2).chapters[0].scenes}
    for passage, released in await stories.passages(adult_scope(), wanted):
        assert (released.everything, released.scenes) == (False, posted), passage.text
    for passage, released in await stories.passages(adult_scope(OTHER_GUILD), wanted):
        assert released.everything, passage.text


async def test_what_one_server_has_posted_is_not_released_in_another(database: Database, stories: Stories):
    story = (await add(database, tale(chapters=2, scenes=1))).story_id
    _, scenes, lines = await ids(database)
    await start_serial(database, story)
    await post_next(database)
    await start_serial(database, story, guild_id=OTHER_GUILD, channel_id=77)
    posted = scenes[tale(chapters=2, scenes=1).chapters[0].scenes[0].text]
    for guild, released in ((GUILD, {posted}), (OTHER_GUILD, set[SceneId]())):
        assert await stories.allowed(open_scope(guild), None) == (set(), released)
        assert [card.chapters for card in await stories.shelf(open_scope(guild))] == [len(released)]
        ((_, told),) = await stories.passages(adult_scope(guild), [lines[sentence(0)]])
        assert (told.everything, told.scenes) == (False, released)


async def test_a_thousand_lines_at_once(database: Database, stories: Stories):
    await add(database, tale(chapters=5, scenes=8, lines=25))
    _, every = await all_lines(database)
    found = await stories.passages(adult_scope(), [line for line, *_ in reversed(every)])
    assert [passage.text for passage, _ in found] == [text for *_, text in reversed(every)]


# Chapters


async def test_a_chapter_stands_as_it_was_last_imported(database: Database, stories: Stories):
    await add(database, tale())
    chapters, _, _ = await ids(database)
    edited = tale().chapters[0].scenes[0].text + " " + sentence(900)
    first = replace(tale().chapters[0], title="Anew", scenes=(*manuscript([edited]).chapters[0].scenes,))
    await add(database, replace(tale(), chapters=(first, *tale().chapters[1:])))
    chapter = await stories.chapter(chapters[1])
    assert chapter is not None
    assert (chapter.title, [scene.text for scene in chapter.scenes]) == ("Anew", [edited])
    assert [
        edited[start:end]
        for start, end in zip((0, *chapter.scenes[0].line_ends), chapter.scenes[0].line_ends, strict=False)
    ]


async def test_a_chapter_that_was_taken_out_is_gone(database: Database, stories: Stories):
    await add(database, tale())
    chapters, _, _ = await ids(database)
    await add(database, replace(tale(), chapters=tale().chapters[:1]))
    assert await stories.chapter(chapters[3]) is None


async def test_a_chapter_says_that_its_story_was_withdrawn(database: Database, stories: Stories):
    await add(database, tale())
    chapters, _, _ = await ids(database)
    await change(database, "UPDATE story SET withdrawn_at = 1")
    chapter = await stories.chapter(chapters[1])
    assert chapter is not None
    assert chapter.terms.withdrawn
    assert clear_all([(chapter, EVERYTHING)], Place(GUILD, CHANNEL, age_restricted=True)) == []


async def test_only_one_revision_is_ever_read(database: Database, stories: Stories):
    """Former revisions are still there while they are being cleared away."""
    await add(database, tale())
    await change(database, "CREATE TABLE kept AS SELECT * FROM line_revision")
    await change(database, "CREATE TABLE kept_scenes AS SELECT * FROM scene_revision")
    await change(database, "CREATE TABLE kept_chapters AS SELECT * FROM chapter_revision")
    await change(database, "CREATE TABLE kept_revisions AS SELECT * FROM revision")
    await add(database, replace(tale(first=1000), title="Anew"))
    for table, kept in (("revision", "kept_revisions"), ("chapter_revision", "kept_chapters"),
                        ("scene_revision", "kept_scenes"), ("line_revision", "kept")):  # fmt: skip
        await change(database, f"INSERT INTO {table} SELECT * FROM {kept}")
    assert await rows(database, "SELECT count(*) FROM revision") == [(2,)]
    _, lines = await all_lines(database)
    assert [text for *_, text in lines] == [sentence(1000 + n) for n in range(18)]
    assert [(card.chapters, card.words) for card in await stories.shelf(open_scope())] == [(3, 162)]
    chapters, _, _ = await ids(database)
    chapter = await stories.chapter(chapters[1])
    assert chapter is not None
    assert (chapter.story_title, len(chapter.scenes)) == ("Anew", 2)
