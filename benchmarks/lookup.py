"""How often, and how fast, a misremembered line is found: the line index beside three other ways.

    python -m benchmarks.lookup [--large] [--lines N …] [--kit FOLDER] [--typing] [--write]

Every question goes to all systems in turn, in one process. The lines are those of corpus/ and as many more as
are asked for, put together from its words; the questions are fragments of real lines with faults made at random,
and such fragments of a story that is not there. With ``--kit`` the data sets and questions of a kit are asked
instead (see ``benchmarks/remembered.py``). tantivy takes part where it is installed. ``--write`` puts the tables
where docs/benchmarks.md shows them.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.remembered import MEANT, Question, generated, of_kit
from benchmarks.rivals import Search, brute_force, full_text, fuzzy_engine, has_tantivy
from bot.index import Builder, LineIndex

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
OURS, TANTIVY, RAPIDFUZZ = "line index", "tantivy, fuzzy and ranked again", "rapidfuzz over all lines"
KITS = {3_000: "small", 100_000: "100k", 1_000_000: "large"}
_BRUTE_LINES = 6_000_000
"""Brute force is asked so few questions that it need not look at more lines than this."""
_CHAPTER_WORDS = 3_000
_AT_ONCE = 20_000


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, nargs="+", default=[3_000, 100_000])
    parser.add_argument("--large", action="store_true", help="a million lines as well")
    parser.add_argument("--questions", type=int, default=60, help="of each kind (generated ones)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kit", type=Path)
    parser.add_argument("--typing", action="store_true", help="fifty readers typing at once, and nothing else")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    parser.add_argument("--stage", nargs=2, metavar=("STAGE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        _STAGES[options.stage[0]](Path(options.stage[1]))
        return
    if options.typing:
        from benchmarks.typing import table

        tables = {"typing": table(100_000, options.seed)}
    else:
        sizes = [*options.lines, *([1_000_000] if options.large else [])]
        tables = {str(size): _measured(size, options) for size in dict.fromkeys(sizes)}
    for name, text in tables.items():
        print(text, flush=True)
        if options.write:
            _write(name, text)


def _write(name: str, text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- lookup {name} -->\n", "<!-- /lookup -->"
    before, found, rest = page.partition(begin)
    if not found:
        raise SystemExit(f"{PAGE.name} has no place for {name}")
    PAGE.write_text(before + begin + text + "\n" + end + rest.partition(end)[2], encoding="utf-8")


@dataclass
class Result:
    """What one system said."""

    right: dict[str, list[bool]] = field(default_factory=dict)
    sure: list[tuple[float, bool]] = field(default_factory=list)
    """Of each question that has an answer: the best score, and whether it was right."""
    unsure: list[float] = field(default_factory=list)
    """The best score of each that has none."""
    spent: list[float] = field(default_factory=list)

    def take(self, question: Question, hits: Sequence[tuple[int, float]], seconds: float) -> None:
        """Note one answer."""
        score = hits[0][1] if hits else 0.0
        self.spent.append(seconds)
        if question.kind.startswith("neg"):
            self.unsure.append(score)
        elif question.kind in MEANT:
            right = bool(hits) and hits[0][0] in question.answers
            self.right.setdefault(question.kind, []).append(right)
            self.sure.append((score, right))

    def row(self) -> str:
        """Recall at 1, the same with 5 % of the unanswerable let through, area under the curve, times."""
        recall = float(np.mean([np.mean(each) for each in self.right.values()]))
        negative = np.sort(self.unsure)
        threshold = float(np.quantile(negative, 0.95)) if len(negative) else 0.0
        held = float(np.mean([right and score > threshold for score, right in self.sure]))
        scores = np.array([score for score, _ in self.sure])
        below = np.searchsorted(negative, scores, "left") + np.searchsorted(negative, scores, "right")
        area = float(below.mean() / 2 / len(negative)) if len(negative) else 0.0
        half, most = (np.quantile(self.spent, share) * 1000 for share in (0.5, 0.95))
        return f"{len(self.spent)} | {recall:.3f} | {held:.3f} | {area:.3f} | {half:.1f} / {most:.1f}"


def _measured(size: int, options: argparse.Namespace) -> str:
    if options.kit:
        lines, questions = of_kit(options.kit, KITS[size])
    else:
        lines, questions = generated(size, options.questions, options.seed)
    random.Random(options.seed).shuffle(questions)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
        (folder / "questions.txt").write_text("\n".join(q.words for q in questions), encoding="utf-8")
        built, peak = _child("build", folder)
        (serving,) = _child("serve", folder)
        index = LineIndex.open(folder / "index")
        results = _asked(_systems(index, lines, folder), questions, len(lines))
        masks = _masked(index, questions, options.seed)
        added = _added(index, lines, folder)
        index.close()
    baseline = float(np.median(results[OURS].spent))
    rows = [f"**{len(lines):,} lines**", ""]
    rows.append("| | questions | R@1 | R@1, 5 % false | AUC | p50 / p95 ms | times the line index |")
    rows.append("|---|---|---|---|---|---|---|")
    for name, result in results.items():
        rows.append(f"| {name} | {result.row()} | {float(np.median(result.spent)) / baseline:.1f} |")
    if TANTIVY not in results:
        rows += ["", "tantivy is not installed here, so that it took no part."]
    rows += [
        "",
        f"Built in {built:.2f} s, {peak:.0f} MB at most; {serving:.0f} MB after the questions. "
        f"p50 with every line allowed {masks[0]:.1f} ms, with 1 % {masks[1]:.1f} ms, with 50 % {masks[2]:.1f} ms. "
        f"A chapter of 3,000 words added and searched: {added:.2f} s.",
        "",
    ]
    return "\n".join(rows)


def _systems(index: LineIndex, lines: Sequence[str], folder: Path) -> dict[str, Search]:
    systems: dict[str, Search] = {OURS: lambda query: [(hit.line_number, hit.score) for hit in index.search(query, 5)]}
    if has_tantivy():
        systems[TANTIVY] = fuzzy_engine(lines, folder / "engine")
    systems["SQLite FTS5, any word"] = full_text(lines)
    systems[RAPIDFUZZ] = brute_force(lines)
    return systems


def _asked(systems: dict[str, Search], questions: Sequence[Question], lines: int) -> dict[str, Result]:
    results = {name: Result() for name in systems}
    few = max(1, len(questions) * lines // _BRUTE_LINES)
    for at, question in enumerate(questions):
        for name, search in systems.items():
            if name == RAPIDFUZZ and at % few:
                continue
            began = time.perf_counter()
            hits = search(question.words)
            results[name].take(question, hits, time.perf_counter() - began)
    return results


def _masked(index: LineIndex, questions: Sequence[Question], seed: int) -> list[float]:
    """Median milliseconds with all, 1 % and 50 % of the lines allowed: of each question in turn."""
    dice = np.random.default_rng(seed)
    masks = [None, dice.random(len(index)) < 0.01, dice.random(len(index)) < 0.5]
    for mask in masks:
        index.search("a first question", 5, mask)
    spent: list[list[float]] = [[] for _ in masks]
    for question in questions:
        for mask, into in zip(masks, spent, strict=True):
            began = time.perf_counter()
            index.search(question.words, 5, mask)
            into.append(time.perf_counter() - began)
    return [float(np.median(each)) * 1000 for each in spent]


def _added(index: LineIndex, lines: Sequence[str], folder: Path) -> float:
    """Seconds until a chapter that was added to a copy of the index is found."""
    chapter: list[str] = []
    while sum(len(line.split()) for line in chapter) < _CHAPTER_WORDS:
        chapter.append(" ".join(reversed(lines[len(chapter)].split())))
    began = time.perf_counter()
    added = index.copy_to(folder / "next").add(chapter)
    (hit,) = added.search(chapter[7], 1)
    spent = time.perf_counter() - began
    assert hit.line_number >= len(lines) or lines[hit.line_number] == chapter[7]
    added.close()
    return spent


# ------------------------------------------------------------ in a process of its own


def _child(stage: str, folder: Path) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.lookup", "--stage", stage, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return [float(word) for word in done.stdout.split()]


def _build(folder: Path) -> None:
    """As the library does it: the lines come some at a time, and nobody holds all of them."""
    began = time.process_time()
    builder = Builder()
    some: list[str] = []
    with open(folder / "lines.txt", encoding="utf-8") as lines:
        for line in lines:
            some.append(line.rstrip("\n"))
            if len(some) == _AT_ONCE:
                builder.add(some)
                some.clear()
    builder.add(some)
    LineIndex.build(builder, folder / "index").close()
    print(time.process_time() - began, memory("VmHWM"))


def _serve(folder: Path) -> None:
    with LineIndex.open(folder / "index") as index:
        for query in (folder / "questions.txt").read_text(encoding="utf-8").split("\n"):
            index.search(query, 5)
        print(memory("VmRSS"))


def memory(which: str) -> float:
    """Megabytes of this process as Linux counts them: ``VmRSS`` now, ``VmHWM`` at most."""
    found = re.search(rf"^{which}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


_STAGES = {"build": _build, "serve": _serve}


if __name__ == "__main__":
    main()
