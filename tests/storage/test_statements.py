"""Every statement of the program, found where it stands, is put to SQLite."""

from __future__ import annotations

import ast
import asyncio
import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.storage
from bot.storage.database import Database
from tests.support.stories import ROOT, add, post_next, start_serial, tale

_VERB = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH)\b")
_CONSTANT = re.compile(r"_?[A-Z][A-Z_]*")
STORAGE = ROOT / "bot" / "storage"

BIG = {
    "chapter", "chapter_revision", "drop", "drop_message", "line", "line_revision", "mark", "posted", "release",
    "scene", "scene_revision", "shown",
}  # fmt: skip
"""Tables that grow with the library or with what readers do; a story or a serial is one row of few."""


def constants() -> dict[str, str]:
    """Every statement by the name of the constant that holds it."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(bot.storage.__path__, "bot.storage."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if _CONSTANT.fullmatch(name) and isinstance(value, str) and _VERB.match(value):
                found.setdefault(name, value)
                assert found[name] == value, f"two statements are called {name}"
    return found


STATEMENTS = constants()


class AnyValue(dict[str, object]):
    def __missing__(self, name: str) -> None:
        return None


def plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", AnyValue())]


@pytest.fixture(scope="module", params=["new", "analysed"])
def connection(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sqlite3.Connection]:
    """A migrated database, as it is at first, and with what SQLite has learned of a library's sizes."""
    path = tmp_path_factory.mktemp("statements") / "library.db"
    analysed = request.param == "analysed"
    asyncio.run(_fill(path, stories=4 if analysed else 0))
    connection = sqlite3.connect(path)
    if analysed:
        connection.execute("ANALYZE")
    yield connection
    connection.close()


async def _fill(path: Path, stories: int) -> None:
    async with await Database.open(path) as database:
        for number in range(stories):
            story = tale(f"story-{number}", chapters=4, scenes=3, lines=8, first=number * 100)
            added = await add(database, story)
            await start_serial(database, added.story_id, channel_id=number)
            await post_next(database)


def test_the_search_for_statements_finds_them():
    assert len(STATEMENTS) > 50
    assert {"PICK", "CLAIM", "TOP", "SHOW_REVISION", "COUNT"} <= set(STATEMENTS)


def test_sqlite_understands_every_one(connection: sqlite3.Connection):
    wrong: dict[str, str] = {}
    for name, sql in STATEMENTS.items():
        try:
            assert connection.execute(f"EXPLAIN {sql}", AnyValue()).fetchall()
        except sqlite3.Error as error:
            wrong[name] = str(error)
    assert wrong == {}


def test_none_reads_a_big_table_from_end_to_end(connection: sqlite3.Connection):
    found = {name: scans for name, sql in STATEMENTS.items() if (scans := big_scans(connection, sql))}
    assert found == {}


def big_scans(connection: sqlite3.Connection, sql: str) -> list[str]:
    steps = plan(connection, sql)
    names = {alias: table for table, alias in re.findall(r'(?:FROM|JOIN)\s+"?(\w+)"?\s+(\w+)\b', sql)}
    made = {step.split()[1] for step in steps if step.startswith(("CO-ROUTINE ", "MATERIALIZE "))}
    # A partial index holds little: the open drops, the serials that run.
    scans = [re.match(r"SCAN (\w+)(?! USING INDEX (?:drop_open|serial_due))\b", step) for step in steps]
    return [scan[0] for scan in scans if scan and scan[1] not in made and names.get(scan[1], scan[1]) in BIG]


@pytest.mark.parametrize("connection", ["new"], indirect=True)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # A press of a reaction, several a second.
        ("MARK", "SEARCH posted USING INTEGER PRIMARY KEY"),
        ("CLEAR", "SEARCH mark USING PRIMARY KEY (message_id=?)"),
        # A quote: what was shown is asked line by line.
        ("PICK", "SEARCH n USING PRIMARY KEY (guild_id=? AND line_id=?)"),
        ("PICK", "SEARCH l USING PRIMARY KEY (revision_id=?)"),
        ("NEW_ROUND", "SEARCH shown USING PRIMARY KEY (guild_id=? AND line_id=?)"),
        # A search: its lines are fetched by number, with their neighbours.
        ("LINES", "SEARCH l USING PRIMARY KEY (revision_id=? AND line_id=?)"),
        ("NEIGHBOURS", "SEARCH l USING INDEX line_revision_scene"),
        ("RELEASED_SCENES", "SEARCH y USING PRIMARY KEY (guild_id=? AND scene_id=?)"),
        # The ticker, every second or so.
        ("DUE_SERIAL", "SEARCH x USING INDEX serial_due (next_due<?)"),
        ("CLAIM", "SEARCH d USING INDEX drop_open (lease_until<?)"),
        ("NEXT_MOMENT", "SCAN d USING INDEX drop_open"),
        # Before every message of a drop.
        ("CHAPTERS", "SEARCH n USING INTEGER PRIMARY KEY"),
        ("CHAPTER_SCENES", "SEARCH sc USING INDEX scene_revision_chapter (revision_id=? AND chapter_id=?)"),
        ("TOP", "posted_scene (guild_id=?)"),
    ],
)
def test_an_index_serves_what_is_asked_often(connection: sqlite3.Connection, name: str, expected: str):
    steps = plan(connection, STATEMENTS[name])
    assert any(expected in step for step in steps), steps


# Where SQL stands


def storage_files() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(STORAGE.glob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def test_methods_run_constants_only():
    for file, tree in storage_files():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or not call.args:
                continue
            if call.func.attr not in {"all", "one", "run", "many"} or ast.unparse(call.func.value) != "tx":
                continue
            sql = call.args[0]
            assert isinstance(sql, ast.Name), f"{file.name}:{call.lineno}"
            assert _CONSTANT.fullmatch(sql.id) or sql.id == "statement", f"{file.name}:{call.lineno}"


def test_every_sql_constant_is_run_somewhere():
    text = "".join(file.read_text(encoding="utf-8") for file in STORAGE.glob("*.py"))
    assert [name for name in STATEMENTS if len(re.findall(rf"\b{name}\b", text)) < 2] == []


def test_values_are_named_in_every_statement():
    for name, sql in STATEMENTS.items():
        assert "?" not in sql, name
