"""The line index: half-remembered words in, the best lines out."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
from rapidfuzz import fuzz

from bot.domain.ranking import LEAST, Hit, rarity
from bot.domain.text import is_unfinished, search_words
from bot.index.building import Builder, merged_arrays
from bot.index.files import (
    Array,
    DamagedIndex,
    DataFile,
    Manifest,
    open_arrays,
    read_manifest,
    write_arrays,
    write_manifest,
)
from bot.index.query import Interpreter, Meaning, Query
from bot.index.retrieval import examine
from bot.index.segment import Segment
from bot.index.view import View

_MEANINGS_KEPT = 1024
_MASKS_KEPT = 8
"""What was worked out for so many masks is kept: a reader who types asks again under the same."""
_MOST_WORDS = 24
_MOST_PASSAGES = 12
_MORE_PER_PASSAGE = 24
"""The best line of the whole query need not be the best of each passage."""
_UNLIKE = 0.001
"""What a line loses at most that is unlike a long query as a whole."""
_MOST_MERGED = 8_000
"""Segments with more lines than this together are not merged by ``add``, so that it stays quick."""
_OVER_TWO = 0.99
"""What is left of a score that needs two neighbouring lines: one line alone is the better answer."""


class _Seen(NamedTuple):
    """Lines that may be answers, and what words mean where there are no others."""

    view: View
    meaning: Callable[[str, bool], Meaning]

    @classmethod
    def through(cls, view: View, kept: int) -> _Seen:
        return cls(view, lru_cache(kept)(Interpreter(view).meaning))


class LineIndex:
    """An immutable snapshot over lines, which are known by their numbers 0, 1, 2 …

    ``add`` and ``remove`` make the next snapshot and leave this one as it was. Numbers are never
    given twice: those of removed lines stay empty.
    """

    def __init__(self, path: Path, manifest: Manifest, segments: list[Segment]) -> None:
        self._path = path
        self._manifest = manifest
        self._segments = segments
        self._count = sum(segment.count for segment in segments)
        self._everything = _Seen.through(View(segments), _MEANINGS_KEPT)
        self._masked: list[tuple[Array, _Seen]] = []
        self._lock = threading.Lock()

    # ------------------------------------------------------------ making and opening

    @classmethod
    def build(cls, lines: Sequence[str] | Builder, path: Path) -> LineIndex:
        """Write a snapshot over ``lines`` under the directory ``path``, replacing what is there."""
        path.mkdir(parents=True, exist_ok=True)
        data = write_arrays(path, "segment", _taken(lines).arrays())
        write_manifest(path, Manifest((data,)))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> LineIndex:
        """Open the snapshot under ``path``.

        Raises ``DamagedIndex`` where there is none, or it is of another format, or damaged.
        """
        manifest = read_manifest(path)
        while True:
            try:
                return cls._opened(path, manifest)
            except (OSError, ValueError) as error:
                newer = read_manifest(path)
                if newer == manifest:
                    raise DamagedIndex(f"{path} is not whole") from error
                manifest = newer

    @classmethod
    def _opened(cls, path: Path, manifest: Manifest, known: dict[str, Segment] | None = None) -> LineIndex:
        """The snapshot of ``manifest``; ``known`` are segments already open, by file name."""
        known = known or {}
        parts = [
            known[data.name].arrays if data.name in known else open_arrays(path, data) for data in manifest.segments
        ]
        firsts = np.cumsum([0, *(len(part["begins"]) for part in parts)]).tolist()
        live = np.ones(firsts[-1], np.bool_)
        if manifest.removed is not None:
            live[open_arrays(path, manifest.removed)["lines"]] = False
        segments: list[Segment] = []
        for data, arrays, first, end in zip(manifest.segments, parts, firsts, firsts[1:], strict=False):
            same = known.get(data.name)
            if same is None or not np.array_equal(same.live, live[first:end]):
                same = Segment(arrays, first, live[first:end])
            segments.append(same)
        return cls(path, manifest, segments)

    def copy_to(self, path: Path) -> LineIndex:
        """The same snapshot under another directory; the data files are shared where the disk can do that."""
        path.mkdir(parents=True, exist_ok=True)
        for data in (*self._manifest.segments, self._manifest.removed):
            if data is not None:
                _share(self._path / data.name, path / data.name)
        write_manifest(path, self._manifest)
        return LineIndex.open(path)

    def add(self, lines: Sequence[str] | Builder) -> LineIndex:
        """The next snapshot, in which ``lines`` have the numbers from ``len(self)`` on.

        They are no neighbours of the lines before them. They become a segment of their own,
        merged with the newest segments where those are no larger, so that there are few segments
        and each line is written a few times at most. Large segments are never written again.
        """
        taken = _taken(lines)
        if not taken.count:
            return self
        count, kept = taken.count, len(self._segments)
        arrays = taken.arrays()
        while kept and (size := self._segments[kept - 1].count) <= count and size + count <= _MOST_MERGED:
            kept -= 1
            count += size
        if kept < len(self._segments):
            arrays = merged_arrays([*(each.arrays for each in self._segments[kept:]), arrays])
        return self._next(kept, arrays, self._removed())

    def remove(self, line_numbers: Iterable[int]) -> LineIndex:
        """The next snapshot, without these lines; the others keep their numbers."""
        gone = np.fromiter(line_numbers, np.int64)
        if len(gone) and (gone.min() < 0 or gone.max() >= self._count):
            raise IndexError(f"line numbers are 0 to {self._count - 1}")
        return self._next(len(self._segments), None, np.union1d(self._removed(), gone))

    def _removed(self) -> Array:
        return np.concatenate([np.flatnonzero(~each.live) + each.first for each in self._segments])

    def _next(self, kept: int, added: dict[str, Array] | None, removed: Array) -> LineIndex:
        """The snapshot of the first ``kept`` segments and perhaps one more, written and opened."""
        known: dict[str, Segment] = {}
        files: list[DataFile] = []
        for data, segment in zip(self._manifest.segments[:kept], self._segments, strict=False):
            if not (self._path / data.name).exists():  # a newer snapshot than this had no use for it
                data = write_arrays(self._path, "segment", segment.arrays)
            known[data.name] = segment
            files.append(data)
        if added is not None:
            files.append(write_arrays(self._path, "segment", added))
        gone = write_arrays(self._path, "removed", {"lines": removed.astype(np.int32)}) if len(removed) else None
        manifest = Manifest(tuple(files), gone)
        write_manifest(self._path, manifest)
        return self._opened(self._path, manifest, known)

    @property
    def segments(self) -> int:
        """How many segments a search goes through. Where there are many, build anew."""
        return len(self._segments)

    def close(self) -> None:
        """Let go of the files. Nothing else may be asked of it afterwards."""
        self._segments.clear()
        self._masked.clear()
        self._everything = _Seen.through(View([]), 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """How many line numbers have been given, those of removed lines included."""
        return self._count

    # ------------------------------------------------------------ searching

    def search(self, query: str, limit: int, allowed: Array | None = None) -> list[Hit]:
        """The ``limit`` best lines for ``query``, best first.

        ``allowed`` says for each line number whether it may be an answer; numbers past its end may
        not. The answer is what an index of those lines alone would give: the others take no part
        in anything, neither in the ranking nor in which words there are. Lines that have next to
        nothing to do with the query (below ``ranking.LEAST``) are left out, so the answer may be
        empty.
        """
        words = search_words(query)
        if not words or limit < 1:
            return []
        seen = self._everything if allowed is None else self._seeing(allowed)
        unfinished = is_unfinished(query)
        if len(words) <= _MOST_WORDS:
            return _ranked(seen, words, unfinished, limit)
        best: dict[int, float] = {}
        for part in _passages(seen.view, words):
            for line, sure in _ranked(seen, part, False, limit + _MORE_PER_PASSAGE):
                best[line] = max(sure, best.get(line, 0.0))
        # Of lines that answer a passage each, the one most like the whole is the best.
        typed = " ".join(words)
        lines = sorted(best)
        forms = seen.view.search_forms(np.array(lines, np.int64))
        hits = [
            Hit(line, max(0.0, best[line] - _UNLIKE * (1 - fuzz.ratio(typed, form) / 100)))
            for line, form in zip(lines, forms, strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.line_number))[:limit]

    def _seeing(self, allowed: Array) -> _Seen:
        """The lines allowed, as if there were no lines but those allowed."""
        mask = np.zeros(self._count, np.bool_)
        mask[: len(allowed)] = allowed[: self._count]
        for segment in self._segments:
            if not segment.whole:
                mask[segment.first : segment.first + segment.count] &= segment.live
        if np.count_nonzero(mask) == self._everything.view.lines:
            return self._everything
        with self._lock:
            for place, (other, seen) in enumerate(self._masked):
                if np.array_equal(other, mask):
                    self._masked.insert(0, self._masked.pop(place))
                    return seen
            seen = _Seen.through(View(self._segments, mask), _MEANINGS_KEPT)
            self._masked.insert(0, (mask, seen))
            del self._masked[_MASKS_KEPT:]
            return seen


def _passages(view: View, words: list[str]) -> list[list[str]]:
    """Overlapping parts of a long query, those with the rarest words."""
    size = _MOST_WORDS // 2
    parts = [words[at : at + size] for at in range(0, len(words) - size // 2, size // 2)]
    known = {word: view.numbers(word)[1] for word in set(words)}

    def weight(part: list[str]) -> float:
        return sum(rarity(view.lines, known[word]) for word in part if known[word])

    return sorted(parts, key=weight, reverse=True)[:_MOST_PASSAGES]


def _ranked(seen: _Seen, words: Sequence[str], unfinished: bool, limit: int) -> list[Hit]:
    last = len(words) - 1
    meanings = tuple(seen.meaning(word, unfinished and at == last) for at, word in enumerate(words))
    weights = np.array([meaning.weight for meaning in meanings])
    query = Query(tuple(words), meanings, weights, unfinished, seen.view.lines)
    best: dict[int, float] = {}
    for each in examine(seen.view, query, limit):
        if each.other is None:
            best.update(zip(each.lines.tolist(), each.scores.tolist(), strict=True))
            continue
        scores = each.scores * _OVER_TWO
        for lines, values in ((each.lines, scores), (each.other, scores * _OVER_TWO)):
            for line, value in zip(lines.tolist(), values.tolist(), strict=True):
                best[line] = max(value, best.get(line, 0.0))
    ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return [Hit(line, value) for line, value in ordered[:limit] if value >= LEAST]


def _taken(lines: Sequence[str] | Builder) -> Builder:
    if isinstance(lines, Builder):
        return lines
    builder = Builder()
    builder.add(lines)
    return builder


def _share(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(old, new)
