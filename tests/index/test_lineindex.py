"""Finding lines: what readers half remember, and the laws of snapshots."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ranking import FOUND, UNSURE
from bot.domain.text import search_words
from bot.index import LineIndex

LINES = [
    "The river remembers every oar that ever broke its skin.",
    "“You cannot possibly mean to cross tonight,” said Maren, and put down the lantern.",
    "He laughed, and the sound went out over the water and did not come back.",
    "“I don’t know what you’ve heard,” she whispered, “but I’m not afraid of the dark.”",
    "They had walked for seven days when the walls of the city rose out of the mist.",
    "Nobody spoke of the drowned bell,",
    "though all of them had heard it toll on the night of the wedding.",
    "Café lights trembled on the naïve blue of the harbour.",
    "Somebody had left the gate unlocked again.",
    "我的名字是红，我住在河边的小房子里。",
    "It was the best they could do.",
    "It was, in the end, the worst of it.",
]

Opened = Callable[[list[str]], LineIndex]


@pytest.fixture
def index(tmp_path: Path) -> LineIndex:
    return LineIndex.build(LINES, tmp_path / "lines")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("river remembers every oar", 0),
        ("rivr remebers evry oar", 0),
        ("oar every remembers river", 0),
        ("theriver remembers everyoar", 0),
        ("the ri ver remem bers", 0),
        ("you can't possibly mean to cross tonight", 1),
        ("YOU CANNOT — POSSIBLY... MEAN", 1),
        ("laughing and the sounds went over the waters", 2),
        ("i dont know what you have heard but im not afraid", 3),
        ("i don't know what you've heard but i am not afraid", 3),
        ("walk for seven days and the walls of the cities rose", 4),
        ("for 7 days", 4),
        ("drowned bell though all of them had heard", 6),
        ("cafe lights naive blue", 7),
        ("some body left the gate un locked", 8),
        ("somebody had left the ga", 8),
        ("名字是红", 9),
        ("河边的小", 9),
        ("it was the be", 10),
    ],
)
def test_half_remembered_words_find_their_line(index: LineIndex, words: str, line: int) -> None:
    best, score = index.search(words, 5)[0]
    assert best == line
    assert score >= FOUND


@pytest.mark.parametrize("words", ["zebras juggle quantum pineapples", "call me ishmael", "wholly different story"])
def test_what_is_not_there_is_not_claimed(index: LineIndex, words: str) -> None:
    assert all(hit.score < UNSURE for hit in index.search(words, 5))


@pytest.mark.parametrize(
    "words",
    [
        "", " ", "a", "the", "the and of it", "…!?—", "'", "_", "%", "*",
        "(.*)[a-z]+$", "'; DROP TABLE lines; --",
        "😀🎉", "שלום עולם", "مرحبا بالعالم",
        "привет мир", "字", "\x00\x01", "\ud800", "ﬁ", "x" * 4000, "word " * 800,
        " ".join(LINES * 6)[:4000], "-" * 4000, "我" * 4000,
    ],
)  # fmt: skip
def test_any_words_are_answered_in_time(index: LineIndex, words: str) -> None:
    began = time.perf_counter()
    hits = index.search(words, 5)
    assert time.perf_counter() - began < 10
    assert len(hits) <= 5


def test_a_line_inside_a_pasted_paragraph_is_found(index: LineIndex) -> None:
    pasted = (
        "as I said yesterday evening to my friends over a glass of something cold, " + LINES[4] + " " + "blah " * 20
    )
    assert index.search(pasted, 3)[0].line_number == 4


def test_words_over_two_lines_need_both_lines_allowed(index: LineIndex) -> None:
    words = "spoke of the drowned bell though all of them had heard"
    both = np.ones(len(index), np.bool_)
    one = both.copy()
    one[6] = False
    assert index.search(words, 2, both)[0].score > index.search(words, 2, one)[0].score


def test_numbers_past_the_mask_are_not_allowed(index: LineIndex) -> None:
    assert index.search("somebody left the gate", 5, np.ones(8, np.bool_)) == []


def test_an_index_of_nothing_answers(tmp_path: Path) -> None:
    with LineIndex.build([], tmp_path) as empty:
        assert len(empty) == 0
        assert empty.search("river", 5) == []
        assert empty.add(LINES).search("river remembers", 5)[0].line_number == 0


def test_older_snapshots_stay_as_they_were(index: LineIndex) -> None:
    later = index.remove([0]).add(["The river forgets."])
    assert index.search("river remembers every oar", 1)[0].line_number == 0
    assert later.search("river forgets", 1)[0].line_number == len(LINES)
    assert len(later) == len(LINES) + 1


def test_an_older_snapshot_can_be_built_upon(tmp_path: Path) -> None:
    first = LineIndex.build(LINES, tmp_path).remove([3])
    first.add(["The river forgets."] * 20).remove([0])
    other = first.add(["The bell remembers."])
    assert len(other) == len(LINES) + 1
    for index in (other, LineIndex.open(tmp_path)):
        assert index.search("river remembers every oar", 1)[0].line_number == 0
        assert index.search("bell remembers", 1)[0].line_number == len(LINES)
        assert 3 not in [hit.line_number for hit in index.search("what you have heard", 9)]


def test_removing_a_line_that_never_was_is_refused(index: LineIndex) -> None:
    with pytest.raises(IndexError):
        index.remove([len(LINES)])


def test_many_additions_leave_few_segments(tmp_path: Path) -> None:
    index = LineIndex.build(LINES, tmp_path)
    for at in range(40):
        index = index.add([f"Chapter {at} begins with word number{at}.", "And it ends."])
    assert index.segments <= 8
    assert index.search("number27", 1)[0].line_number == len(LINES) + 54
    assert len(list(tmp_path.glob("*.bin"))) == index.segments


# ---------------------------------------------------------------- laws

WORDS = "river oar city wall bell night walked walking don't it's the the of and was naïve 河边 lantern".split()
a_line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
some_lines = st.lists(a_line, min_size=1, max_size=25)
a_query = st.lists(st.sampled_from([*WORDS, "rivr", "la", "beel", "zebra"]), min_size=1, max_size=6).map(" ".join)
laws = settings(max_examples=40, deadline=None)


long_line = st.lists(st.sampled_from(WORDS), min_size=20, max_size=60).map(" ".join)


@laws
@given(some_lines | st.lists(a_line | long_line, min_size=1, max_size=6), st.data())
def test_a_line_finds_itself_first(lines: list[str], data: st.DataObject) -> None:
    own = data.draw(st.integers(0, len(lines) - 1))
    with TemporaryDirectory() as folder, LineIndex.build(lines, Path(folder)) as index:
        best = index.search(lines[own], 1)[0].line_number
    assert search_words(lines[best]) == search_words(lines[own])


@laws
@given(some_lines, some_lines, a_query)
def test_adding_then_removing_leaves_no_trace(lines: list[str], more: list[str], query: str) -> None:
    with TemporaryDirectory() as folder:
        index = LineIndex.build(lines, Path(folder))
        back = index.add(more).remove(range(len(lines), len(lines) + len(more)))
        assert back.search(query, 9) == index.search(query, 9)


@laws
@given(some_lines, some_lines, a_query)
def test_what_is_opened_answers_like_what_was_built(lines: list[str], more: list[str], query: str) -> None:
    with TemporaryDirectory() as folder:
        made = LineIndex.build(lines, Path(folder)).add(more).remove([0])
        assert LineIndex.open(Path(folder)).search(query, 9) == made.search(query, 9)


@pytest.mark.parametrize("others", [0, 2, 40])
def test_a_library_of_hardly_anything_is_searched_like_any_other(tmp_path, others):
    lines = ["The river remembered every oar that had ever struck it."]
    lines += [f"Crumb put {number} loaves upon the river, and it remembered them." for number in range(others)]
    with LineIndex.build(lines, tmp_path / "index") as index:
        [hit] = index.search("river rembers evry oar", 1)
    assert hit.line_number == 0
    assert hit.score >= FOUND
