from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path

import pytest

from bot.storage import migrate as module
from bot.storage.database import Database
from bot.storage.migrate import APPLICATION_ID, migrations, statements
from tests.support.stories import add, elsewhere, rows, tale, told

SECOND = "-- A shelf mark.\nALTER TABLE story ADD COLUMN shelf TEXT NOT NULL DEFAULT 'A';\nCREATE TABLE shelf (a);"
BROKEN = "-- Fails half-way.\nCREATE TABLE shelf (a);\nINSERT INTO nowhere VALUES (1);"


async def made(path: Path) -> None:
    async with await Database.open(path):
        pass


def seen(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def numbers(path: Path) -> tuple[object, object]:
    return seen(path, "PRAGMA user_version")[0][0], seen(path, "PRAGMA application_id")[0][0]


async def test_a_new_file_gets_every_migration_and_our_mark(path: Path):
    await made(path)
    assert numbers(path) == (len(migrations()), APPLICATION_ID)
    assert seen(path, "PRAGMA integrity_check") == [("ok",)]


async def test_every_table_checks_its_types(database: Database):
    tables = await rows(database, "SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'")
    assert len(tables) > 10
    assert [name for name, strict in tables if not strict] == []


async def test_a_second_time_changes_nothing(path: Path):
    async with await Database.open(path) as database:
        await add(database, tale())
    before = path.read_bytes()
    await made(path)
    assert path.read_bytes() == before


async def test_an_older_file_is_brought_up_to_date_with_all_that_it_holds(path: Path, monkeypatch: pytest.MonkeyPatch):
    async with await Database.open(path) as database:
        await add(database, tale())
    monkeypatch.setattr(module, "migrations", lambda: (*migrations(), SECOND))
    async with await Database.open(path) as database:
        assert await rows(database, "SELECT slug, shelf FROM story") == [("oar-song", "A")]
        assert await rows(database, "SELECT count(*) FROM line_revision") == [(18,)]
    assert numbers(path) == (len(migrations()) + 1, APPLICATION_ID)


@pytest.mark.parametrize("there_before", [True, False], ids=["ours", "new"])
async def test_a_migration_that_fails_leaves_neither_its_change_nor_its_number(
    path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool
):
    if there_before:
        async with await Database.open(path) as database:
            await add(database, tale())
    before = (numbers(path), seen(path, "SELECT name FROM sqlite_schema")) if there_before else ((0, 0), [])
    with monkeypatch.context() as broken:
        broken.setattr(module, "migrations", lambda: (*migrations(), BROKEN))
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            await made(path)
    assert (numbers(path), seen(path, "SELECT name FROM sqlite_schema")) == before
    # The program as it was before goes on with the file.
    async with await Database.open(path) as database:
        assert await rows(database, "SELECT count(*) FROM story") == [(int(there_before),)]


async def test_many_that_open_a_new_file_at_once_all_get_it(tmp_path: Path):
    for turn in range(4):
        path = tmp_path / f"{turn}.db"
        opened = await asyncio.gather(*(Database.open(path) for _ in range(5)), return_exceptions=True)
        refusals = [each for each in opened if not isinstance(each, Database)]
        for database in opened:
            if isinstance(database, Database):
                if not refusals:
                    assert await rows(database, "SELECT count(*) FROM library") == [(1,)]
                await database.close()
        assert refusals == []


_OPENING = """
import asyncio, json, sys
from pathlib import Path
from bot.storage.database import Database

async def main(path):
    async with await Database.open(path) as database:
        pass

print("true", flush=True)
sys.stdin.readline()
for turn in range(8):
    asyncio.run(main(Path(sys.argv[1]) / f"{turn}.db"))
"""


def test_two_processes_that_migrate_at_once(tmp_path: Path):
    processes = [elsewhere(_OPENING, tmp_path) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        told(process)
    assert {numbers(path) for path in tmp_path.glob("*.db")} == {(len(migrations()), APPLICATION_ID)}


# The files


def test_every_file_says_why_it_is_there():
    for script in migrations():
        assert re.match(r"-- \w.{20,}", script)


def test_the_files_are_numbered_without_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("SELECT 1;", encoding="utf-8")
    (folder / "0003_third.sql").write_text("SELECT 3;", encoding="utf-8")
    monkeypatch.setattr(module.resources, "files", lambda _: tmp_path)
    with pytest.raises(RuntimeError, match=r"0003_third.sql should have number 2"):
        migrations.__wrapped__()


def test_a_script_is_cut_where_its_statements_end():
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n    DELETE FROM b;\n    DELETE FROM c;\nEND;"
    parts = ["-- One; two.\nCREATE TABLE a (x TEXT DEFAULT ';');", trigger, "INSERT INTO a VALUES ('\n;\n');"]
    assert statements("\n".join(parts)) == parts


def test_a_last_statement_without_a_semicolon_is_not_forgotten():
    assert statements("CREATE TABLE a (x);\nCREATE TABLE b (x)\n") == [
        "CREATE TABLE a (x);",
        "CREATE TABLE b (x)",
    ]
