"""Settings on disk: whole or not at all, by server, and never in the way of anything when they cannot be read."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from datetime import timedelta

import pytest

from bot.domain.settings import Settings
from bot.domain.story import Rating
from bot.services.settings import RECENT, ServerSettings
from bot.storage.database import Database
from bot.storage.settings import SettingRows
from tests.support.builders import GUILD, NOON, OTHER_GUILD
from tests.support.fakes import Clock

ANN, BEA = 11, 12


@pytest.fixture
def rows(database: Database) -> SettingRows:
    return SettingRows(database)


async def put(database: Database, name: str, value: str) -> None:
    async with database.write() as tx:
        await tx.run(
            "INSERT INTO setting (guild_id, name, value) VALUES (:guild, :name, :value)",
            {"guild": GUILD, "name": name, "value": value},
        )


async def test_where_nobody_has_set_anything_the_defaults_hold(rows: SettingRows):
    assert await rows.settings(GUILD) == Settings()
    assert await rows.changes(GUILD, 5) == []


async def test_what_is_set_holds_in_that_server_and_no_other(rows: SettingRows):
    after = await rows.change(GUILD, "ratings", frozenset({Rating.TEEN}), ANN, NOON)
    assert after == await rows.settings(GUILD) == Settings(ratings=frozenset({Rating.TEEN}))
    assert await rows.settings(OTHER_GUILD) == Settings()
    assert await rows.changes(OTHER_GUILD, 5) == []


async def test_who_changed_what_is_told_newest_first_and_only_so_many(database: Database):
    clock = Clock()
    service = ServerSettings(SettingRows(database), clock)
    for number in range(RECENT + 2):
        await service.change(GUILD, "talk_channel", number + 1, (ANN, BEA)[number % 2])
        clock.advance(minutes=1)
    changes = await service.changes(GUILD)
    assert [change.value for change in changes] == list(range(RECENT + 2, 2, -1))
    assert {change.user_id for change in changes} == {ANN, BEA}
    assert changes[0].at == NOON + timedelta(minutes=RECENT + 1)


async def test_what_cannot_be_is_not_stored(database: Database):
    service = ServerSettings(SettingRows(database), Clock())
    for name, value in (("pace", 7), ("zone", "Nowhere/Here"), ("rhyme", 1)):
        with pytest.raises(ValueError):
            await service.change(GUILD, name, value, ANN)
    assert await service.of(GUILD) == Settings()
    assert await service.changes(GUILD) == []


async def test_a_change_that_cannot_be_noted_is_not_made(database: Database, rows: SettingRows):
    await rows.change(GUILD, "pace", 60, ANN, NOON)
    async with database.write() as tx:
        await tx.run("ALTER TABLE setting_change RENAME TO elsewhere")
    with pytest.raises(sqlite3.OperationalError):
        await rows.change(GUILD, "pace", 300, ANN, NOON)
    assert (await rows.settings(GUILD)).pace == 60


async def test_changes_at_the_same_time_are_all_kept(rows: SettingRows):
    await asyncio.gather(
        rows.change(GUILD, "pace", 60, ANN, NOON),
        rows.change(GUILD, "talk_channel", 7, BEA, NOON),
        rows.change(GUILD, "hide_warnings", True, ANN, NOON),
    )
    assert await rows.settings(GUILD) == Settings(pace=60, talk_channel=7, hide_warnings=True)
    assert len(await rows.changes(GUILD, 5)) == 3


@pytest.mark.parametrize("value", ["7", '"week"', "{", "", "null", "[1, 2]"])
async def test_what_cannot_be_read_is_as_if_nobody_had_set_it_and_is_logged_once(
    database: Database, rows: SettingRows, caplog: pytest.LogCaptureFixture, value: str
):
    await put(database, "pace", value)
    await put(database, "hide_warnings", "true")
    with caplog.at_level(logging.WARNING, "bot.storage.settings"):
        for _ in range(3):
            assert await rows.settings(GUILD) == Settings(hide_warnings=True)
    assert [record.getMessage() for record in caplog.records] == [
        f"the setting pace of server {GUILD} cannot be read; its default holds"
    ]


async def test_a_value_that_cannot_be_read_is_replaced_by_the_next_choice(database: Database, rows: SettingRows):
    await put(database, "pace", "{")
    assert (await rows.change(GUILD, "pace", 60, ANN, NOON)).pace == 60
    assert (await rows.settings(GUILD)).pace == 60


async def test_a_change_that_cannot_be_read_is_still_told(database: Database, rows: SettingRows):
    async with database.write() as tx:
        await tx.run(
            "INSERT INTO setting_change (guild_id, name, value, user_id, changed_at) VALUES (:g, 'pace', '{', 11, 0)",
            {"g": GUILD},
        )
    (change,) = await rows.changes(GUILD, 5)
    assert (change.name, change.user_id, change.value) == ("pace", ANN, {})
