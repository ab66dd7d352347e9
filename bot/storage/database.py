"""The one SQLite file: who may read it, and the one way to write it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from types import TracebackType

import aiosqlite

from bot.domain.errors import BadInput
from bot.storage.migrate import APPLICATION_ID, migrate, migrations

Parameters = Mapping[str, object]

_BUSY_MS = 10_000
"""How long a writer waits for another process before it gives up."""

_AGAIN_MS = 20

_CACHE_KIB = 8_000


class Database:
    """A writer and a few readers on one file in WAL mode.

    ``write()`` is the only way to write: one aiosqlite connection is one transaction shared by every
    coroutine, so writers take turns here. Reads never wait for it.
    """

    def __init__(self, path: Path, writer: aiosqlite.Connection, readers: Sequence[aiosqlite.Connection]) -> None:
        self.path = path
        self._writer = writer
        self._turn = asyncio.Lock()
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._all = [writer, *readers]
        for reader in readers:
            self._readers.put_nowait(reader)

    @classmethod
    async def open(cls, path: Path, *, readers: int = 2) -> Database:
        """Open ``path``, made if it is not there, and bring its schema up to date.

        Raises:
            BadInput: the file cannot be used; says why and what to do.
        """
        if os.access(path, os.F_OK) and not os.access(path, os.W_OK):
            # SQLite would leave files beside it that nobody can write even when the cause is mended.
            raise BadInput("database_read_only", path=path)
        connections: list[aiosqlite.Connection] = []
        try:
            with explained(path):
                # Tried first because where it fails, aiosqlite's thread outlives the event loop and says so.
                await asyncio.to_thread(lambda: sqlite3.connect(path).close())
                writer = await _connect(path, connections)
                await migrate(writer, path)
                # Lasts in the file, and so comes after it is known to be ours.
                await _use_wal(writer)
                for _ in range(readers):
                    reader = await _connect(path, connections)
                    await reader.execute("PRAGMA query_only = ON")
        except BaseException:
            for connection in connections:
                await connection.close()
            raise
        return cls(path, writer, connections[1:])

    @classmethod
    @asynccontextmanager
    async def look(cls, path: Path) -> AsyncIterator[Database]:
        """Open ``path`` to read only: not a byte of it changes, and nothing is made where nothing is.

        What an older version of this program wrote is looked at in a copy, brought up to date.

        Raises:
            BadInput: the file cannot be used; says why and what to do.
        """
        with explained(path):
            present = await asyncio.to_thread(_is_present, path)
        if not present:
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "copy.db"
                with explained(path):
                    await asyncio.to_thread(_copy, path, copy)
                try:
                    opened = await cls.open(copy)
                except BadInput as refused:
                    refused.values["path"] = path
                    raise
                async with opened as database:
                    yield database
            return
        connections: list[aiosqlite.Connection] = []
        try:
            with explained(path):
                address = _address(path)
                for _ in range(3):
                    # Not mode=ro, which leaves behind the files that it needs beside the database.
                    connection = await _connect(address, connections)
                    await connection.execute("PRAGMA query_only = ON")
            yield cls(path, connections[0], connections[1:])
        finally:
            for connection in connections:
                await connection.close()

    async def close(self) -> None:
        """Let the last writer and the readers finish, then close every connection."""
        async with self._turn:
            readers = [await self._readers.get() for _ in self._all[1:]]
            with suppress(sqlite3.Error):
                await self._writer.execute("PRAGMA optimize")
            for connection in self._all:
                await connection.close()
            # Whoever comes too late is told so, rather than left waiting.
            for reader in readers:
                self._readers.put_nowait(reader)

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reading]:
        """One consistent view of the database, for as long as the block lasts."""
        connection = await self._readers.get()
        try:
            with explained(self.path):
                await connection.execute("BEGIN")
                yield Reading(connection)
        finally:
            try:
                await connection.rollback()
            finally:
                self._readers.put_nowait(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Writing]:
        """One transaction, committed at the end of the block and rolled back if it fails.

        Keep it short (50 ms): other processes wait for it. Never call Discord inside it.
        """
        async with self._turn:
            with explained(self.path):
                try:
                    # In here because it happens even where the waiting for it is cancelled.
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield Writing(self._writer)
                    await self._writer.commit()
                except BaseException:
                    await self._writer.rollback()
                    raise


class Reading:
    """Queries inside one ``read()`` or ``write()``."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, parameters: Parameters | None = None) -> list[sqlite3.Row]:
        """Every row."""
        async with self._connection.execute(sql, parameters or {}) as cursor:
            return list(await cursor.fetchall())

    async def one(self, sql: str, parameters: Parameters | None = None) -> sqlite3.Row | None:
        """The first row, or None."""
        async with self._connection.execute(sql, parameters or {}) as cursor:
            return await cursor.fetchone()


class Writing(Reading):
    """Queries and changes inside one ``write()``."""

    async def run(self, sql: str, parameters: Parameters | None = None) -> int:
        """Run one statement and return how many rows it changed."""
        async with self._connection.execute(sql, parameters or {}) as cursor:
            return cursor.rowcount

    async def many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run one statement for every row."""
        await self._connection.executemany(sql, rows)


def _address(path: Path) -> str:
    """``path`` as SQLite opens it without making it."""
    return f"{path.absolute().as_uri()}?mode=rw"


def _is_present(path: Path) -> bool:
    """Whether there is a database of ours with today's schema, which can be looked at where it lies."""
    if not path.is_file() or not path.stat().st_size or not os.access(path, os.W_OK):
        # SQLite would leave files beside one that it may only read.
        return False
    with closing(sqlite3.connect(_address(path), uri=True)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (ours,) = connection.execute("PRAGMA application_id").fetchone()
    return bool(ours == APPLICATION_ID and version == len(migrations()))


def _copy(path: Path, copy: Path) -> None:
    if not path.is_file():
        return
    if not os.access(path, os.W_OK):
        for part in (path, path.with_name(path.name + "-wal")):
            if part.is_file():
                shutil.copyfile(part, copy.with_name(copy.name + part.name.removeprefix(path.name)))
        return
    with closing(sqlite3.connect(_address(path), uri=True)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


async def _connect(path: Path | str, opened: list[aiosqlite.Connection]) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000, uri=isinstance(path, str))
    opened.append(connection)
    connection.row_factory = sqlite3.Row
    await connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    await connection.execute("PRAGMA foreign_keys = ON")
    # WAL with NORMAL may lose the last commits in a power cut; a drop that was sent and forgotten
    # would be sent again, so every commit is made durable.
    await connection.execute("PRAGMA synchronous = FULL")
    await connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


async def _use_wal(connection: aiosqlite.Connection) -> None:
    """Keep a write-ahead log from now on. SQLite refuses that at once while others open the same new
    file, however long the time-out, so it is asked again.
    """
    for left in range(_BUSY_MS // _AGAIN_MS, -1, -1):
        try:
            async with connection.execute("PRAGMA journal_mode = WAL") as cursor:
                # Left unread, its one row would keep the file locked.
                await cursor.fetchone()
            return
        except sqlite3.OperationalError as error:
            if not left or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        await asyncio.sleep(_AGAIN_MS / 1000)


class explained:  # noqa: N801 (reads as a word in `with explained(path):`)
    """Turns what SQLite says about the file into a sentence that a person can act on."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, sqlite3.Error) or isinstance(error, sqlite3.IntegrityError):
            return
        text = str(error).lower()
        for words, key in _SAYINGS:
            if any(word in text for word in words):
                raise BadInput(key, path=self._path) from error


_SAYINGS = (
    (("locked", "busy"), "database_locked"),
    (("readonly", "read-only"), "database_read_only"),
    (("not a database", "malformed", "corrupt"), "database_corrupt"),
    (("unable to open",), "database_unopenable"),
    (("disk is full", "disk i/o"), "disk_failed"),
)
