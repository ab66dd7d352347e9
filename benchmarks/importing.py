"""How fast stories come in, what memory that takes and who waits for it.

    python -m benchmarks.importing [--megabytes N]

Every measurement runs in a process of its own, so that none counts the memory of another, and all but the
neighbour of an import on one core. The story is prose of corpus/, put together anew until it is long enough,
with some of its words exchanged so that hardly two lines are the same. Nothing is written outside a temporary
folder; no network.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import html as markup
import io
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it has no stubs

from bot.config import Config
from bot.importing import ImportOrder, bring_in
from bot.ingest.reading import read, read_attached
from tests.support.books import epub, page

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ("txt", "html", "epub")
SPLITTING, END_TO_END, MEMORY, WAIT = 5.0, 1.5, 250.0, 50.0
"""The targets: megabytes of story text a second, twice; megabytes; milliseconds."""
_EXCHANGED = 0.12
_A_CHAPTER = 60
_A_SCENE = 20
_TICK = 0.005


def main() -> int:
    """Print the figures; 1 where one misses its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=10.0)
    parser.add_argument("--stage", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        stage, *paths = options.stage
        _STAGES[stage](options.megabytes, *map(Path, paths))
        return 0
    with tempfile.TemporaryDirectory() as place:
        return _measured(options.megabytes, Path(place))


def _measured(megabytes: float, folder: Path) -> int:
    good = True
    (size,) = _child(megabytes, "make", folder)
    print(f"{size:.1f} MB of story text; one core")
    print(f"{'':6}{'library alone':>20}{'read and split':>20}{'times as long':>16}{'memory':>12}")
    for form in FORMATS:
        alone, _ = _child(megabytes, "alone", folder / f"story.{form}")
        whole, peak = _child(megabytes, "split", folder / f"story.{form}")
        good &= size / whole >= SPLITTING
        rates = f"{size / alone:15.1f} MB/s{size / whole:15.1f} MB/s"
        print(f"{form:6}{rates}{whole / alone:16.1f}{peak:9.0f} MB")
    for form in FORMATS:
        config = folder / f"{form}.db"
        took, peak, busy, loop, wrote, looked = _child(megabytes, "whole", folder / f"story.{form}", config)
        good &= size / took >= END_TO_END and peak < MEMORY and max(loop, wrote, looked) < WAIT
        print(
            f"{form}, stored and searchable: {size / took:.2f} MB/s by the clock, {size / busy:.2f} of its own "
            f"time, {peak:.0f} MB at most; longest wait of "
            f"the event loop {loop:.0f} ms, of another writer {wrote:.0f} ms, of another reader {looked:.0f} ms"
        )
    took, peak = _child(megabytes, "again", folder / "story.txt", folder / "txt.db")
    good &= peak < MEMORY
    print(f"a dry run over the stored story: {size / took:.2f} MB/s, {peak:.0f} MB at most")
    return 0 if good else 1


def _child(megabytes: float, stage: str, *paths: Path) -> list[float]:
    """The numbers that a stage prints, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.importing", f"--megabytes={megabytes}", "--stage", stage]
    done = subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, text=True, cwd=ROOT)
    return [float(word) for word in done.stdout.split()]


# ------------------------------------------------------------ the story


def _make(megabytes: float, folder: Path) -> None:
    """The same story in each format."""
    chapters = list(_chapters(megabytes))
    print(sum(len(text) for chapter in chapters for text in chapter) / 1e6)
    plain = (f"Chapter {n}\n\n" + _joined(chapter, "{}\n\n", "* * *\n\n") for n, chapter in enumerate(chapters, 1))
    (folder / "story.txt").write_text("".join(plain), encoding="utf-8")
    bodies = [
        f"<h2>Chapter {n}</h2>\n" + _joined([_marked_up(text) for text in chapter], "<p>{}</p>\n", "<hr/>\n")
        for n, chapter in enumerate(chapters, 1)
    ]
    (folder / "story.html").write_text(page("".join(bodies)), encoding="utf-8")
    (folder / "story.epub").write_bytes(epub({f"c{n}.xhtml": page(body) for n, body in enumerate(bodies)}))


def _chapters(megabytes: float) -> Iterator[list[str]]:
    dice = random.Random(1)
    real = [
        paragraph
        for story in read(ROOT / "corpus")
        for chapter in story.chapters
        for scene in chapter.scenes
        for paragraph in scene.text.split("\n\n")
    ]
    words = [word for paragraph in real for word in paragraph.split(" ") if word.isalpha() and word.islower()]
    size = 0
    while size < megabytes * 1e6:
        chapter = [_exchanged(dice.choice(real), words, dice) for _ in range(_A_CHAPTER)]
        size += sum(map(len, chapter))
        yield chapter


def _exchanged(paragraph: str, words: list[str], dice: random.Random) -> str:
    return " ".join(
        dice.choice(words) if word.isalpha() and word.islower() and dice.random() < _EXCHANGED else word
        for word in paragraph.split(" ")
    )


def _marked_up(text: str) -> str:
    """A paragraph as HTML, one word in some of them emphasised."""
    words = markup.escape(text, quote=False).split(" ")
    if len(words) % 7 == 0:
        words[3] = f"<em>{words[3]}</em>"
    return " ".join(words)


def _joined(paragraphs: list[str], form: str, mark: str) -> str:
    return "".join(form.format(text) + mark * (n % _A_SCENE == 0) for n, text in enumerate(paragraphs, 1))


# ------------------------------------------------------------ what is measured


def _alone(_: float, path: Path) -> None:
    """The parser by itself; of plain text, for which there is none, decoding and parting into lines."""
    data = path.read_bytes()
    works: dict[str, Callable[[], object]] = {
        ".txt": lambda: data.decode().split("\n"),
        ".html": lambda: etree.fromstring(data, etree.HTMLParser(huge_tree=True, encoding="utf-8")),
        ".epub": lambda: [etree.fromstring(each) for each in _pages(data)],
    }
    _report(_spent(works[path.suffix]))


def _pages(data: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xhtml"):
                yield archive.read(name)


def _split(_: float, path: Path) -> None:
    """Reading a file and splitting it into chapters, scenes and lines."""
    data = path.read_bytes()
    _report(_spent(lambda: read_attached(data, path.name)))


def _whole(_: float, path: Path, database: Path) -> None:
    """An import as the command does it, and how long others wait meanwhile."""
    asyncio.run(bring_in(Config(database=database), ImportOrder(paths=[]), io.StringIO()))
    command = [sys.executable, "-m", "benchmarks.importing", "--stage", "neighbour", str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as neighbour:
        assert neighbour.stdout is not None
        neighbour.stdout.readline()
        order = ImportOrder(paths=[path], settings=["permission=public domain"])
        busy = time.process_time()
        took, loop = asyncio.run(_beside_a_clock(database, order))
        told = neighbour.communicate("")[0]
        busy = time.process_time() - busy
    _report(took, busy, loop, *map(float, told.split()))


async def _beside_a_clock(database: Path, order: ImportOrder) -> tuple[float, float]:
    """Seconds of work that an import took, and the longest milliseconds that the event loop waited."""
    longest = 0.0

    async def ticking() -> None:
        nonlocal longest
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(_TICK)
            longest = max(longest, time.perf_counter() - begun - _TICK)

    clock = asyncio.create_task(ticking())
    begun = time.perf_counter()
    code = await bring_in(Config(database=database), order, io.StringIO())
    took = time.perf_counter() - begun
    clock.cancel()
    if code:
        raise SystemExit("the import was refused")
    return took, longest * 1000


def _neighbour(_: float, database: Path) -> None:
    """Another process that writes and reads all the time: the longest milliseconds that it waited for either."""
    stop = sys.stdin.fileno()
    os.set_blocking(stop, False)
    longest = [0.0, 0.0]
    with contextlib.closing(sqlite3.connect(database, timeout=60, isolation_level=None)) as connection:
        print("ready", flush=True)
        while _is_open(stop):
            begun = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            longest[0] = max(longest[0], time.perf_counter() - begun)
            begun = time.perf_counter()
            connection.execute("SELECT count(*) FROM story").fetchone()
            longest[1] = max(longest[1], time.perf_counter() - begun)
            time.sleep(_TICK)
    print(*(wait * 1000 for wait in longest))


def _is_open(stream: int) -> bool:
    try:
        return os.read(stream, 1) != b""
    except BlockingIOError:
        return True


def _again(_: float, path: Path, database: Path) -> None:
    """A dry run over the story as it was stored."""
    order = ImportOrder(paths=[path], dry_run=True)
    _report(_spent(lambda: asyncio.run(bring_in(Config(database=database), order, io.StringIO()))))


def _spent(work: Callable[[], object]) -> float:
    """Seconds of this process's time."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _report(seconds: float, *more: float) -> None:
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, *more)


_STAGES: dict[str, Callable[..., None]] = {
    "make": _make,
    "alone": _alone,
    "split": _split,
    "whole": _whole,
    "neighbour": _neighbour,
    "again": _again,
}


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        every = range(os.cpu_count() or 1)
        os.sched_setaffinity(0, every[-1:] if "neighbour" in sys.argv else every[:1])
    sys.exit(main())
