"""The line index of the whole library: which line stands under which number, and when it is stale."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.story import LineId, SceneId, StoryId
from bot.index.building import Builder
from bot.index.files import Array, DamagedIndex, DataFile, open_arrays, write_arrays
from bot.index.lineindex import LineIndex
from bot.index.searches import Searches
from bot.services.lookup import Allowed

_log = logging.getLogger(__name__)

_OWNERS = "owners.json"
_ATTEMPTS = 3
_MOST_SEGMENTS = 12
"""A snapshot of more segments is not added to but built anew, so that a search stays quick."""
_SPARED = 2_000
"""So many removed lines are carried along however few others there are."""
_NOBODY = -1
_MASKS_KEPT = 8
"""The last few are kept as long as their snapshot, a byte a line each: who types asks again for the same."""
_AT_ONCE = 2
"""Searches at a time; more would only wait for each other, and the event loop for all of them."""

SceneLines = tuple[SceneId, Sequence[LineId], Sequence[str]]
"""A scene, and the ids and texts of its lines in order."""


class LibraryView(Protocol):
    """The library at one moment."""

    @property
    def revision(self) -> int:
        """The number by which ``LineSource.revision`` knows it."""
        ...

    @property
    def stories(self) -> Mapping[StoryId, int]:
        """The stories that can be looked up; the number of each changes with its text."""
        ...

    def scenes(self, story_id: StoryId) -> AsyncIterator[Sequence[SceneLines]]:
        """The scenes of a story in order, some at a time."""
        ...


class LineSource(Protocol):
    """Where the lines stand."""

    async def revision(self) -> int:
        """A number that changes with every change of what can be looked up, and never comes back."""
        ...

    def view(self) -> AbstractAsyncContextManager[LibraryView]:
        """Everything that can be looked up, unchanging until the block ends."""
        ...


@dataclass(frozen=True, slots=True)
class _Snapshot:
    revision: int
    index: LineIndex
    owners: dict[str, Array]
    """``lines``, ``scenes``, ``stories``: the ids for each line number, -1 where its line was removed.
    ``story_ids``, ``story_revisions``: what is in it. ``scene_ids``, ``digests``: what each scene said.
    """
    mask: Callable[[Allowed], NDArray[np.bool_]]
    """For each line number whether it is allowed."""

    def search(self, query: str, limit: int, allowed: Allowed) -> list[tuple[LineId, float]]:
        hits = self.index.search(query, limit, self.mask(allowed))
        return [(LineId(int(self.owners["lines"][hit.line_number])), hit.score) for hit in hits]

    @property
    def crowded(self) -> bool:
        """Whether it has come to consist of so many parts, or gaps, that one would rather begin anew."""
        gone = int((self.owners["lines"] == _NOBODY).sum())
        return self.index.segments >= _MOST_SEGMENTS or gone > max(_SPARED, len(self.index) // 2)


class LibraryIndex:
    """Searches the lines of the library, as they stand at this moment.

    The files lie beside the database, one folder a revision, and are made again where they are
    missing or damaged; nothing is lost with them. Where they are stale, what changed is worked into
    them, scene by scene.
    """

    def __init__(self, source: LineSource, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self._snapshot: _Snapshot | None = None
        self._building = asyncio.Lock()
        self._searches = Searches(_AT_ONCE)

    async def search(
        self, query: str, limit: int, allowed: Allowed, *, typist: Hashable = None
    ) -> Sequence[tuple[LineId, float]]:
        """The best allowed lines, best first, each with a score from 0 to 1.

        ``typist`` is who asks at every key: while a search of theirs waits for its turn and a newer
        one comes, the older is not made, and finds nothing.
        """
        snapshot = await self.refresh()
        found = await self._searches.run(partial(snapshot.search, query, limit, allowed), typist)
        return () if found is None else found

    async def refresh(self) -> _Snapshot:
        """The snapshot of the present revision, made now if nobody has."""
        revision = await self._source.revision()
        if self._snapshot is None or self._snapshot.revision != revision:
            async with self._building:
                if self._snapshot is None or self._snapshot.revision != revision:
                    self._snapshot = await self._at(revision)
        return self._snapshot

    async def is_current(self) -> bool:
        """Whether the library as it stands can be searched without building anything first."""
        revision = await self._source.revision()
        if self._snapshot is not None and self._snapshot.revision == revision:
            return True
        return await asyncio.to_thread(self._open, revision) is not None

    async def _at(self, revision: int) -> _Snapshot:
        for left in range(_ATTEMPTS - 1, -1, -1):
            if (snapshot := await asyncio.to_thread(self._open, revision)) is not None:
                return snapshot
            former = await asyncio.to_thread(self._former)
            async with self._source.view() as view:
                revision = view.revision
                change = await _change(view, former)
            try:
                return await asyncio.to_thread(self._make, revision, change)
            except (DamagedIndex, FileNotFoundError):
                # Another process makes one, too, and has cleared this one away.
                if not left:
                    raise
        raise AssertionError("an attempt returns or raises")

    def _former(self) -> _Snapshot | None:
        """A snapshot that can be made into the present one."""
        if self._snapshot is not None and not self._snapshot.crowded and (self._folder_of(self._snapshot)).exists():
            return self._snapshot
        try:
            names = [path.name for path in self._folder.iterdir() if path.name.isdecimal()]
        except OSError:
            return None
        found = (self._open(int(name)) for name in names)
        return next((snapshot for snapshot in found if snapshot is not None and not snapshot.crowded), None)

    def _folder_of(self, snapshot: _Snapshot) -> Path:
        return self._folder / str(snapshot.revision)

    def _open(self, revision: int) -> _Snapshot | None:
        path = self._folder / str(revision)
        try:
            index = LineIndex.open(path)
            owners = open_arrays(path, DataFile(**json.loads((path / _OWNERS).read_text(encoding="utf-8"))))
            whole = all(len(owners[name]) == len(index) for name in ("lines", "scenes", "stories"))
        except (DamagedIndex, OSError, ValueError, TypeError, KeyError):
            return None
        mask = lru_cache(_MASKS_KEPT)(partial(_mask, owners))
        return _Snapshot(revision, index, owners, mask) if whole else None

    def _make(self, revision: int, change: _Change) -> _Snapshot:
        # Made aside and moved into its place whole: two processes often notice an import at once.
        aside = self._folder / f"{revision}.{secrets.token_hex(4)}"
        try:
            added = change.builder.count
            if change.former is None:
                LineIndex.build(change.builder, aside).close()
            else:
                index = change.former.index.copy_to(aside)
                if change.gone:
                    index = index.remove(change.gone)
                index.add(change.builder).close()
            data = write_arrays(aside, "owners", change.owners())
            (aside / _OWNERS).write_text(json.dumps(asdict(data)), encoding="utf-8")
            _log.info("indexed %s lines, removed %s", added, len(change.gone))
            if self._open(revision) is None:
                for old in self._folder.iterdir():
                    if not old.name.startswith(f"{revision}."):
                        shutil.rmtree(old, ignore_errors=True)
                with suppress(OSError):
                    aside.rename(self._folder / str(revision))
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        if (snapshot := self._open(revision)) is None:
            raise DamagedIndex(f"the index in {self._folder} was cleared away")
        return snapshot


@dataclass(slots=True)
class _Change:
    """What has to be done to a snapshot, or to nothing, to make it the present one."""

    former: _Snapshot | None
    stories: Mapping[StoryId, int]
    builder: Builder = field(default_factory=Builder)
    gone: list[int] = field(default_factory=list[int])
    """Numbers of lines that are no more, or stand in a scene of which something changed."""
    digests: dict[SceneId, int] = field(default_factory=dict[SceneId, int])
    """What every scene says that is in the index."""
    added: list[Array] = field(default_factory=list[Array])

    def take(self, story_id: StoryId, scenes: Sequence[SceneLines], known: dict[int, list[int]]) -> None:
        """Take scenes of a story, of which the former snapshot has those in ``known``, with their numbers."""
        for scene_id, line_ids, texts in scenes:
            digest = _digest(line_ids, texts)
            if scene_id in known and self.digests.get(scene_id) == digest:
                del known[scene_id]
                continue
            self.digests[scene_id] = digest
            self.builder.add(texts)
            ids = np.empty((3, len(line_ids)), np.int64)
            ids[0], ids[1], ids[2] = line_ids, scene_id, story_id
            self.added.append(ids)

    def forget(self, known: Mapping[int, Sequence[int]]) -> None:
        """Leave out what the former snapshot says under these scenes."""
        for numbers in known.values():
            self.gone += numbers

    def owners(self) -> dict[str, Array]:
        """What stands beside the index."""
        ids = [np.stack([self.former.owners[name] for name in ("lines", "scenes", "stories")])] if self.former else []
        if ids:
            ids[0][:, self.gone] = _NOBODY
        every = np.concatenate([*ids, *self.added, np.empty((3, 0), np.int64)], axis=1)
        left = set(every[1].tolist())
        digests = {scene: digest for scene, digest in self.digests.items() if scene in left}
        return {
            "lines": every[0],
            "scenes": every[1],
            "stories": every[2],
            "story_ids": np.fromiter(self.stories.keys(), np.int64, len(self.stories)),
            "story_revisions": np.fromiter(self.stories.values(), np.int64, len(self.stories)),
            "scene_ids": np.fromiter(digests.keys(), np.int64, len(digests)),
            "digests": np.fromiter(digests.values(), np.int64, len(digests)),
        }


async def _change(view: LibraryView, former: _Snapshot | None) -> _Change:
    change = _Change(former, view.stories)
    before: dict[int, int] = {}
    if former is not None:
        owners = former.owners
        before = dict(zip(owners["story_ids"].tolist(), owners["story_revisions"].tolist(), strict=True))
        change.digests = dict(zip(map(SceneId, owners["scene_ids"].tolist()), owners["digests"].tolist(), strict=True))
        for story_id in before.keys() - view.stories.keys():
            change.forget(await asyncio.to_thread(_numbers, former, story_id))
    for story_id, revision in view.stories.items():
        if before.get(story_id) == revision:
            continue
        known = await asyncio.to_thread(_numbers, former, story_id) if former and story_id in before else {}
        async for scenes in view.scenes(story_id):
            await asyncio.to_thread(change.take, story_id, scenes, known)
        change.forget(known)
    return change


def _mask(owners: Mapping[str, Array], allowed: Allowed) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = np.isin(owners["stories"], np.fromiter(allowed.stories, np.int64))
    if allowed.scenes:
        mask |= np.isin(owners["scenes"], np.fromiter(allowed.scenes, np.int64))
    mask.flags.writeable = False
    return mask


def _numbers(snapshot: _Snapshot, story_id: int) -> dict[int, list[int]]:
    """The line numbers of each scene of a story."""
    found: dict[int, list[int]] = {}
    numbers = np.flatnonzero(snapshot.owners["stories"] == story_id)
    for scene, number in zip(snapshot.owners["scenes"][numbers].tolist(), numbers.tolist(), strict=True):
        found.setdefault(scene, []).append(number)
    return found


def _digest(line_ids: Sequence[LineId], texts: Sequence[str]) -> int:
    said = "\n".join((*map(str, line_ids), *texts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "little", signed=True)
