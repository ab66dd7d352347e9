"""A real SQLite file for every test, and nothing left open after it."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.domain.story import StoryId
from bot.storage.database import Database
from tests.support.stories import Gated, Shelved, gated_library


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "library.db"

    async def make() -> None:
        async with await Database.open(path):
            pass

    asyncio.run(make())
    return path


@pytest.fixture
async def database(blank_file: Path, path: Path) -> AsyncIterator[Database]:
    """A new database (its migration is done once, for all tests)."""
    shutil.copy(blank_file, path)
    async with await Database.open(path) as database:
        yield database


@pytest.fixture(scope="session")
def gated_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[Shelved, StoryId]]]:
    path = tmp_path_factory.mktemp("gated") / "library.db"

    async def make() -> list[tuple[Shelved, StoryId]]:
        async with await Database.open(path) as database:
            return await gated_library(database)

    return path, asyncio.run(make())


@pytest.fixture
async def gated(gated_file: tuple[Path, list[tuple[Shelved, StoryId]]], path: Path) -> AsyncIterator[Gated]:
    """A database with ``gated_library`` in it, and what that is."""
    file, library = gated_file
    shutil.copy(file, path)
    async with await Database.open(path) as database:
        yield database, library


@pytest.fixture(autouse=True)
def _every_connection_is_closed() -> Iterator[None]:
    before = connection_threads()
    yield
    # A closed connection's thread is told so just before it ends.
    for thread in connection_threads() - before:
        thread.join(5)
    assert not connection_threads() - before


def connection_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name}
