from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.story import (
    OPERATOR,
    Chapter,
    Emphasis,
    Line,
    Manuscript,
    Owner,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    Scene,
)
from bot.storage.database import Database, Writing
from bot.storage.imports import Imports
from bot.storage.stories import Stories
from tests.support.builders import GUILD, NOON, OTHER_GUILD, manuscript, scene
from tests.support.stories import add, adult_scope, all_lines, elsewhere, ids, rows, sentence, tale

Hook = Callable[[int, Writing], Awaitable[None]]


class Killed(BaseException):
    """Nothing of the program's own may catch a kill."""


@asynccontextmanager
async def watched(database: Database, *, before: Hook | None = None, after: Hook | None = None) -> AsyncIterator[None]:
    """Call back at the beginning and before the commit of every transaction, which are counted from 0."""
    write = database.write
    number = -1

    @asynccontextmanager
    async def watched_write() -> AsyncIterator[Writing]:
        nonlocal number
        number += 1
        mine = number
        async with write() as tx:
            if before:
                await before(mine, tx)
            yield tx
            if after:
                await after(mine, tx)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "write", watched_write)
        yield


async def transactions(database: Database, story: Manuscript) -> int:
    """Import it and say in how many transactions."""
    count = 0

    async def counted(number: int, _: Writing) -> None:
        nonlocal count
        count = number + 1

    async with watched(database, before=counted):
        await add(database, story)
    return count


async def visible(database: Database) -> Any:
    """All that anybody can see of the library."""
    stories = Stories(database)
    revision, lines = await all_lines(database)
    cards = await stories.shelf(adult_scope())
    return revision, lines, cards, await Imports(database).outline(OPERATOR, "oar-song")


def texts(seen: Any) -> list[str]:
    return [text for *_, text in seen[1]]


def sentences(story: Manuscript) -> list[str]:
    return [s.text[line.start : line.end] for c in story.chapters for s in c.scenes for line in s.lines]


# All at once


@pytest.mark.parametrize("again", [False, True], ids=["new", "again"])
async def test_nothing_is_seen_of_a_story_before_all_of_it(database: Database, path: Path, again: bool):
    new = tale(chapters=3, scenes=5, lines=40, first=1000)
    if again:
        await add(database, tale())
    async with await Database.open(path) as elsewhere_open:
        before = await visible(elsewhere_open)
        seen: list[Any] = []

        async def look(number: int, _: Writing) -> None:
            seen.append(await visible(elsewhere_open))

        async with watched(database, before=look):
            await add(database, new)
        shown = [step for step in seen if step != before]
        assert len(seen) - len(shown) > 8, "it should take several transactions"
        # After the flip only former revisions are cleared away.
        assert all(texts(step) == sentences(new) for step in shown)
        assert texts(await visible(elsewhere_open)) == sentences(new)


async def test_the_library_gets_a_new_revision_with_every_import(database: Database):
    seen = [await Stories(database).revision()]
    for _ in range(4):
        await add(database, tale())
        seen.append(await Stories(database).revision())
    assert len(set(seen)) == 5


# Killed half-way


@pytest.mark.parametrize("again", [False, True], ids=["new", "again"])
async def test_killed_at_any_step_it_leaves_all_as_it_was(tmp_path: Path, again: bool):
    old, new = tale(), tale(first=1000)

    async def kill(number: int, _: Writing) -> None:
        if number == step:
            raise Killed

    start = tmp_path / "start.db"
    async with await Database.open(start) as database:
        if again:
            await add(database, old)
    shutil.copy(start, tmp_path / "clean.db")
    async with await Database.open(tmp_path / "clean.db") as database:
        steps = await transactions(database, new)
    assert steps > 6
    untouched = changed = 0
    for step in range(steps):
        shutil.copy(start, tmp_path / f"{step}.db")
        async with await Database.open(tmp_path / f"{step}.db") as database:
            before = await visible(database)
            with pytest.raises(Killed):
                async with watched(database, after=kill):
                    await add(database, new)
            seen = await visible(database)
            if seen == before:
                untouched += 1
            else:
                changed += 1
                assert texts(seen) == sentences(new)
            await add(database, new)
            assert texts(await visible(database)) == sentences(new)
    # Only clearing away what was there before comes after the moment at which it is seen.
    assert changed == (3 if again else 0)
    assert untouched == steps - changed


_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.storage import imports
from bot.storage.database import Database
from tests.support.stories import add, tale

async def main():
    async with await Database.open(Path(sys.argv[1])) as database:
        async def dies(self, statement, rows, done):
            if statement is imports.ADD_LINE_REVISION:
                async with database.write() as tx:
                    await tx.many(statement, list(rows)[:5])
                    os.kill(os.getpid(), signal.SIGKILL)
            await stored(self, statement, rows, done)
        stored, imports.Imports._rows = imports.Imports._rows, dies
        await add(database, tale(first=1000))

asyncio.run(main())
"""


async def test_a_process_that_is_killed_leaves_all_as_it_was(path: Path):
    async with await Database.open(path) as database:
        await add(database, tale())
        before = await visible(database)
    process = elsewhere(_KILLED, path)
    _, told = await asyncio.to_thread(process.communicate, timeout=30)
    assert process.returncode == -9, told
    async with await Database.open(path) as database:
        assert await visible(database) == before
        await add(database, tale(first=1000))
        assert texts(await visible(database)) == sentences(tale(first=1000))


# What is left over


async def test_a_former_revision_is_cleared_away(database: Database):
    for first in (0, 1000, 2000):
        await add(database, tale(first=first))
    assert await rows(database, "SELECT count(*) FROM revision") == [(1,)]
    assert await rows(database, "SELECT count(*) FROM chapter_revision") == [(3,)]
    assert await rows(database, "SELECT count(*) FROM scene_revision") == [(6,)]
    assert await rows(database, "SELECT count(*) FROM line_revision") == [(18,)]


@pytest.mark.parametrize("again", [False, True], ids=["new", "again"])
async def test_an_import_that_died_is_cleared_away_by_any_import_after_an_hour(database: Database, again: bool):
    async def kill(number: int, _: Writing) -> None:
        if number == 6:
            raise Killed

    if again:
        await add(database, tale())
    with pytest.raises(Killed):
        async with watched(database, before=kill):
            await add(database, tale(first=1000))
    started = "SELECT count(*) FROM revision r JOIN story s ON s.id = r.story_id WHERE r.id IS NOT s.revision_id"
    await add(database, tale("other", first=2000), now=NOON + timedelta(minutes=55))
    assert await rows(database, started) == [(1,)]
    await add(database, tale("other", first=2000), now=NOON + timedelta(minutes=65))
    assert await rows(database, started) == [(0,)]
    orphans = "SELECT count(*) FROM scene_revision WHERE revision_id NOT IN (SELECT id FROM revision)"
    assert await rows(database, orphans) == [(0,)]


@pytest.mark.parametrize("paused_at", range(1, 8))
async def test_two_imports_of_one_story_at_once_leave_a_whole_one(database: Database, path: Path, paused_at: int):
    """The slower one was begun first; the other one passes it at every one of its steps."""
    slow, fast = tale(first=1000), tale(first=2000)
    async with await Database.open(path) as other:

        async def overtaken(number: int, tx: Writing) -> None:
            if number == paused_at:
                await tx.run("COMMIT")
                await add(other, fast)
                await tx.run("BEGIN IMMEDIATE")

        async with watched(database, before=overtaken):
            await add(database, slow)
        assert texts(await visible(other)) == sentences(slow)
        await add(database, fast)
        assert texts(await visible(other)) == sentences(fast)
        assert await rows(database, "SELECT count(*) FROM revision") == [(1,)]


# No long transactions


async def test_no_transaction_changes_more_than_a_few_hundred_rows(database: Database):
    changes: list[int] = []
    total = 0

    async def begins(_: int, tx: Writing) -> None:
        nonlocal total
        total = await total_changes(tx)

    async def ends(_: int, tx: Writing) -> None:
        changes.append(await total_changes(tx) - total)

    async with watched(database, before=begins, after=ends):
        await add(database, tale(chapters=16, scenes=2, lines=25))
        assert sum(changes) > 1600
        await add(database, tale(chapters=16, scenes=2, lines=25, first=10_000))
    assert sum(changes) > 4000
    assert max(changes) <= 500


async def total_changes(tx: Writing) -> int:
    row = await tx.one("SELECT total_changes()")
    assert row is not None
    return int(row[0])


# Ids


async def test_the_same_text_keeps_every_id(database: Database):
    first = await add(database, tale())
    before = await ids(database)
    again = await add(database, tale())
    assert await ids(database) == before
    assert (first.new, again.new) == (True, False)
    assert (first.story_id, first.kept_scenes) == (again.story_id, 0)
    assert again.kept_scenes == again.scenes == 6


async def test_one_edited_chapter_changes_no_id_but_those_of_its_new_lines(database: Database):
    story = tale(chapters=4, lines=5)
    await add(database, story)
    chapters, scenes, lines = await ids(database)
    edited = story.chapters[1].scenes[0].text.replace(sentence(11), sentence(999))
    assert edited != story.chapters[1].scenes[0].text
    await add(database, with_scene(story, 1, 0, edited))
    chapters_after, scenes_after, lines_after = await ids(database)
    assert chapters_after == chapters
    assert scenes_after.pop(edited) == scenes.pop(story.chapters[1].scenes[0].text)
    assert scenes_after == scenes
    assert lines_after.pop(sentence(999)) not in lines.values()
    del lines[sentence(11)]
    assert lines_after == lines


async def test_a_chapter_that_comes_in_between_moves_ids_nowhere(database: Database):
    story = tale(chapters=3)
    await add(database, story)
    chapters, scenes, lines = await ids(database)
    between = tale(chapters=1, first=500).chapters[0]
    after = (story.chapters[0], replace(between, number=2), *renumbered(story.chapters[1:], 3))
    await add(database, replace(story, chapters=after))
    chapters_after, scenes_after, lines_after = await ids(database)
    assert [chapters_after[n] for n in (1, 3, 4)] == [chapters[n] for n in (1, 2, 3)]
    assert chapters_after[2] not in chapters.values()
    assert scenes.items() <= scenes_after.items()
    assert lines.items() <= lines_after.items()
    assert len(set(lines_after.values())) == len(lines_after) == 24
    # The lines are told in the order of the new text, not of their ids.
    assert texts(await visible(database)) == sentences(replace(story, chapters=after))


async def test_what_was_taken_out_and_comes_back_never_gets_an_id_of_something_else(database: Database):
    story = tale(chapters=2)
    await add(database, story)
    _, _, before = await ids(database)
    await add(database, replace(story, chapters=story.chapters[:1]))
    await add(database, replace(story, chapters=(*story.chapters[:1], *tale(chapters=2, first=700).chapters[1:])))
    _, _, after = await ids(database)
    assert all(after[text] == before[text] for text in after if text in before)
    assert {after[text] for text in after if text not in before}.isdisjoint(before.values())


def with_scene(story: Manuscript, chapter: int, number: int, text: str) -> Manuscript:
    chapters = list(story.chapters)
    scenes = list(chapters[chapter].scenes)
    scenes[number] = scene(text)
    chapters[chapter] = replace(chapters[chapter], scenes=tuple(scenes))
    return replace(story, chapters=tuple(chapters))


def renumbered(chapters: tuple[Chapter, ...], first: int) -> tuple[Chapter, ...]:
    return tuple(replace(chapter, number=first + n) for n, chapter in enumerate(chapters))


# Owners


async def test_each_owner_has_their_own_story_of_a_name(database: Database):
    stories = {
        owner: (await add(database, tale(first=first), owner=Owner(owner))).story_id
        for owner, first in ((OPERATOR, 0), (GUILD, 1000), (OTHER_GUILD, 2000))
    }
    assert len(set(stories.values())) == 3
    before = await ids(database, owner=Owner(OTHER_GUILD))
    assert list(before[2]) == sentences(tale(first=2000))
    again = await add(database, tale(first=3000), owner=Owner(GUILD))
    assert (again.new, again.story_id) == (False, stories[GUILD])
    assert await ids(database, owner=Owner(OTHER_GUILD)) == before
    found = {
        guild: {card.id for card in await Stories(database).shelf(adult_scope(guild))}
        for guild in (GUILD, OTHER_GUILD, 300)
    }
    assert found == {
        GUILD: {stories[OPERATOR], stories[GUILD]},
        OTHER_GUILD: {stories[OPERATOR], stories[OTHER_GUILD]},
        300: {stories[OPERATOR]},
    }


# What goes in comes out


async def test_everything_about_a_story_is_kept(database: Database):
    rich = replace(
        manuscript(["The sea. The sea."], ["It said: oar."], numbers=[1, 7]),
        authors=("Peg Lanyon", "Ö. Ærø"),
        rating=Rating.EXPLICIT,
        warnings=("violence", "“strong” language"),
        language="en-GB",
        summary="A loaf, a door, a goat. 🐐",
        source="https://example.org/works/1",
        permission=Permission(PermissionFrom.AUTHOR, PermissionFor.FULL_TEXT),
    )
    rich = replace(
        rich,
        chapters=(
            replace(rich.chapters[0], title=None),
            replace(rich.chapters[1], title="Nine for breakage", date=date(1903, 2, 28)),
        ),
    )
    await add(database, rich)
    (card,) = await Stories(database).shelf(adult_scope())
    told = {name: getattr(card, name) for name in ("slug", "title", "authors", "warnings", "summary", "language")}
    assert told == {name: getattr(rich, name) for name in told}
    assert (card.source, card.permission, card.terms.rating) == (rich.source, rich.permission, rich.rating)
    assert (card.chapters, card.words) == (2, 7)
    chapters, _, _ = await ids(database, rich.slug)
    second = await Stories(database).chapter(chapters[7])
    assert second is not None
    assert (second.number, second.title, second.date) == (7, "Nine for breakage", date(1903, 2, 28))
    assert (second.story_title, second.authors, second.warnings) == (rich.title, rich.authors, rich.warnings)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A scene of any text, cut into lines anywhere, with emphasis anywhere."""
    pieces = draw(st.lists(st.text("aé中🐐'\"<*_\u2060", min_size=1, max_size=8), min_size=1, max_size=5))
    text = "\n\n".join(pieces)
    lines: list[Line] = []
    at = 0
    for piece in pieces:
        lines.append(Line(at, at + len(piece), quotable=draw(st.booleans())))
        at += len(piece) + 2
    emphasis = tuple(
        Emphasis(line.start, line.end, italic=draw(st.booleans()), bold=True) for line in lines if draw(st.booleans())
    )
    return Scene(text=text, lines=tuple(lines), emphasis=emphasis, marker=draw(st.sampled_from(["", "***"])))


@settings(max_examples=6, deadline=None)
@given(st.lists(st.lists(scenes(), min_size=1, max_size=3), min_size=1, max_size=3))
def test_any_text_comes_out_as_it_went_in(chapters: list[list[Scene]]):
    story = Manuscript(
        slug="any",
        title="Any",
        chapters=tuple(Chapter(number=n, scenes=tuple(scenes)) for n, scenes in enumerate(chapters, 1)),
    )
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(comes_out(story, Path(folder) / "library.db"))


async def comes_out(story: Manuscript, path: Path) -> None:
    async with await Database.open(path) as database:
        for _ in range(2):
            await add(database, story)
            stories = Stories(database)
            chapters, _, _ = await ids(database, "any")
            for chapter in story.chapters:
                stored = await stories.chapter(chapters[chapter.number])
                assert stored is not None
                assert [(s.text, s.emphasis, s.line_ends) for s in stored.scenes] == [
                    (s.text, s.emphasis, tuple(line.end for line in s.lines)) for s in chapter.scenes
                ]
            _, lines = await all_lines(database)
            assert [text for *_, text in lines] == sentences(story)
            quotable = await rows(database, "SELECT quotable FROM line_revision ORDER BY position")
            assert [bool(each) for (each,) in quotable] == [
                line.quotable for c in story.chapters for s in c.scenes for line in s.lines
            ]
