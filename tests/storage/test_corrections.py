"""Corrections as a story remembers them, and a stored story turned back into its manuscript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.corrections import Correction, CorrectionKind
from bot.domain.story import OPERATOR, Emphasis, Owner, Permission, PermissionFor, PermissionFrom
from bot.services.library import Overtaken, keep_ids
from bot.storage import corrections
from bot.storage.corrections import CorrectionRows
from bot.storage.database import Database, Writing
from bot.storage.imports import NEXT_LIBRARY_REVISION, Imports
from bot.storage.manuscripts import StoredManuscripts
from tests.support.builders import GUILD, NOON
from tests.support.stories import add, ids, rows, tale

BREAK = Correction(CorrectionKind.BREAK, "a.txt", "the last words", "the first words")
JOIN = Correction(CorrectionKind.JOIN, "b.txt", "some words", "other words", 2)


async def test_a_story_remembers_its_own(database: Database):
    rows = CorrectionRows(database)
    await add(database, tale(), corrections=[BREAK, JOIN])
    await add(database, tale("other", first=100), corrections=[JOIN])

    assert await rows.corrections(OPERATOR, "oar-song") == [BREAK, JOIN]
    assert await rows.corrections(OPERATOR, "other") == [JOIN]
    assert await rows.corrections(Owner(GUILD), "oar-song") == []


async def test_the_latest_word_replaces_all_before(database: Database):
    rows = CorrectionRows(database)
    await add(database, tale(), corrections=[BREAK, JOIN])
    contrary = replace(BREAK, kind=CorrectionKind.JOIN)
    await add(database, tale(), corrections=[BREAK, contrary])
    assert await rows.corrections(OPERATOR, "oar-song") == [contrary]
    await add(database, tale())
    assert await rows.corrections(OPERATOR, "oar-song") == [contrary]
    await add(database, tale(), corrections=[])
    assert await rows.corrections(OPERATOR, "oar-song") == []


async def test_they_are_remembered_with_the_text_that_they_were_made_on_or_not_at_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    await add(database, tale(), corrections=[BREAK])
    before = await ids(database)
    died: list[str] = []

    for failing in (corrections.FORGET_CORRECTIONS, corrections.REMEMBER_CORRECTION, NEXT_LIBRARY_REVISION):
        with monkeypatch.context() as patch:
            for method in ("run", "many"):
                patch.setattr(Writing, method, _dies_at(failing, getattr(Writing, method), died))
            with pytest.raises(RuntimeError):
                await add(database, tale(first=50), corrections=[JOIN])
        assert await CorrectionRows(database).corrections(OPERATOR, "oar-song") == [BREAK]
        assert await ids(database) == before

    assert len(died) == 3
    await add(database, tale(first=50), corrections=[JOIN])
    assert await CorrectionRows(database).corrections(OPERATOR, "oar-song") == [JOIN]
    assert await ids(database) != before


async def test_an_import_that_another_overtook_changes_nothing_and_leaves_nothing(database: Database):
    await add(database, tale(), corrections=[BREAK])
    imports = Imports(database)
    former = await imports.outline(OPERATOR, "oar-song")
    late = tale(first=70)
    await add(database, tale(first=50))
    before = await ids(database)

    with pytest.raises(Overtaken):
        await imports.store(late, OPERATOR, keep_ids(late, former), NOON, [JOIN])

    assert await ids(database) == before
    assert await CorrectionRows(database).corrections(OPERATOR, "oar-song") == [BREAK]
    assert await rows(database, "SELECT count(*) FROM revision") == [(1,)]
    assert await rows(database, "SELECT DISTINCT revision_id IN (SELECT id FROM revision) FROM line_revision") == [(1,)]
    with pytest.raises(Overtaken):
        await imports.store(late, OPERATOR, keep_ids(late, None), NOON)
    await add(database, late)
    assert await ids(database) != before


def _dies_at(statement: str, real: Callable[..., Any], died: list[str]) -> Callable[..., Any]:
    """A method of ``Writing`` that ends the process, as it were, where it comes to a statement."""

    async def run(self: Writing, sql: str, *values: Any) -> Any:
        if sql == statement:
            died.append(sql)
            raise RuntimeError("the process was killed")
        return await real(self, sql, *values)

    return run


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
