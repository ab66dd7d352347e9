from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from bot.ops import backup
from bot.storage.database import Database
from bot.storage.inspection import inspect
from bot.storage.reactions import Marks
from bot.storage.stories import Stories
from tests.support.builders import CHANNEL, NOON
from tests.support.stories import add, all_lines, ids, open_scope, post_next, start_serial, tale, without_root


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "library.db"
    asyncio.run(fill(path))
    return path


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> Path:
    """A library with a story that runs, a chapter of it posted and a scene that moved somebody."""
    return Path(shutil.copy(filled, tmp_path))


async def fill(path: Path) -> None:
    async with await Database.open(path) as database:
        story = await add(database, tale())
        await start_serial(database, story.story_id)
        _, (message, *_) = await post_next(database)
        await Marks(database).mark(message, 1, "❤️", burst=False, now=NOON)


async def held(path: Path) -> object:
    """What people would see of it."""
    async with await Database.open(path) as database:
        stories = Stories(database)
        return (
            await ids(database),
            await all_lines(database),
            await stories.shelf(open_scope()),
            await stories.allowed(open_scope(), None),
            await Marks(database).top(open_scope(), 5),
        )


def refused(source: Path, target: Path, *keys: str) -> dict[str, object]:
    with pytest.raises(BadInput) as refusal:
        backup.copy(source, target)
    assert refusal.value.key in keys
    return refusal.value.values


def test_a_backup_opened_elsewhere_holds_everything(source: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    backup.copy(source, elsewhere / "copy.db")
    assert [file.name for file in elsewhere.iterdir()] == ["copy.db"]
    # Not in WAL mode: it can be read where nothing can be written (SQLite file format, 1.3.3).
    assert (elsewhere / "copy.db").read_bytes()[18:20] == b"\1\1"
    assert asyncio.run(held(elsewhere / "copy.db")) == asyncio.run(held(source))


def test_the_names_of_files_may_hold_anything(source: Path):
    strange = source.rename(source.with_name("what? #1 100%41 & 'mine'.db"))
    target = source.with_name("büch?r=ro&mode#2.db")
    backup.copy(strange, target)
    assert inspect(target).stories == 1


async def test_a_running_bot_neither_waits_nor_is_half_copied(source: Path, tmp_path: Path):
    async with await Database.open(source) as database, database.write() as tx:
        await tx.run("UPDATE serial SET channel_id = 7")
        await asyncio.to_thread(backup.copy, source, tmp_path / "copy.db")
        await tx.run("UPDATE story SET slug = 'half'")
    copied = sqlite3.connect(tmp_path / "copy.db")
    assert copied.execute("SELECT x.channel_id, s.slug FROM serial x, story s").fetchall() == [(CHANNEL, "oar-song")]
    copied.close()


def test_it_comes_to_an_end_however_much_is_written_meanwhile(source: Path, tmp_path: Path):
    writer = sqlite3.connect(source, isolation_level=None, check_same_thread=False)
    writer.execute("PRAGMA synchronous = OFF")
    writer.execute("CREATE TABLE tally (a, filling)")
    writer.execute("CREATE TABLE mirror (a)")
    writer.execute("BEGIN")
    writer.executemany("INSERT INTO tally VALUES (0, ?)", [("x" * 3000,)] * 3000)
    writer.execute("COMMIT")
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            written += 1
            writer.execute("BEGIN")
            writer.execute("INSERT INTO tally VALUES (1, '')")
            writer.execute("INSERT INTO mirror VALUES (1)")
            writer.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    copying = threading.Thread(target=backup.copy, args=(source, tmp_path / "copy.db"), daemon=True)
    copying.start()
    copying.join(10)
    ended = not copying.is_alive()
    stop.set()
    thread.join()
    writer.close()
    assert ended
    copied = sqlite3.connect(tmp_path / "copy.db")
    ((of_tally, of_mirror),) = copied.execute("SELECT (SELECT sum(a) FROM tally), (SELECT count(*) FROM mirror)")
    copied.close()
    assert (of_tally or 0) == of_mirror <= written


def test_no_backup_is_overwritten(source: Path, tmp_path: Path):
    target = tmp_path / "copy.db"
    target.write_text("the only copy", encoding="utf-8")
    assert refused(source, target, "backup_exists") == {"path": target}
    assert target.read_text(encoding="utf-8") == "the only copy"
    assert refused(source, source, "backup_exists") == {"path": source}
    assert inspect(source).stories == 1
    assert refused(source, tmp_path, "backup_exists") == {"path": tmp_path}


@pytest.mark.parametrize("place", ["nowhere/copy.db", "library.db/copy.db"])
def test_where_no_backup_can_be_written(source: Path, place: str):
    target = source.parent / place
    assert refused(source, target, "backup_failed")["path"] == target
    assert [file.name for file in source.parent.iterdir()] == [source.name]


def test_where_there_is_nothing_to_copy(tmp_path: Path):
    missing = tmp_path / "nothing.db"
    assert refused(missing, tmp_path / "copy.db", "database_missing") == {"path": missing}
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_no_half_backup(source: Path, tmp_path: Path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))
    try:
        values = refused(source, tmp_path / "copy.db", "backup_failed")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert values["path"] == tmp_path / "copy.db"
    assert [file.name for file in tmp_path.iterdir()] == [source.name]


def test_a_copy_that_is_damaged_is_deleted_and_the_database_left_alone(source: Path, tmp_path: Path):
    whole = source.read_bytes()
    pages = len(whole) // 4096
    source.write_bytes(whole[:4096] + os.urandom(4096 * (pages - 2)) + whole[-4096:])
    damaged = source.read_bytes()
    refused(source, tmp_path / "copy.db", "backup_bad", "backup_failed")
    assert [file.name for file in tmp_path.iterdir()] == [source.name]
    assert source.read_bytes() == damaged


def test_a_backup_that_is_broken_off_leaves_nothing(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken_off(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "damage", broken_off)
    with pytest.raises(KeyboardInterrupt):
        backup.copy(source, tmp_path / "copy.db")
    assert [file.name for file in tmp_path.iterdir()] == [source.name]


# Copied for the stage, without being opened


def test_a_clone_holds_what_the_log_holds_and_leaves_all_as_it_is(source: Path, tmp_path: Path):
    writer = sqlite3.connect(source, isolation_level=None)
    writer.execute("UPDATE serial SET channel_id = 7")
    files = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert len(files) == 3, "the change should stand in the log only"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    backup.clone(source, elsewhere / "copy.db")
    assert {file: file.read_bytes() for file in files} == files
    cloned = sqlite3.connect(elsewhere / "copy.db")
    assert cloned.execute("SELECT channel_id FROM serial").fetchall() == [(7,)]
    cloned.close()
    writer.close()
    assert asyncio.run(held(elsewhere / "copy.db")) == asyncio.run(held(source))


def test_a_clone_of_what_may_only_be_read(source: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with without_root(tmp_path):
        source.chmod(0o444)
        tmp_path.chmod(0o555)
        try:
            backup.clone(source, elsewhere / "copy.db")
        finally:
            tmp_path.chmod(0o700)
            source.chmod(0o644)
    assert inspect(elsewhere / "copy.db").stories == 1
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [source.name]


@pytest.mark.parametrize(
    ("harm", "key"),
    [
        (Path.unlink, "database_missing"),
        (lambda path: path.write_text("Dear diary. " * 900), "database_corrupt"),
        (lambda path: path.write_bytes(path.read_bytes()[:9000]), "database_corrupt"),
    ],
)
def test_a_clone_that_cannot_be_made_names_what_was_to_be_copied(
    source: Path, tmp_path: Path, harm: Callable[[Path], object], key: str
):
    harm(source)
    with pytest.raises(BadInput) as refusal:
        backup.clone(source, tmp_path / "copy.db")
    assert (refusal.value.key, refusal.value.values["path"]) == (key, source)
