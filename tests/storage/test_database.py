from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from bot.storage import database as module
from bot.storage.database import Database
from bot.storage.migrate import APPLICATION_ID, migrations
from tests.support.stories import add, elsewhere, rows, tale, told, without_root


@pytest.fixture
async def tally(database: Database) -> Database:
    async with database.write() as tx:
        await tx.run("CREATE TABLE tally (who TEXT NOT NULL) STRICT")
    return database


async def put(database: Database, who: str) -> None:
    async with database.write() as tx:
        await tx.run("INSERT INTO tally VALUES (:who)", {"who": who})


async def in_tally(database: Database) -> list[str]:
    return sorted(str(who) for (who,) in await rows(database, "SELECT who FROM tally"))


def made(path: Path, *statements: str) -> None:
    """Make a database of somebody else's."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


# Writing


async def test_a_failure_undoes_all_of_its_transaction(tally: Database):
    with pytest.raises(ZeroDivisionError):
        async with tally.write() as tx:
            await tx.run("INSERT INTO tally VALUES ('half')")
            await tx.many("INSERT INTO tally VALUES (:who)", [{"who": "a"}, {"who": "b"}])
            raise ZeroDivisionError
    await put(tally, "next")
    assert await in_tally(tally) == ["next"]


async def test_a_constraint_that_is_broken_is_no_refusal_but_a_bug(tally: Database):
    with pytest.raises(sqlite3.IntegrityError):
        async with tally.write() as tx:
            await tx.run("INSERT INTO tally VALUES (:who)", {"who": None})
    await put(tally, "next")
    assert await in_tally(tally) == ["next"]


async def test_another_coroutines_insert_is_not_lost_in_my_rollback(tally: Database):
    mine_is_in = asyncio.Event()

    async def fails() -> None:
        async with tally.write() as tx:
            await tx.run("INSERT INTO tally VALUES ('mine')")
            mine_is_in.set()
            await asyncio.sleep(0.02)
            raise ZeroDivisionError

    async def succeeds() -> None:
        await mine_is_in.wait()
        await put(tally, "theirs")

    results = await asyncio.gather(fails(), succeeds(), return_exceptions=True)
    assert isinstance(results[0], ZeroDivisionError)
    assert await in_tally(tally) == ["theirs"]


async def test_writers_take_turns(tally: Database):
    inside = most = 0

    async def writes(number: int) -> None:
        nonlocal inside, most
        async with tally.write() as tx:
            inside += 1
            most = max(most, inside)
            row = await tx.one("SELECT count(*) AS seen FROM tally")
            await asyncio.sleep(0)
            assert row is not None
            await tx.run("INSERT INTO tally VALUES (:who)", {"who": str(row["seen"])})
            inside -= 1

    await asyncio.gather(*(writes(number) for number in range(20)))
    assert most == 1
    # Each counted what all before it had written.
    assert await in_tally(tally) == sorted(str(number) for number in range(20))


async def test_a_writer_that_is_cancelled_while_it_works_leaves_nothing_behind(tally: Database):
    started = asyncio.Event()

    async def writes() -> None:
        async with tally.write() as tx:
            await tx.run("INSERT INTO tally VALUES ('half')")
            started.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(writes())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await put(tally, "next")
    assert await in_tally(tally) == ["next"]


async def test_a_writer_that_is_cancelled_while_it_waits_for_another_process_leaves_nothing_behind(
    tally: Database, path: Path
):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(put(tally, "late"))
    await asyncio.sleep(0.05)
    task.cancel()
    other.execute("COMMIT")
    other.close()
    with pytest.raises(asyncio.CancelledError):
        await task
    await put(tally, "next")
    assert await in_tally(tally) == ["next"]


# Reading


async def test_readers_never_see_half_of_a_transaction(tally: Database):
    async with tally.write() as tx:
        await tx.run("INSERT INTO tally VALUES ('one')")
        assert await in_tally(tally) == []
        await tx.run("INSERT INTO tally VALUES ('two')")
        assert await in_tally(tally) == []
    assert await in_tally(tally) == ["one", "two"]


async def test_a_reader_has_one_view_from_beginning_to_end(tally: Database):
    async with tally.read() as tx:
        assert await tx.all("SELECT who FROM tally") == []
        await put(tally, "meanwhile")
        assert await tx.all("SELECT who FROM tally") == []
    assert await in_tally(tally) == ["meanwhile"]


async def test_reading_goes_on_while_somebody_writes_and_more_readers_than_connections_wait(tally: Database):
    await put(tally, "one")
    async with tally.write() as tx:
        await tx.run("INSERT INTO tally VALUES ('two')")
        found = await asyncio.gather(*(in_tally(tally) for _ in range(9)))
    assert found == [["one"]] * 9


async def test_readers_cannot_write(tally: Database):
    async with tally.read() as tx:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await tx.all("INSERT INTO tally VALUES ('x')")
    assert await in_tally(tally) == []


async def test_a_reader_that_fails_or_is_cancelled_gives_its_connection_back(tally: Database):
    async def reads(failing: bool) -> None:
        async with tally.read() as tx:
            await tx.all("SELECT who FROM tally")
            if failing:
                raise ZeroDivisionError
            await asyncio.sleep(60)

    for failing in (True, False) * 3:
        task = asyncio.create_task(reads(failing))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        await put(tally, "still there")
        assert await in_tally(tally) == ["still there"]


# Several at once


async def test_two_on_one_file_in_one_process(tally: Database, path: Path):
    async with await Database.open(path) as second:
        await asyncio.gather(
            *(put(each, f"{name}{n:02}") for n in range(15) for name, each in (("a", tally), ("b", second)))
        )
        assert await in_tally(tally) == await in_tally(second)
        assert len(await in_tally(tally)) == 30


_COUNTING = """
import asyncio, sys
from pathlib import Path
from bot.storage.database import Database

async def main():
    async with await Database.open(Path(sys.argv[1])) as database:
        print("true", flush=True)
        sys.stdin.readline()
        for _ in range(40):
            async with database.write() as tx:
                (count,) = await tx.one("SELECT count(*) FROM tally")
                await tx.run("INSERT INTO tally VALUES (:who)", {"who": str(count)})

asyncio.run(main())
"""


async def test_two_processes_on_one_file(tally: Database, path: Path):
    other = elsewhere(_COUNTING, path)
    assert other.stdin is not None
    assert other.stdout is not None
    await asyncio.to_thread(other.stdout.readline)
    other.stdin.write("go\n")
    other.stdin.flush()
    for _ in range(40):
        async with tally.write() as tx:
            row = await tx.one("SELECT count(*) FROM tally")
            assert row is not None
            await tx.run("INSERT INTO tally VALUES (:who)", {"who": str(row[0])})
    await asyncio.to_thread(told, other)
    assert sorted(map(int, await in_tally(tally))) == list(range(80))


# Settings of every connection


async def test_how_the_file_is_kept(database: Database, path: Path):
    async with database.read() as reading, database.write() as writing:
        for tx in (reading, writing):
            settings = [
                (await tx.all(f"PRAGMA {name}"))[0][0]
                for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
            ]
            assert settings == ["wal", 1, 2, 10_000]


async def test_a_row_cannot_refer_to_what_is_not_there(database: Database):
    with pytest.raises(sqlite3.IntegrityError):
        async with database.write() as tx:
            await tx.run("INSERT INTO shown (guild_id, line_id) VALUES (1, 999)")


# Closing


async def test_closing_leaves_a_single_file(path: Path):
    async with await Database.open(path) as database:
        await add(database, tale())
    assert [file.name for file in path.parent.iterdir()] == [path.name]


async def test_closing_lets_a_writer_and_a_reader_finish(path: Path):
    database = await Database.open(path)
    inside = asyncio.Barrier(3)

    async def reads() -> int:
        async with database.read() as tx:
            await inside.wait()
            await asyncio.sleep(0.1)
            return len(await tx.all("SELECT * FROM library"))

    async def writes() -> None:
        async with database.write() as tx:
            await inside.wait()
            await asyncio.sleep(0.02)
            await tx.run("UPDATE library SET revision = 7")

    working = asyncio.gather(reads(), writes())
    await inside.wait()
    await database.close()
    assert (await working)[0] == 1
    async with await Database.open(path) as again:
        assert await rows(again, "SELECT revision FROM library") == [(7,)]


async def test_after_closing_nobody_is_left_waiting(path: Path):
    database = await Database.open(path)
    await database.close()
    async with asyncio.timeout(5):
        with pytest.raises(ValueError, match=r"closed|no active connection"):
            async with database.read():
                pass
        with pytest.raises(ValueError, match=r"closed|no active connection"):
            async with database.write():
                pass


# What cannot be opened, or not be used


def refused(path: Path, *keys: str) -> None:
    """Opening it is refused in words that belong to one of ``keys`` and name it; no connection stays."""
    with pytest.raises(BadInput) as refusal:
        asyncio.run(_open_and_use(path))
    assert refusal.value.key in keys
    assert refusal.value.values["path"] == path


async def _open_and_use(path: Path) -> None:
    async with await Database.open(path) as database, database.write() as tx:
        await tx.run("UPDATE library SET revision = 1")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BUSY_MS", 60)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("there_before", [True, False], ids=["ours", "new"])
def test_held_by_another_program_for_too_long(path: Path, there_before: bool):
    if there_before:
        asyncio.run(_open_and_use(path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    refused(path, "database_locked")
    other.execute("COMMIT")
    other.close()
    asyncio.run(_open_and_use(path))


@pytest.mark.usefixtures("impatient")
async def test_held_by_another_program_while_it_is_in_use(path: Path):
    async with await Database.open(path) as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BadInput) as refusal:
            await add(database, tale())
        assert refusal.value.key == "database_locked"
        # Reading goes on all the while.
        assert await rows(database, "SELECT count(*) FROM story") == [(0,)]
        other.execute("COMMIT")
        other.close()
        await add(database, tale())


async def test_held_by_another_program_for_a_moment_is_waited_for(path: Path):
    async with await Database.open(path) as database:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        soon = threading.Timer(0.15, lambda: (other.execute("COMMIT"), other.close()))
        soon.start()
        await add(database, tale())
        soon.join()
        assert await rows(database, "SELECT count(*) FROM story") == [(1,)]


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_a_file_or_folder_that_may_not_be_written(path: Path, what: str):
    asyncio.run(_open_and_use(path))
    with without_root(path.parent):
        if what != "folder":
            path.chmod(0o444)
        if what != "file":
            path.parent.chmod(0o555)
        try:
            if what == "folder":
                refused(path, "database_unopenable", "database_read_only")
            else:
                refused(path, "database_read_only")
        finally:
            path.parent.chmod(0o700)
            path.chmod(0o644)
        asyncio.run(_open_and_use(path))


def test_a_file_that_may_not_be_read(path: Path):
    asyncio.run(_open_and_use(path))
    with without_root(path.parent):
        path.chmod(0)
        refused(path, "database_read_only")
        path.chmod(0o644)


def test_a_folder_that_is_not_there(tmp_path: Path):
    refused(tmp_path / "nowhere" / "library.db", "database_unopenable")


def test_no_thread_is_started_for_what_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """aiosqlite's would outlive the event loop, and say so on the terminal."""
    monkeypatch.setattr(module.aiosqlite, "connect", pytest.fail)
    refused(tmp_path / "nowhere" / "library.db", "database_unopenable")
    (tmp_path / "folder").mkdir()
    refused(tmp_path / "folder", "database_unopenable")


def test_a_folder_in_the_files_place(path: Path):
    path.mkdir()
    refused(path, "database_unopenable")


def test_a_file_that_is_no_database(path: Path):
    path.write_text("It was a dark and stormy night; the rain fell in torrents.\n" * 40, encoding="utf-8")
    refused(path, "database_corrupt")


def test_a_file_that_was_cut_short(path: Path):
    asyncio.run(_open_and_use(path))
    with path.open("r+b") as file:
        file.truncate(5000)
    refused(path, "database_corrupt")


async def test_damage_that_shows_only_when_it_is_read(path: Path):
    async with await Database.open(path) as database:
        await add(database, tale())
        table = "SELECT rootpage FROM sqlite_schema WHERE name = 'scene_revision'"
        ((page,),) = await rows(database, table)
    assert isinstance(page, int)
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(os.urandom(4096))
    async with await Database.open(path) as database:
        with pytest.raises(BadInput) as refusal:
            await rows(database, "SELECT sum(length(text)) FROM scene_revision")
        assert refusal.value.key == "database_corrupt"


def test_the_database_of_another_program_is_left_as_it_was(path: Path):
    made(path, "CREATE TABLE bookmarks (url TEXT)", "INSERT INTO bookmarks VALUES ('https://example.org')")
    before = path.read_bytes()
    refused(path, "database_foreign")
    assert path.read_bytes() == before


def test_the_database_of_another_program_that_says_so(path: Path):
    made(path, "PRAGMA application_id = 77", "CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    refused(path, "database_foreign")
    assert path.read_bytes() == before


def test_an_empty_database_that_somebody_else_has_numbered_is_not_taken_for_ours(path: Path):
    made(path, f"PRAGMA user_version = {len(migrations())}")
    refused(path, "database_foreign")


def test_an_empty_file_is_taken(path: Path):
    path.touch()
    asyncio.run(_open_and_use(path))


def test_a_newer_schema_than_this_program_knows(path: Path):
    made(path, f"PRAGMA application_id = {APPLICATION_ID}", "PRAGMA user_version = 99", "CREATE TABLE new (a)")
    before = path.read_bytes()
    with pytest.raises(BadInput) as refusal:
        asyncio.run(_open_and_use(path))
    assert refusal.value.key == "database_newer"
    assert refusal.value.values == {"path": path, "version": 99, "known": len(migrations())}
    assert path.read_bytes() == before


async def test_a_full_disk(tally: Database):
    with pytest.raises(BadInput) as refusal:
        async with tally.write() as tx:
            pages = await tx.one("PRAGMA page_count")
            assert pages is not None
            await tx.all(f"PRAGMA max_page_count = {pages[0]}")
            await tx.many("INSERT INTO tally VALUES (:who)", [{"who": "x" * 3000}] * 20)
    assert refusal.value.key == "disk_failed"
    assert await in_tally(tally) == []
