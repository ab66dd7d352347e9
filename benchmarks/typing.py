"""Fifty readers typing at once, at the service: how long each answer takes and how long the event loop waits."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np

from benchmarks.remembered import Question, generated
from bot.domain.story import LineId, SceneId, StoryId
from bot.index import LineIndex
from bot.index.library import LibraryIndex, SceneLines
from bot.services.lookup import Allowed

READERS, SECONDS, KEYS_A_SECOND = 50, 10.0, 4
_SCENE, _STORY = 40, 4_000
_SUGGESTIONS = 25
_TICK = 0.005


@dataclass
class _Library:
    """Lines as a database gives them: forty a scene, four thousand a story."""

    lines: Sequence[str]
    revision_now: int = 1
    stories: dict[StoryId, int] = field(default_factory=dict[StoryId, int])

    def __post_init__(self) -> None:
        self.stories = {StoryId(1 + at // _STORY): 1 for at in range(0, len(self.lines), _STORY)}

    async def revision(self) -> int:
        return self.revision_now

    @asynccontextmanager
    async def view(self) -> AsyncIterator[_View]:
        yield _View(self, self.revision_now, self.stories)


@dataclass
class _View:
    library: _Library
    revision: int
    stories: dict[StoryId, int]

    async def scenes(self, story_id: StoryId) -> AsyncIterator[Sequence[SceneLines]]:
        first = (story_id - 1) * _STORY
        for at in range(first, min(first + _STORY, len(self.library.lines)), _SCENE):
            numbers = range(at, min(at + _SCENE, len(self.library.lines)))
            yield [
                (SceneId(1 + at // _SCENE), [LineId(1 + n) for n in numbers], [self.library.lines[n] for n in numbers])
            ]


@dataclass
class Load:
    """What the readers met."""

    answers: list[float] = field(default_factory=list[float])
    """Seconds until each answer, those to keys typed past left out."""
    passed: int = 0
    """Keys whose reader had typed on before their turn came: no search was made for them."""
    made: int = 0
    waits: list[float] = field(default_factory=list[float])
    """Seconds that each tick of the event loop came late."""


def table(lines: int, seed: int) -> str:
    """Both with the newest key of each reader known and without."""
    texts, questions = generated(lines, 60, seed)
    with TemporaryDirectory() as folder:
        known, unknown = asyncio.run(_measured(texts, questions, Path(folder)))
    rows = [
        f"**{READERS} readers, {KEYS_A_SECOND} keys a second each, {lines:,} lines, {SECONDS:.0f} s**",
        "",
        "| | keys | searches made | answer p50 / p99 ms | event loop late p99 ms |",
        "|---|---|---|---|---|",
        _row("only the newest key of each reader", known),
        _row("every key", unknown),
        "",
    ]
    return "\n".join(rows)


def _row(name: str, load: Load) -> str:
    half, most = np.quantile(load.answers, (0.5, 0.99)) * 1000
    late = float(np.quantile(load.waits, 0.99)) * 1000
    return f"| {name} | {len(load.answers) + load.passed} | {load.made} | {half:.0f} / {most:.0f} | {late:.1f} |"


async def _measured(lines: Sequence[str], questions: Sequence[Question], folder: Path) -> tuple[Load, Load]:
    library = _Library(lines)
    index = LibraryIndex(library, folder)
    await index.refresh()
    return await _load(index, library, questions, True), await _load(index, library, questions, False)


async def _load(index: LibraryIndex, library: _Library, questions: Sequence[Question], known: bool) -> Load:
    load = Load()
    with _counted(load):
        clock = asyncio.create_task(_ticking(load))
        readers = [_reader(index, library, questions, load, number, known) for number in range(READERS)]
        await asyncio.gather(*readers)
        clock.cancel()
        with suppress(asyncio.CancelledError):
            await clock
    return load


@contextmanager
def _counted(load: Load):
    search = LineIndex.search

    def counted(self: LineIndex, *arguments: object):
        load.made += 1
        return search(self, *arguments)  # pyright: ignore[reportArgumentType]

    with patch.object(LineIndex, "search", counted):
        yield


async def _ticking(load: Load) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(_TICK)
        load.waits.append(time.perf_counter() - begun - _TICK)


async def _reader(
    index: LibraryIndex, library: _Library, questions: Sequence[Question], load: Load, number: int, known: bool
) -> None:
    chance = random.Random(number)
    # Each sees some stories of their own, and half of the readers see all.
    may = frozenset(s for s in library.stories if number % 2 or chance.random() < 0.5)
    await asyncio.sleep(chance.random() / KEYS_A_SECOND)
    until = time.perf_counter() + SECONDS
    pending: list[asyncio.Task[None]] = []
    typed, words = 0, ""
    while time.perf_counter() < until:
        if typed >= len(words):
            words, typed = chance.choice(questions).words, 2
        typed += 1
        allowed = Allowed(may, frozenset())
        pending.append(asyncio.create_task(_key(index, words[:typed], allowed, number if known else None, load)))
        await asyncio.sleep(1 / KEYS_A_SECOND)
    await asyncio.gather(*pending)


async def _key(index: LibraryIndex, words: str, allowed: Allowed, typist: int | None, load: Load) -> None:
    begun = time.perf_counter()
    answer = await index.search(words, _SUGGESTIONS, allowed, typist=typist)
    if isinstance(answer, tuple):  # what is searched gives a list, empty or not
        load.passed += 1
    else:
        load.answers.append(time.perf_counter() - begun)
