from __future__ import annotations

import os
import sqlite3
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from bot.storage.database import Database
from bot.storage.inspection import damage, inspect
from bot.storage.migrate import APPLICATION_ID, migrations
from tests.support.stories import add, change, start_serial, tale


async def filled(path: Path) -> None:
    """Two stories of 18 lines, one of them withdrawn, the other one running twice and paused once."""
    async with await Database.open(path) as database:
        story = await add(database, tale())
        await start_serial(database, story.story_id)
        await start_serial(database, story.story_id, channel_id=2)
        paused = await start_serial(database, story.story_id, channel_id=3)
        await change(database, "UPDATE serial SET state = 'paused' WHERE id = :id", id=paused)
        withdrawn = await add(database, tale("other", first=100))
        await change(database, "UPDATE story SET withdrawn_at = 1 WHERE id = :id", id=withdrawn.story_id)
        await add(database, tale(first=1000))


async def test_it_tells_what_can_be_read(path: Path):
    await filled(path)
    assert asdict(inspect(path)) == {"schema": len(migrations()), "stories": 1, "lines": 18, "serials": 2}
    assert damage(path) is None


async def test_it_looks_while_the_file_is_in_use_and_changes_nothing(path: Path):
    await filled(path)
    before = path.read_bytes()
    async with await Database.open(path) as database, database.write() as tx:
        await tx.run("UPDATE library SET revision = 1")
        assert inspect(path).stories == 1
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    inspect(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert len(path.read_bytes()) == len(before)


async def test_a_new_database_holds_nothing(path: Path):
    async with await Database.open(path):
        pass
    assert asdict(inspect(path)) == {"schema": len(migrations()), "stories": 0, "lines": 0, "serials": 0}


def test_an_empty_file_is_a_database_to_be(path: Path):
    path.touch()
    assert asdict(inspect(path)) == {"schema": 0, "stories": 0, "lines": 0, "serials": 0}
    assert path.stat().st_size == 0


@pytest.mark.parametrize("what", ["nothing", "folder"])
def test_where_there_is_no_database(path: Path, what: str):
    if what == "folder":
        path.mkdir()
    assert refusal(path) == ("database_missing", {"path": path})
    assert path.exists() == (what == "folder")


def refusal(path: Path) -> tuple[str, dict[str, object]]:
    with pytest.raises(BadInput) as refused:
        inspect(path)
    return refused.value.key, refused.value.values


def test_a_file_that_is_no_database(path: Path):
    path.write_text("Dear diary. " * 500, encoding="utf-8")
    assert refusal(path) == ("database_corrupt", {"path": path})


def test_another_programs_database(path: Path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    assert refusal(path) == ("database_foreign", {"path": path})


def test_a_newer_schema(path: Path):
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    other.execute("PRAGMA user_version = 77")
    other.close()
    assert refusal(path) == ("database_newer", {"path": path, "version": 77, "known": len(migrations())})


def test_a_database_that_somebody_holds_for_themselves(path: Path, monkeypatch: pytest.MonkeyPatch):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.execute("BEGIN EXCLUSIVE")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: connect(*args, timeout=0.05, **options))
    assert refusal(path) == ("database_locked", {"path": path})
    other.close()


async def test_damage_anywhere_is_found(path: Path):
    await filled(path)
    whole = path.read_bytes()
    pages = range(1, len(whole) // 4096)
    found = 0
    for page in pages:
        path.write_bytes(whole[: page * 4096] + os.urandom(4096) + whole[(page + 1) * 4096 :])
        if damage(path) is not None:
            found += 1
            assert refusal(path) == ("database_corrupt", {"path": path})
    # Free pages hold nothing that could be damaged.
    free = sqlite3.connect(path)
    path.write_bytes(whole)
    (empty,) = free.execute("PRAGMA freelist_count").fetchone()
    free.close()
    assert found >= len(pages) - empty


async def test_a_row_that_refers_to_nothing_is_damage(path: Path):
    await filled(path)
    other = sqlite3.connect(path)
    other.execute("INSERT INTO shown (guild_id, line_id) VALUES (1, 99999)")
    other.commit()
    other.close()
    assert damage(path) == "a row of shown refers to nothing"
    assert refusal(path) == ("database_corrupt", {"path": path})
