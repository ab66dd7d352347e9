"""A line on the terminal while long work is done."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

from bot import strings

LONG = 0.7
"""Seconds after which work is long enough to be shown."""
TICK = 0.15
_BAR = 20
_FILES = 0.95
"""The share of the work that is done file by file; the rest makes them searchable."""
_SMALLEST = 2_000
"""Bytes that even the smallest file counts for."""


class Progress:
    """Says what is being done, how far it is and since when. Files count by their size."""

    def __init__(self, paths: Sequence[Path], stream: TextIO | None) -> None:
        self._sizes = [max(_SMALLEST, _size(path)) for path in paths] if stream is not None else [1] * len(paths)
        self._stream = stream
        self._what = ""
        self._number = 0
        self._share = 0.0
        self._since = asyncio.get_running_loop().time()
        self._drawn = False

    @classmethod
    @asynccontextmanager
    async def shown(cls, paths: Sequence[Path], *, hidden: bool) -> AsyncIterator[Progress]:
        """Keep it up to date until the block ends; drawn on a terminal only, unless it is to be hidden."""
        stream = sys.stderr if sys.stderr.isatty() and not hidden else None
        progress = cls(paths, stream)
        ticking = asyncio.create_task(progress._tick()) if stream else None
        try:
            yield progress
        finally:
            if ticking:
                ticking.cancel()
            progress.clear()

    def says(self, what: str, number: int, share: float = 0.0) -> None:
        """What is being done now, with which of the files (counted from 0), and how much of that file is done."""
        self._what = what
        self._number = number
        self._share = share

    def clear(self) -> None:
        """Take the line off the terminal, so that something else can be printed."""
        if self._stream and self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False

    @property
    def done(self) -> float:
        """The share of all the work that is done, from 0 to 1."""
        behind = sum(self._sizes[: self._number])
        here = self._sizes[self._number] * self._share if self._number < len(self._sizes) else 0
        return _FILES * (behind + here) / max(1, sum(self._sizes))

    async def _tick(self) -> None:
        await asyncio.sleep(LONG)
        while True:
            self._draw()
            await asyncio.sleep(TICK)

    def _draw(self) -> None:
        assert self._stream is not None
        filled = min(_BAR, int(_BAR * self.done))
        count = len(self._sizes)
        line = strings.IMPORT_PROGRESS.format(
            bar="#" * filled + "-" * (_BAR - filled),
            percent=int(100 * self.done),
            seconds=int(asyncio.get_running_loop().time() - self._since),
            what=self._what,
            files=f" ({min(self._number + 1, count)}/{count})" if count > 1 else "",
        )
        self._stream.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
        self._stream.flush()
        self._drawn = True


def _size(path: Path) -> int:
    """Bytes of a file, or of the files directly in a folder."""
    try:
        if path.is_dir():
            return sum(entry.stat().st_size for entry in path.iterdir() if entry.is_file())
        return path.stat().st_size
    except OSError:
        # Said by whoever reads it.
        return 0
