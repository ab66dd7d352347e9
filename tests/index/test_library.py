"""The index of the whole library: fresh, found again, rebuilt. How well it finds is tested beside it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.domain.story import LineId, SceneId, StoryId
from bot.index.library import LibraryIndex
from bot.services.lookup import Allowed
from tests.support.stories import sentence

LineRow = tuple[LineId, SceneId, StoryId, str]


class Source:
    """Lines as a database gives them, with a count of how often all of them were fetched."""

    def __init__(self, texts: Sequence[str], *, revision: int = 1) -> None:
        self.lines: list[LineRow] = []
        self.now_at = revision
        self.fetched = 0
        self.put(texts)

    def put(self, texts: Sequence[str]) -> None:
        """Ten lines a scene, twenty a story; ids as large as a database's may grow."""
        self.lines = [
            (LineId(2**40 + n), SceneId(2**35 + n // 10), StoryId(1 + n // 20), text) for n, text in enumerate(texts)
        ]

    async def revision(self) -> int:
        await asyncio.sleep(0)
        return self.now_at

    async def all_lines(self) -> tuple[int, list[LineRow]]:
        self.fetched += 1
        await asyncio.sleep(0.01)
        return self.now_at, self.lines


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
    np.save(path, np.zeros((3, 5), np.int64))


@pytest.mark.parametrize(
    ("pattern", "harm"),
    [
        ("manifest.json", remove),
        ("manifest.json", empty),
        ("manifest.json", garble),
        ("segment-*.bin", remove),
        ("segment-*.bin", cut),
        ("segment-*.bin", garble),
        ("owners.npy", remove),
        ("owners.npy", empty),
        ("owners.npy", cut),
        ("owners.npy", of_another_size),
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
