from __future__ import annotations

import asyncio
import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot import importing, maintenance
from bot.app import open_app
from bot.config import Config
from bot.domain.errors import BadInput
from bot.domain.story import Manuscript
from bot.services.library import Library
from bot.storage import database as database_module
from bot.storage.inspection import inspect
from tests.support.builders import open_place
from tests.support.stories import sentence


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(database=tmp_path / "library.db")


def story(path: Path, title: str, first: int, *, rating: str = "teen") -> Path:
    prose = "\n\n".join(sentence(n) for n in range(first, first + 4))
    path.write_text(f"---\ntitle: {title}\nrating: {rating}\n---\n\n{prose}\n", encoding="utf-8")
    return path


def imported(config: Config, *paths: Path, settings: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    out = io.StringIO()
    code = asyncio.run(importing.bring_in(config, importing.ImportOrder(paths=paths, settings=settings), out))
    return code, out.getvalue().splitlines()


def test_what_an_author_should_know_is_told_with_file_and_line(config: Config, tmp_path: Path):
    path = story(tmp_path / "café.md", "The Oar", 0)
    path.write_bytes(path.read_bytes() + "\nAu café, dit-elle, il y a une rame.\n".encode("cp1252"))
    code, lines = imported(config, path)
    assert code == 0
    assert lines[0].startswith("The Oar (the-oar): 1 chapter, 1 scene, ")
    assert lines[1] == "  Rated teen: may be shown in every channel."
    assert lines[2].startswith("  warning: café.md: ")
    out = io.StringIO()
    maintenance.check(config, None, [path], out)
    assert lines[2] in out.getvalue().splitlines()


def test_after_an_import_the_first_search_has_nothing_to_build(config: Config, tmp_path: Path):
    imported(config, story(tmp_path / "one.md", "One", 0), story(tmp_path / "two.md", "Two", 20))
    (folder,) = (tmp_path / "library.db.index").iterdir()
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}

    async def find() -> str:
        async with open_app(config) as app:
            return (await app.lookup.find(open_place(), sentence(22)))[0].passage.item.text

    assert sentence(22) in asyncio.run(find())
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_where_every_file_is_refused_nothing_more_is_said(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    code, lines = imported(config, tmp_path / "a.pdf", tmp_path / "b.md")
    assert (code, lines) == (2, [])
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == ["Refused:", "Refused:"]


def test_where_there_is_nothing_to_import_that_is_said(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    empty = tmp_path / "empty"
    empty.mkdir()
    code, _ = imported(config, empty)
    assert code == 2
    assert str(empty) in capsys.readouterr().err


@pytest.mark.parametrize("said", ["database or disk is full", "database is locked"])
def test_a_database_that_fails_half_way_ends_the_import_and_is_not_taken_for_a_bad_story(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
):
    add = Library.add

    async def fails(library: Library, manuscript: Manuscript, **options: Any) -> object:
        if manuscript.title == "Two":
            with database_module.explained(config.database):
                raise sqlite3.OperationalError(said)
        return await add(library, manuscript, **options)

    monkeypatch.setattr(Library, "add", fails)
    paths = [story(tmp_path / f"{n}.md", title, n * 20) for n, title in enumerate(("One", "Two", "Three"))]
    with pytest.raises(BadInput) as refusal:
        imported(config, *paths)
    assert refusal.value.key in ("disk_failed", "database_locked")
    assert inspect(config.database).stories == 1


def test_settings_hold_for_every_story(config: Config, tmp_path: Path):
    paths = [story(tmp_path / f"{n}.md", f"Story {n}", n * 20, rating="mature") for n in range(2)]
    _, lines = imported(config, *paths, settings=("rating=General", "author=A. B.", "language=en"))
    assert lines.count("  Rated general: may be shown in every channel.") == 2
    assert lines.count("  rating: mature in the file; general as you said") == 2
    connection = sqlite3.connect(config.database)
    found = connection.execute("SELECT DISTINCT authors, rating, language FROM revision").fetchall()
    connection.close()
    assert found == [('["A. B."]', "general", "en")]


def test_a_check_says_all_that_is_good_before_it_says_what_is_not(config: Config, tmp_path: Path):
    imported(config, story(tmp_path / "one.md", "One", 0))
    file = tmp_path / "my.toml"
    out = io.StringIO()
    maintenance.check(config, file, [tmp_path / "one.md"], out)
    told = out.getvalue().splitlines()
    assert [line.split(":")[0].split()[0] for line in told] == ["Configuration", "Stories", "Database", "Library"]
    assert str(file) in told[0]
    config.database.unlink()
    out = io.StringIO()
    with pytest.raises(BadInput) as refusal:
        maintenance.check(config, file, [tmp_path / "one.md"], out)
    assert refusal.value.key == "database_missing"
    assert out.getvalue().splitlines() == told[:2]


def test_a_backup_of_a_database_that_is_not_ours_is_not_begun(config: Config, tmp_path: Path):
    other = sqlite3.connect(config.database)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    with pytest.raises(BadInput) as refusal:
        maintenance.back_up(config, tmp_path / "copy.db", io.StringIO())
    assert (refusal.value.key, refusal.value.values) == ("database_foreign", {"path": config.database})
    assert not (tmp_path / "copy.db").exists()
