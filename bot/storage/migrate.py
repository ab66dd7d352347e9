"""Brings a database up to the schema that this program knows, one numbered file at a time."""

from __future__ import annotations

import sqlite3
from functools import cache
from importlib import resources
from pathlib import Path

import aiosqlite

from bot.domain.errors import BadInput

APPLICATION_ID = 0x494E474C
"""'INGL': marks the file as ours, so that another program's database is never migrated."""


@cache
def migrations() -> tuple[str, ...]:
    """The SQL of every migration, in order; number N stands at index N - 1."""
    folder = resources.files("bot.storage") / "migrations"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    for number, file in enumerate(files, 1):
        if int(file.name.split("_")[0]) != number:
            raise RuntimeError(f"migration {file.name} should have number {number}")
    return tuple(file.read_text(encoding="utf-8") for file in files)


async def migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Apply what is missing, and its number, in one transaction. A refused file is left as it was.

    Raises:
        BadInput: the file belongs to another program, or to a newer version of this one.
    """
    try:
        # Looked at inside the transaction, because another process may be migrating; and it shows
        # now, not at somebody's first command, where the file cannot be written.
        await connection.execute("BEGIN IMMEDIATE")
        version, ours, tables = await _state(connection)
        if ours not in (0, APPLICATION_ID) or (ours == 0 and (tables or version)):
            raise BadInput("database_foreign", path=path)
        if version > len(migrations()):
            raise BadInput("database_newer", path=path, version=version, known=len(migrations()))
        for number in range(version + 1, len(migrations()) + 1):
            for statement in statements(migrations()[number - 1]):
                await connection.execute(statement)
            await connection.execute(f"PRAGMA user_version = {number}")
        if ours == 0:
            await connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        await connection.commit()
    except BaseException:
        await connection.rollback()
        raise


def statements(script: str) -> list[str]:
    """The statements of a script (``executescript`` would commit the transaction first)."""
    found: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    # A last statement needs no semicolon.
    return [*found, pending.strip()] if pending.strip() else found


async def _state(connection: aiosqlite.Connection) -> tuple[int, int, int]:
    values: list[int] = []
    for sql in (
        "PRAGMA user_version",
        "PRAGMA application_id",
        "SELECT count(*) FROM sqlite_schema",
    ):
        async with connection.execute(sql) as cursor:
            row = await cursor.fetchone()
            values.append(int(row[0]) if row else 0)
    return values[0], values[1], values[2]
