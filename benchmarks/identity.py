"""How well a re-import keeps ids: ``python -m benchmarks.identity [FOLDER OF TEXTS …]``.

Stories are revised by a generator that knows what became of every scene; printed is, for each kind of
edit, the share of scenes that kept their id, and how many ids came to text that was written anew. Then
the time that it takes to match 30,000 lines. Without folders the prose is made by a generator; scenes of
real texts are revised as well where folders of them are named.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path
from time import process_time

from bot.domain.errors import BadInput
from bot.domain.identity import match_lines, match_scenes
from bot.domain.lines import lines_of
from bot.domain.story import LineId, SceneId
from bot.ingest.reading import read
from tests.support.revisions import EDITS, Author, Successor, change, revise

LIMIT = 0.3
"""Scenes of which less was changed must keep their id."""


def judge(scenes: Sequence[str], revised: Sequence[Successor]) -> Counter[str]:
    """What came of the ids: "kept" of "should" scenes, "wrong" ids, and the same for splits and merges."""
    matched = match_scenes([(SceneId(n), text) for n, text in enumerate(scenes)], [s.text for s in revised])
    aliases = dict(matched.aliases)
    pieces: dict[int, list[tuple[int, int | None]]] = {}
    count: Counter[str] = Counter()
    for successor, kept in zip(revised, matched.ids, strict=True):
        if len(successor.of) == 0:
            count["anew"] += 1
            count["wrong"] += kept is not None
        elif len(successor.of) > 1:
            count["merged"] += 1
            sizes = {SceneId(n): len(scenes[n].split()) for n in successor.of}
            # Of two that are equally long, either may be taken for the larger one.
            count["merged kept"] += kept is not None and sizes.get(kept) == max(sizes.values())
            count["aliases"] += all(aliases.get(other) == kept for other in sizes if other != kept)
        elif not successor.whole:
            pieces.setdefault(successor.of[0], []).append((len(successor.text.split()), kept))
        elif change(scenes[successor.of[0]], successor.text) < LIMIT:
            count["should"] += 1
            count["kept"] += kept == successor.of[0]
        if successor.of and kept is not None:
            count["strayed"] += kept not in successor.of
    for origin, found in pieces.items():
        largest, kept = max(found, key=lambda piece: piece[0])
        others = [size for size, _ in found if size != largest]
        if others and largest >= 1.1 * max(others):
            count["split"] += 1
            count["split kept"] += kept == origin
    return count


def generated(seed: int, length: int = 300) -> tuple[list[str], Author, Iterator[str]]:
    """A story's scenes, who writes its edits, and scenes that it never had."""
    author = Author(seed)
    return [author.scene() for _ in range(length)], author, iter(author.scene, "")


def measure(kind: Sequence[str], stories: int, rate: float) -> Counter[str]:
    """All counts over some generated stories."""
    count: Counter[str] = Counter()
    for seed in range(stories):
        scenes, author, anew = generated(seed)
        count += judge(scenes, revise(scenes, author.pick, author.word, anew, kind, rate))
    return count


def measure_texts(folders: Sequence[Path], kinds: Sequence[str], rate: float) -> Counter[str]:
    """The same on the scenes of real texts: every other story lends its scenes as the ones written anew."""
    texts: list[list[str]] = []
    for folder in folders:
        for path in sorted(folder.iterdir()):
            try:
                texts += ([s.text for c in story.chapters for s in c.scenes] for story in read(path))
            except BadInput:
                continue
    count: Counter[str] = Counter()
    for number, scenes in enumerate(texts):
        pick = random.Random(number)
        others = [scene for other in texts[:number] + texts[number + 1 :] for scene in other]
        pick.shuffle(others)
        words = " ".join(others[:200]).split()
        revised = revise(scenes, pick, partial(pick.choice, words), cycle(others), kinds, rate)
        count += judge(scenes, revised)
    return count


def line_matching(count: int = 30_000) -> list[tuple[str, float]]:
    """Seconds of one core that matching so many lines takes, by what was changed."""
    author = Author(1)
    lines: list[str] = []
    while len(lines) < count:
        text = author.scene()
        lines += [text[line.start : line.end] for line in lines_of(text)]
    lines = lines[:count]
    old = [(LineId(n), line) for n, line in enumerate(lines)]
    times: list[tuple[str, float]] = []
    for name, share in (("nothing changed", 0.0), ("a tenth edited", 0.1), ("every line edited", 1.0)):
        new = list(lines)
        for n in author.pick.sample(range(count), int(count * share)):
            words = new[n].split()
            words[author.pick.randrange(len(words))] = author.word()
            new[n] = " ".join(words)
        started = process_time()
        match_lines(old, new)
        times.append((name, process_time() - started))
    return times


def row(name: str, count: Counter[str]) -> str:
    """One line of the table."""

    def share(part: str, whole: str) -> str:
        return f"{count[part] / count[whole]:8.2%} of {count[whole]:5}" if count[whole] else " " * 18

    return (
        f"{name:<22}{share('kept', 'should')}   {share('split kept', 'split')}   {share('merged kept', 'merged')}"
        f"   {share('aliases', 'merged')}   {count['wrong']:4} of {count['anew']:5}   {count['strayed']:4}"
    )


def main(folders: Sequence[str]) -> None:
    """Print everything."""
    print(f"{'':<22}{'id kept (< 30 % new)':<21}{'larger piece kept':<21}{'larger one kept':<21}{'alias':<21}"
          f"{'ids to new text':<15} strayed")  # fmt: skip
    for kind in EDITS:
        print(row(kind, measure([kind], 4, 0.5)))
    print(row("all, a third", measure(EDITS, 8, 0.35)))
    print(row("all, nine in ten", measure(EDITS, 8, 0.9)))
    if folders:
        paths = [Path(folder) for folder in folders]
        print(row("texts: edit", measure_texts(paths, ["edit"], 0.5)))
        print(row("texts: all, a third", measure_texts(paths, EDITS, 0.35)))
        print(row("texts: nine in ten", measure_texts(paths, EDITS, 0.9)))
    print()
    for name, seconds in line_matching():
        print(f"30,000 lines, {name}: {seconds:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
