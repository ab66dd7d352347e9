"""The line index of the whole library: which line stands under which number, and when it is stale."""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.story import LineId, SceneId, StoryId
from bot.index.files import DamagedIndex
from bot.index.lineindex import LineIndex
from bot.services.lookup import Allowed

_log = logging.getLogger(__name__)

Ids = NDArray[np.int64]
_OWNERS = "owners.npy"
_ATTEMPTS = 3


class LineSource(Protocol):
    """Where the lines stand."""

    async def revision(self) -> int:
        """A number that changes with every change of what can be looked up, and never comes back."""
        ...

    async def all_lines(self) -> tuple[int, list[tuple[LineId, SceneId, StoryId, str]]]:
        """Every line that can be looked up, and the revision that they stand at."""
        ...


@dataclass(frozen=True, slots=True)
class _Snapshot:
    revision: int
    index: LineIndex
    owners: Ids
    """For each line number: its line's, scene's and story's id."""

    def allowed(self, allowed: Allowed) -> NDArray[np.bool_]:
        stories = np.fromiter(allowed.stories, np.int64, len(allowed.stories))
        scenes = np.fromiter(allowed.scenes, np.int64, len(allowed.scenes))
        mask: NDArray[np.bool_] = np.isin(self.owners[2], stories) | np.isin(self.owners[1], scenes)
        return mask

    def search(self, query: str, limit: int, allowed: Allowed) -> list[tuple[LineId, float]]:
        hits = self.index.search(query, limit, self.allowed(allowed))
        return [(LineId(int(self.owners[0][hit.line_number])), hit.score) for hit in hits]


class LibraryIndex:
    """Searches the lines of the library, as they stand at this moment.

    The files lie beside the database, one folder a revision, and are made again where they are
    missing, stale or damaged; nothing is lost with them.
    """

    def __init__(self, source: LineSource, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self._snapshot: _Snapshot | None = None
        self._building = asyncio.Lock()

    async def search(self, query: str, limit: int, allowed: Allowed) -> Sequence[tuple[LineId, float]]:
        """The best allowed lines, best first, each with a score from 0 to 1."""
        snapshot = await self.refresh()
        return await asyncio.to_thread(snapshot.search, query, limit, allowed)

    async def refresh(self) -> _Snapshot:
        """The snapshot of the present revision, built now if nobody has."""
        revision = await self._source.revision()
        if self._snapshot is None or self._snapshot.revision != revision:
            async with self._building:
                if self._snapshot is None or self._snapshot.revision != revision:
                    self._snapshot = await self._at(revision)
        return self._snapshot

    async def _at(self, revision: int) -> _Snapshot:
        for left in range(_ATTEMPTS - 1, -1, -1):
            if (snapshot := await asyncio.to_thread(self._open, revision)) is not None:
                return snapshot
            revision, lines = await self._source.all_lines()
            try:
                return await asyncio.to_thread(self._build, revision, lines)
            except (DamagedIndex, FileNotFoundError):
                # Another process builds one, too, and has cleared this one away.
                if not left:
                    raise
        raise AssertionError("an attempt returns or raises")

    def _open(self, revision: int) -> _Snapshot | None:
        path = self._folder / str(revision)
        try:
            index = LineIndex.open(path)
            owners: Ids = np.load(path / _OWNERS, mmap_mode="r")
        except (DamagedIndex, OSError, ValueError, EOFError):
            return None
        return _Snapshot(revision, index, owners) if owners.shape == (3, len(index)) else None

    def _build(self, revision: int, lines: Sequence[tuple[LineId, SceneId, StoryId, str]]) -> _Snapshot:
        # Made aside and moved into its place whole: two processes often notice an import at once.
        aside = self._folder / f"{revision}.{secrets.token_hex(4)}"
        LineIndex.build([text for *_, text in lines], aside).close()
        owners: Ids = np.array([ids for *ids, _ in lines], np.int64).reshape(-1, 3).T.copy()
        np.save(aside / _OWNERS, owners)
        _log.info("indexed %s lines", len(lines))
        if self._open(revision) is None:
            for old in self._folder.iterdir():
                if not old.name.startswith(f"{revision}."):
                    shutil.rmtree(old, ignore_errors=True)
            with suppress(OSError):
                aside.rename(self._folder / str(revision))
        shutil.rmtree(aside, ignore_errors=True)
        if (snapshot := self._open(revision)) is None:
            raise DamagedIndex(f"the index in {self._folder} was cleared away")
        return snapshot
