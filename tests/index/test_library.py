"""The index of the whole library: fresh, found again, rebuilt. How well it finds is tested beside it."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from bot.domain.story import LineId, SceneId, StoryId
from bot.index import library
from bot.index.files import write_arrays
from bot.index.library import LibraryIndex, SceneLines
from bot.services.lookup import Allowed
from tests.support.stories import sentence

LineRow = tuple[LineId, SceneId, StoryId, str]


class Source:
    """Lines as a database gives them, with a count of how often all of them were fetched."""

    def __init__(self, texts: Sequence[str], *, revision: int = 1) -> None:
        self.lines: list[LineRow] = []
        self.now_at = revision
        self.fetched = 0
        self.looked_at: list[StoryId] = []
        """The stories of which lines were asked for."""
        self.put(texts)

    def put(self, texts: Sequence[str]) -> None:
        """Ten lines a scene, twenty a story; ids as large as a database's may grow."""
        self.lines = [
            (LineId(2**40 + n), SceneId(2**35 + n // 10), StoryId(1 + n // 20), text) for n, text in enumerate(texts)
        ]

    async def revision(self) -> int:
        await asyncio.sleep(0)
        return self.now_at

    @asynccontextmanager
    async def view(self) -> AsyncIterator[View]:
        self.fetched += 1
        await asyncio.sleep(0.01)
        # Each story's text is at another revision than before where any of its lines is.
        found: dict[StoryId, list[LineRow]] = {}
        for row in self.lines:
            found.setdefault(row[2], []).append(row)
        yield View(self.now_at, {story: hash(tuple(rows)) for story, rows in found.items()}, found, self.looked_at)


@dataclass(frozen=True)
class View:
    """The lines of a source at one moment."""

    revision: int
    stories: dict[StoryId, int]
    rows: dict[StoryId, list[LineRow]]
    looked_at: list[StoryId]

    async def scenes(self, story_id: StoryId) -> AsyncIterator[list[SceneLines]]:
        self.looked_at.append(story_id)
        for scene_id, rows in groupby(self.rows[story_id], key=lambda row: row[1]):
            lines = list(rows)
            await asyncio.sleep(0)
            yield [(scene_id, [line_id for line_id, *_ in lines], [text for *_, text in lines])]


TEXTS = [sentence(n) for n in range(60)]
EVERY_STORY = Allowed(frozenset(StoryId(n) for n in range(1, 10)), frozenset())
NOTHING = Allowed(frozenset(), frozenset())


@pytest.fixture
def source() -> Source:
    return Source(TEXTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library.db.index"


@pytest.fixture
def index(source: Source, folder: Path) -> LibraryIndex:
    return LibraryIndex(source, folder)


async def best(index: LibraryIndex, text: str, allowed: Allowed = EVERY_STORY) -> LineId | None:
    hits = await index.search(text, 1, allowed)
    return hits[0][0] if hits else None


async def test_a_line_is_found_by_what_is_remembered_of_it(index: LibraryIndex, source: Source):
    for line, _, _, text in source.lines:
        assert await best(index, " ".join(text.split()[2:7])) == line
    assert source.fetched == 1


async def test_the_best_come_first_and_no_more_than_were_asked_for(index: LibraryIndex):
    hits = await index.search(TEXTS[7], 5, EVERY_STORY)
    assert len(hits) == 5
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


async def test_only_what_is_allowed_is_found(index: LibraryIndex):
    def allowed(*stories: int, scenes: Sequence[int] = ()) -> Allowed:
        return Allowed(frozenset(map(StoryId, stories)), frozenset(SceneId(2**35 + n) for n in scenes))

    async def found(may: Allowed) -> set[int]:
        hits = [hit for text in TEXTS for hit in await index.search(text, 60, may)]
        return {line - 2**40 for line, _ in hits}

    assert await found(NOTHING) == set()
    assert await found(allowed(2)) == set(range(20, 40))
    assert await found(allowed(scenes=[0, 5])) == {*range(10), *range(50, 60)}
    assert await found(allowed(1, scenes=[4])) == {*range(20), *range(40, 50)}
    assert await found(allowed(99, scenes=[99])) == set()


@pytest.mark.parametrize("query", ["", "   ", "?!", "qqqqq zzzzz"])
async def test_words_that_say_nothing_find_nothing(index: LibraryIndex, query: str):
    assert list(await index.search(query, 5, EVERY_STORY)) == []


async def test_an_empty_library_is_searched_without_a_word(folder: Path):
    empty = LibraryIndex(Source([]), folder)
    assert list(await empty.search("river remembers", 5, EVERY_STORY)) == []
    again = LibraryIndex(Source([]), folder)
    assert list(await again.search("river remembers", 5, EVERY_STORY)) == []


# Fresh


async def test_an_import_by_anybody_is_noticed(index: LibraryIndex, source: Source, folder: Path):
    assert await best(index, sentence(3)) == 2**40 + 3
    source.put([sentence(100 + n) for n in range(30)])
    source.now_at = 77
    assert await best(index, sentence(103)) == 2**40 + 3
    assert [path.name for path in folder.iterdir()] == ["77"]


async def test_a_backup_that_is_put_in_place_is_noticed(index: LibraryIndex, source: Source):
    source.now_at = 50
    await index.refresh()
    source.put([sentence(200)])
    source.now_at = 3
    assert await best(index, sentence(200)) == 2**40


async def test_an_import_between_the_look_and_the_fetching(index: LibraryIndex, source: Source):
    """The lines that were fetched stand at a later revision than the one that was seen."""
    look = source.revision

    async def earlier() -> int:
        source.revision = look
        return 0

    source.revision = earlier
    assert await best(index, sentence(5)) == 2**40 + 5
    assert await best(index, sentence(6)) == 2**40 + 6
    assert source.fetched == 1


async def test_many_who_search_at_once_build_it_once(index: LibraryIndex, source: Source):
    found = await asyncio.gather(*(best(index, text) for text in TEXTS))
    assert found == [line for line, *_ in source.lines]
    assert source.fetched == 1


# Kept up with


def edited(lines: list[LineRow], dice: random.Random) -> list[LineRow]:
    """The lines after an edit such as authors and moderators make; ids of scenes are never given twice."""
    scenes = [list(rows) for _, rows in groupby(lines, key=lambda row: row[1])]
    at = dice.randrange(len(scenes))
    story = scenes[at][0][2]
    fresh = SceneId(max(row[1] for row in lines) + 1)
    first = max(row[0] for row in lines) + 1
    match dice.randrange(5):
        case 0:
            added = [
                (LineId(first + n), fresh, story, sentence(dice.randrange(10**6))) for n in range(dice.randint(1, 12))
            ]
            scenes.insert(at, added)
        case 1:
            line, scene, _, _ = scenes[at][0]
            scenes[at][0] = (line, scene, story, sentence(dice.randrange(10**6)))
        case 2:
            scenes[at].pop(dice.randrange(len(scenes[at])))
        case 3 if len(scenes) > 6:
            scenes = [rows for rows in scenes if rows[0][2] != story] or scenes
        case _:
            scenes[at].reverse()
    return [row for rows in scenes for row in rows]


@pytest.mark.parametrize("seed", range(4))
async def test_what_was_kept_up_with_answers_as_if_built_anew(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    source = Source(TEXTS)
    kept = LibraryIndex(source, tmp_path / "kept")
    for revision in range(2, 22):
        source.lines = edited(source.lines, dice)
        source.now_at = revision
        anew = LibraryIndex(source, tmp_path / f"anew{revision}")
        again = LibraryIndex(source, tmp_path / "kept")
        for _ in range(6):
            words = dice.choice(source.lines)[3].split()
            at = dice.randrange(max(1, len(words) - 4))
            few, many = (" ".join(words[at : at + count]) for count in (3, 6))
            expected = _ranked(await anew.search(few, 99, EVERY_STORY))
            assert _ranked(await kept.search(few, 99, EVERY_STORY)) == expected
            assert _ranked(await again.search(few, 99, EVERY_STORY)) == expected
            # Of many words each part of the index looks at some lines more closely, so that only the best are alike.
            assert _ranked(await kept.search(many, 1, EVERY_STORY)) == _ranked(await anew.search(many, 1, EVERY_STORY))


def _ranked(hits: Sequence[tuple[LineId, float]]) -> list[tuple[float, LineId]]:
    """Equal scores in the order of their ids, not of their places in the index."""
    return sorted((round(-score, 5), line) for line, score in hits)


async def test_only_the_story_that_changed_is_looked_at(index: LibraryIndex, source: Source, folder: Path):
    await index.refresh()
    before = {path.name for path in (folder / "1").glob("segment-*")}
    source.looked_at.clear()
    line, scene, story, _ = source.lines[25]
    source.lines[25] = (line, scene, story, sentence(900))
    source.now_at = 2
    snapshot = await index.refresh()
    assert source.looked_at == [story]
    assert len(snapshot.index) == len(TEXTS) + 10, "the ten lines of its scene have come anew, and no others"
    assert before < {path.name for path in (folder / "2").glob("segment-*")}
    assert await best(index, sentence(900)) == line
    assert await best(index, sentence(26)) == source.lines[26][0]
    gone = await index.search(TEXTS[25], 5, EVERY_STORY)
    assert all(score < 0.9 for _, score in gone)


async def test_a_story_that_is_withdrawn_is_found_no_more(index: LibraryIndex, source: Source):
    await index.refresh()
    source.looked_at.clear()
    source.lines = [row for row in source.lines if row[2] != 2]
    source.now_at = 2
    found = {line for text in TEXTS for line, _ in await index.search(text, 60, EVERY_STORY)}
    assert found == {line for line, *_ in source.lines}
    assert source.looked_at == []


async def test_an_index_of_many_parts_is_built_anew(
    index: LibraryIndex, source: Source, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.index.library._MOST_SEGMENTS", 4)
    most = 0
    for revision in range(2, 18):
        # Each part is smaller than the one before, so that none is merged into it.
        new = [
            (LineId(revision * 1000 + n), SceneId(revision), StoryId(5), sentence(revision * 1000 + n))
            for n in range(2 ** (9 - revision % 9))
        ]
        source.lines = [*source.lines, *new]
        source.now_at = revision
        most = max(most, (await index.refresh()).index.segments)
    assert 3 <= most <= 5
    assert await best(index, sentence(2001)) == 2001


async def test_an_index_of_many_gaps_is_built_anew(
    index: LibraryIndex, source: Source, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.index.library._SPARED", 20)
    longest = 0
    for revision in range(2, 30):
        line, scene, story, _ = source.lines[5]
        source.lines[5] = (line, scene, story, sentence(revision * 1000))
        source.now_at = revision
        longest = max(longest, len((await index.refresh()).index))
    assert 60 + 20 < longest <= 2 * (60 + 20) + 10
    assert await best(index, sentence(29_000)) == source.lines[5][0]


async def test_a_death_in_the_midst_leaves_the_former_index(
    index: LibraryIndex, source: Source, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    await index.refresh()
    before = {path.name: path.read_bytes() for path in (folder / "1").iterdir()}
    source.put([*TEXTS, sentence(300)])
    source.now_at = 2

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bot.index.library.write_arrays", die)
        with pytest.raises(KeyboardInterrupt):
            await asyncio.to_thread(asyncio.run, LibraryIndex(source, folder).refresh())
    assert {path.name: path.read_bytes() for path in (folder / "1").iterdir()} == before
    assert await best(LibraryIndex(source, folder), sentence(300)) == 2**40 + 60


async def test_readers_of_the_former_snapshot_are_not_disturbed(index: LibraryIndex, source: Source, folder: Path):
    reader = await LibraryIndex(source, folder).refresh()
    source.lines = source.lines[:20]
    source.now_at = 2
    await index.refresh()
    assert not (folder / "1").exists()
    assert [line for line, _ in reader.search(TEXTS[45], 1, EVERY_STORY)] == [2**40 + 45]


# Found again


async def test_after_a_restart_nothing_is_built_anew(index: LibraryIndex, source: Source, folder: Path):
    await index.refresh()
    again = LibraryIndex(source, folder)
    assert await best(again, sentence(5)) == 2**40 + 5
    assert source.fetched == 1


async def test_two_on_one_folder(source: Source, folder: Path):
    pair = [LibraryIndex(source, folder) for _ in range(2)]
    for revision in (2, 3, 4):
        source.now_at = revision
        source.put([sentence(revision * 100 + n) for n in range(40)])
        found = await asyncio.gather(*(best(each, sentence(revision * 100 + 9)) for each in pair * 3))
        assert found == [2**40 + 9] * 6


def remove(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def garble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def of_another_size(path: Path) -> None:
    arrays = {name: np.zeros(5, np.int64) for name in ("lines", "scenes", "stories")}
    path.write_text(json.dumps(asdict(write_arrays(path.parent, "owners", arrays))), encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "harm"),
    [
        ("manifest.json", remove),
        ("manifest.json", empty),
        ("manifest.json", garble),
        ("segment-*.bin", remove),
        ("segment-*.bin", cut),
        ("segment-*.bin", garble),
        ("owners.json", remove),
        ("owners.json", empty),
        ("owners.json", cut),
        ("owners.json", of_another_size),
        ("owners-*.bin", remove),
        ("owners-*.bin", cut),
        ("owners-*.bin", garble),
    ],
)
async def test_a_damaged_index_is_built_anew(
    index: LibraryIndex, source: Source, folder: Path, pattern: str, harm: Callable[[Path], None]
):
    await index.refresh()
    (file,) = (folder / "1").glob(pattern)
    harm(file)
    for _ in range(2):
        again = LibraryIndex(source, folder)
        assert await best(again, sentence(5)) == 2**40 + 5
    assert source.fetched == 2


async def test_whatever_else_lies_in_the_folder_does_no_harm(index: LibraryIndex, source: Source, folder: Path):
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "0").mkdir()
    assert await best(index, sentence(5)) == 2**40 + 5
    assert source.fetched == 1


async def test_an_index_that_is_deleted_while_it_is_in_use(index: LibraryIndex, source: Source, folder: Path):
    await index.refresh()
    shutil.rmtree(folder)
    assert await best(index, sentence(5)) == 2**40 + 5
    source.now_at = 2
    assert await best(index, sentence(6)) == 2**40 + 6


async def test_a_mask_is_made_once_for_a_library_and_what_is_allowed_in_it(
    index: LibraryIndex, source: Source, monkeypatch: pytest.MonkeyPatch
):
    made: list[Allowed] = []
    real = library._mask

    def counted(owners: dict[str, np.ndarray], allowed: Allowed):
        made.append(allowed)
        return real(owners, allowed)

    monkeypatch.setattr(library, "_mask", counted)
    other = Allowed(frozenset({StoryId(2)}), frozenset({SceneId(2**35)}))
    for _ in range(3):
        assert await best(index, TEXTS[7]) == 2**40 + 7
        assert await best(index, TEXTS[7], Allowed(frozenset({StoryId(2)}), frozenset({SceneId(2**35)}))) == 2**40 + 7
    assert made == [EVERY_STORY, other]
    source.put([TEXTS[0], *TEXTS[2:]])
    source.now_at = 2
    assert await best(index, TEXTS[7]) == 2**40 + 6
    assert made == [EVERY_STORY, other, EVERY_STORY]
    for number in range(library._MASKS_KEPT):
        await best(index, TEXTS[7], Allowed(frozenset({StoryId(100 + number)}), frozenset()))
    await best(index, TEXTS[7])
    assert made[-1] == EVERY_STORY


async def test_while_two_search_the_older_of_one_who_types_on_is_not_made(
    index: LibraryIndex, monkeypatch: pytest.MonkeyPatch
):
    snapshot = await index.refresh()
    asked: list[str] = []
    may_end = threading.Event()
    real = snapshot.index.search

    def slow(query: str, limit: int, allowed: np.ndarray):
        asked.append(query)
        assert may_end.wait(10)
        return real(query, limit, allowed)

    monkeypatch.setattr(snapshot.index, "search", slow)
    words = TEXTS[7].split()
    busy = [asyncio.create_task(index.search(TEXTS[n], 1, EVERY_STORY)) for n in range(library._AT_ONCE)]
    while len(asked) < library._AT_ONCE:  # noqa: ASYNC110 (a thread counts it)
        await asyncio.sleep(0.001)
    typed = []
    for count in (3, 4, len(words)):
        typed.append(asyncio.create_task(index.search(" ".join(words[:count]), 1, EVERY_STORY, typist=9)))
        await asyncio.sleep(0.01)
    may_end.set()
    answers = await asyncio.gather(*typed)
    assert [len(each) for each in answers] == [0, 0, 1]
    assert answers[2][0][0] == 2**40 + 7
    assert len(asked) == library._AT_ONCE + 1
    await asyncio.gather(*busy)
