"""Corrections as a story remembers them, and a stored story turned back into its manuscript."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.corrections import Correction, CorrectionKind
from bot.domain.story import OPERATOR, Emphasis, Owner, Permission, PermissionFor, PermissionFrom
from bot.storage.corrections import CorrectionRows
from bot.storage.database import Database
from bot.storage.manuscripts import StoredManuscripts
from tests.support.builders import GUILD
from tests.support.stories import add, ids, tale

BREAK = Correction(CorrectionKind.BREAK, "a.txt", "the last words", "the first words")
JOIN = Correction(CorrectionKind.JOIN, "b.txt", "some words", "other words", 2)


async def test_a_story_remembers_its_own(database: Database):
    rows = CorrectionRows(database)
    story = await add(database, tale())
    other = await add(database, tale("other", first=100))
    await rows.remember(story.story_id, [BREAK, JOIN])
    await rows.remember(other.story_id, [JOIN])

    assert await rows.corrections(OPERATOR, "oar-song") == [BREAK, JOIN]
    assert await rows.corrections(OPERATOR, "other") == [JOIN]
    assert await rows.corrections(Owner(GUILD), "oar-song") == []


async def test_the_latest_word_replaces_all_before(database: Database):
    rows = CorrectionRows(database)
    story = await add(database, tale())
    await rows.remember(story.story_id, [BREAK, JOIN])
    contrary = replace(BREAK, kind=CorrectionKind.JOIN)
    await rows.remember(story.story_id, [BREAK, contrary])
    assert await rows.corrections(OPERATOR, "oar-song") == [contrary]
    await rows.remember(story.story_id, [])
    assert await rows.corrections(OPERATOR, "oar-song") == []


async def test_a_stored_story_is_the_manuscript_that_it_was_and_keeps_every_id(database: Database):
    story = tale()
    first, *others = story.chapters
    opening, *more = first.scenes
    opening = replace(opening, emphasis=(Emphasis(0, 3, italic=True, bold=False), Emphasis(5, 9, True, True)))
    second = replace(more[0], marker="* * *")
    story = replace(
        story,
        chapters=(replace(first, title="One", date=date(1944, 10, 27), scenes=(opening, second)), *others),
        authors=("Peg Lanyon", "Wick"),
        warnings=("Salt",),
        language="en",
        summary="A loaf.",
        source="https://a.example",
        permission=Permission(PermissionFrom.LICENCE, PermissionFor.FULL_TEXT),
    )
    await add(database, story)
    before = await ids(database)

    stored = await StoredManuscripts(database).manuscript(OPERATOR, "oar-song")

    assert stored is not None
    assert stored == story
    await add(database, stored)
    assert await ids(database) == before
    assert await StoredManuscripts(database).slugs(OPERATOR) == ["oar-song"]
    assert await StoredManuscripts(database).manuscript(OPERATOR, "no-such") is None
