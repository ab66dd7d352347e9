"""Looks at a database file without changing it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import BadInput
from bot.storage.database import explained
from bot.storage.migrate import APPLICATION_ID, migrations

COUNT = """
SELECT (SELECT count(*) FROM story s WHERE s.revision_id IS NOT NULL AND s.withdrawn_at IS NULL) AS stories,
    (SELECT count(*) FROM story s JOIN line_revision l ON l.revision_id = s.revision_id
        WHERE s.withdrawn_at IS NULL) AS lines,
    (SELECT count(*) FROM serial WHERE state = 'active') AS serials
"""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a good database holds."""

    schema: int
    stories: int
    lines: int
    serials: int


def inspect(path: Path) -> Inspected:
    """Check the whole file and count what it holds.

    Raises:
        BadInput: it cannot be used; says why and what to do.
    """
    if not path.is_file():
        raise BadInput("database_missing", path=path)
    with explained(path), closing(_open(path)) as database:
        (schema,) = database.execute("PRAGMA user_version").fetchone()
        (ours,) = database.execute("PRAGMA application_id").fetchone()
        (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if (schema, ours, tables) == (0, 0, 0):
            return Inspected(0, 0, 0, 0)
        if ours != APPLICATION_ID:
            raise BadInput("database_foreign", path=path)
        if schema > len(migrations()):
            raise BadInput("database_newer", path=path, version=schema, known=len(migrations()))
        if damage(path) is not None:
            raise BadInput("database_corrupt", path=path)
        stories, lines, serials = database.execute(COUNT).fetchone()
        return Inspected(schema, stories, lines, serials)


def damage(path: Path) -> str | None:
    """What is wrong inside a database file, in SQLite's words, or None."""
    try:
        with closing(_open(path)) as database:
            (result,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            if result != "ok":
                return str(result)
            orphan = database.execute("PRAGMA foreign_key_check").fetchone()
            return f"a row of {orphan[0]} refers to nothing" if orphan else None
    except sqlite3.Error as error:
        return str(error)


def _open(path: Path) -> sqlite3.Connection:
    # Not mode=ro: that leaves behind the files that it needs beside the database. Nothing is made anew.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
