"""How often, and how fast, a misremembered line is found: the line index beside two plain ways.

    python -m benchmarks.lookup [--lines N] [--queries N] [--seed N]

The library is the lines of corpus/, and as many more as are asked for, put together from its words so that
they have its vocabulary but none of its sentences. Queries are fragments of real lines with faults made at
random: letters dropped, swapped and changed, words left out and moved.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from bot.index import LineIndex
from bot.ingest.reading import read

ROOT = Path(__file__).resolve().parents[1]

Search = Callable[[str], int | None]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    real = [
        scene.text[line.start : line.end]
        for story in read(ROOT / "corpus")
        for chapter in story.chapters
        for scene in chapter.scenes
        for line in scene.lines
    ]
    lines = real + invented(real, max(0, options.lines - len(real)), chance)
    long_enough = [number for number, line in enumerate(real) if len(line.split()) >= 6]
    asked = [chance.choice(long_enough) for _ in range(options.queries)]
    queries = [misremembered(lines[number], chance) for number in asked]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        index = LineIndex.build(lines, Path(folder) / "index")
        built = time.perf_counter() - began
        systems: dict[str, Search] = {
            "line index": lambda query: first(index.search(query, 1)),
            "rapidfuzz over all lines": lambda query: brute_force(query, lines),
            "SQLite FTS5": full_text(lines),
        }
        found, spent = measure(systems, queries, asked, lines)
        index.close()
    baseline = statistics.median(spent["line index"])
    print(f"{len(lines):,} lines, {len(queries)} queries, index built in {built:.2f} s\n")
    print("| | right line first | median ms | times the line index |\n|---|---|---|---|")
    for name in systems:
        median = statistics.median(spent[name])
        print(f"| {name} | {found[name] / len(queries):.0%} | {median * 1000:.1f} | {median / baseline:.1f} |")


def measure(
    systems: dict[str, Search], queries: Sequence[str], asked: Sequence[int], lines: Sequence[str]
) -> tuple[dict[str, int], dict[str, list[float]]]:
    """How many queries each finds, and how long each took; every query goes to all systems in turn."""
    found = dict.fromkeys(systems, 0)
    spent: dict[str, list[float]] = {name: [] for name in systems}
    for query, number in zip(queries, asked, strict=True):
        for name, search in systems.items():
            began = time.perf_counter()
            answer = search(query)
            spent[name].append(time.perf_counter() - began)
            found[name] += answer is not None and lines[answer] == lines[number]
    return found, spent


def first(hits: Sequence[tuple[int, float]]) -> int | None:
    """The line number of the best hit."""
    return hits[0][0] if hits else None


def brute_force(query: str, lines: Sequence[str]) -> int | None:
    """The line with the best partial match of characters; a line shorter than the query would fit by chance."""
    choices = {number: line for number, line in enumerate(lines) if len(line) >= len(query)}
    best = process.extractOne(query, choices, scorer=fuzz.partial_ratio, processor=utils.default_process)
    return best[2] if best else None


def full_text(lines: Sequence[str]) -> Search:
    """SQLite's own full-text search, any of the words, ranked by BM25."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE line USING fts5(text)")
    database.executemany("INSERT INTO line (rowid, text) VALUES (?, ?)", enumerate(lines))

    def search(query: str) -> int | None:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", query))
        row = database.execute(
            "SELECT rowid FROM line WHERE line MATCH ? ORDER BY rank LIMIT 1", (words or '""',)
        ).fetchone()
        return row[0] if row else None

    return search


def invented(real: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """Lines of the same words in no order that anybody wrote."""
    words = [word for line in real for word in line.split()]
    lengths = [len(line.split()) for line in real]
    return [" ".join(chance.choices(words, k=chance.choice(lengths))) for _ in range(count)]


def misremembered(line: str, chance: random.Random) -> str:
    """Four to eight words of the line, some of them wrong, one left out or moved."""
    words = re.findall(r"[\w'’]+", line)
    length = min(len(words), chance.randint(4, 8))
    start = chance.randint(0, len(words) - length)
    kept = words[start : start + length]
    if length > 4:
        kept.pop(chance.randrange(len(kept)))
    if chance.random() < 0.5:
        at = chance.randrange(len(kept) - 1)
        kept[at], kept[at + 1] = kept[at + 1], kept[at]
    return " ".join(mistyped(word, chance) if chance.random() < 0.4 else word for word in kept).lower()


def mistyped(word: str, chance: random.Random) -> str:
    """The word with one letter dropped, doubled, swapped or changed."""
    if len(word) < 3:
        return word
    at = chance.randrange(len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] * 2 + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + chance.choice("aeinorst") + word[at + 1 :],
        )
    )


if __name__ == "__main__":
    main()
