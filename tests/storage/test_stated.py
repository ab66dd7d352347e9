"""What persons said of stories, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.stated import FIELDS, Stated
from bot.domain.story import OPERATOR, Owner, PermissionFor, PermissionFrom, Rating
from bot.storage import stated
from bot.storage.database import Database, Writing
from bot.storage.imports import NEXT_LIBRARY_REVISION
from bot.storage.stated import StatedRows
from tests.support.builders import GUILD
from tests.support.stories import add, ids, rows, tale

MATURE = Stated(rating=Rating.MATURE)
ALL = Stated(
    title="“Oars”",
    authors=("Peg", "Wick, the younger"),
    rating=Rating.EXPLICIT,
    warnings=(),
    language="pt-BR",
    summary="",
    source="https://a.example",
    permission_from=PermissionFrom.AUTHOR,
    permission_for=PermissionFor.EXCERPTS,
)


async def test_a_story_remembers_what_was_said_of_it(database: Database):
    assert list(ALL.said()) == list(FIELDS)
    await add(database, tale(), stated=ALL)
    await add(database, tale("other", first=100), stated=MATURE)
    await add(database, tale(first=200), owner=Owner(GUILD))

    known = StatedRows(database)
    assert await known.stated(OPERATOR, "oar-song") == ALL
    assert await known.stated(OPERATOR, "other") == MATURE
    assert await known.stated(Owner(GUILD), "oar-song") == Stated()
    assert await known.stated(OPERATOR, "nothing") == Stated()


async def test_it_stays_until_it_is_replaced(database: Database):
    known = StatedRows(database)
    await add(database, tale(), stated=ALL)
    await add(database, tale())
    assert await known.stated(OPERATOR, "oar-song") == ALL
    await add(database, tale(), stated=MATURE)
    assert await known.stated(OPERATOR, "oar-song") == MATURE
    await add(database, tale(), stated=Stated())
    assert await known.stated(OPERATOR, "oar-song") == Stated()


async def test_it_is_remembered_with_the_text_of_which_it_was_said_or_not_at_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    await add(database, tale(), stated=MATURE)
    before = await ids(database)
    for failing in (stated.FORGET_SAID, stated.REMEMBER_SAID, NEXT_LIBRARY_REVISION):
        with monkeypatch.context() as patch:
            for method in ("run", "many"):
                patch.setattr(Writing, method, _dies_at(failing, getattr(Writing, method)))
            with pytest.raises(RuntimeError):
                await add(database, tale(first=50), stated=ALL)
        assert await StatedRows(database).stated(OPERATOR, "oar-song") == MATURE
        assert await ids(database) == before
    await add(database, tale(first=50), stated=ALL)
    assert await StatedRows(database).stated(OPERATOR, "oar-song") == ALL


async def test_it_goes_with_its_story(database: Database):
    await add(database, tale(), stated=ALL)
    async with database.write() as tx:
        await tx.run("UPDATE story SET revision_id = NULL", {})
        for table in ("line_revision", "scene_revision", "chapter_revision", "revision", "story"):
            await tx.run(f"DELETE FROM {table}", {})
    assert await rows(database, "SELECT count(*) FROM said") == [(0,)]


def _dies_at(statement: str, run: Callable[..., Any]) -> Callable[..., Any]:
    async def dying(self: Writing, sql: str, *values: Any) -> Any:
        if sql == statement:
            raise RuntimeError("killed")
        return await run(self, sql, *values)

    return dying
