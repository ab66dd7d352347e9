"""With a mask the index answers as if the other lines had never been written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.index import LineIndex
from bot.index.building import Builder
from bot.index.files import Array
from bot.index.segment import Segment
from bot.index.view import View

STEMS = (
    "river oar city wall bell night walk lantern harbour captain marrow saddle the of and was it in naïve 河边".split()
)
ENDINGS = ["", "", "", "s", "ed", "ing", "er", "in", "en", "ow"]
a_word = st.builds(str.__add__, st.sampled_from(STEMS), st.sampled_from(ENDINGS))
a_line = st.lists(a_word, min_size=1, max_size=9).map(" ".join)
a_story = st.lists(a_line, min_size=1, max_size=20)
laws = settings(max_examples=150, deadline=None)


@st.composite
def a_query(draw: st.DrawFn, lines: Sequence[str]) -> str:
    """Words of some line or of none, whole or in part, some of them mistyped."""
    if draw(st.booleans()):
        words = draw(st.lists(a_word, min_size=1, max_size=6))
    else:
        at = draw(st.integers(0, len(lines) - 1))
        words = " ".join(lines[at : at + 2]).split()
        words = words[draw(st.integers(0, len(words) - 1)) :][:8]
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(words) - 1))
        letter = draw(st.integers(0, len(words[place]) - 1))
        words[place] = (
            words[place][:letter] + draw(st.sampled_from(["", "e", "rt"])) + words[place][letter + 1 :] or "a"
        )
    if draw(st.booleans()):
        words[-1] = words[-1][: draw(st.integers(1, len(words[-1])))]
    return " ".join(words) + draw(st.sampled_from(["", " "]))


def apart(lines: Sequence[str], mask: Array, firsts: Sequence[int] = ()) -> Builder:
    """The lines of the mask alone; those that were no neighbours are none."""
    builder = Builder()
    numbers = np.flatnonzero(mask)
    breaks = np.flatnonzero((np.diff(numbers) > 1) | np.isin(numbers[1:], firsts)) + 1
    for run in np.split(numbers, breaks):
        builder.add([lines[int(number)] for number in run])
    return builder


def check(index: LineIndex, lines: Sequence[str], mask: Array, query: str, limit: int, **kept: Sequence[int]) -> None:
    """``index`` answers under ``mask`` like an index of those lines."""
    numbers = np.flatnonzero(mask)
    with TemporaryDirectory() as folder, LineIndex.build(apart(lines, mask, **kept), Path(folder)) as alone:
        expected = alone.search(query, limit)
    found = index.search(query, limit, mask)
    assert [hit.line_number for hit in found] == [int(numbers[hit.line_number]) for hit in expected]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-9)


@laws
@given(a_story, st.data())
def test_lines_that_are_not_allowed_might_as_well_not_be_there(lines: list[str], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder, LineIndex.build(lines, Path(folder)) as index:
        for _ in range(2):
            mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines))))
            for _ in range(3):
                check(index, lines, mask, data.draw(a_query(lines)), data.draw(st.integers(1, 9)))


@laws
@given(st.lists(a_story, min_size=2, max_size=4), st.data())
def test_nor_after_lines_were_added_and_removed(stories: list[list[str]], data: st.DataObject) -> None:
    lines = [line for story in stories for line in story]
    firsts = np.cumsum([len(story) for story in stories]).tolist()
    some = st.sets(st.integers(0, len(lines) - 1))
    gone = data.draw(some)
    with TemporaryDirectory() as folder:
        index = LineIndex.build(stories[0], Path(folder))
        for story in stories[1:]:
            index = index.add(story)
        index = index.remove(gone)
        for forbidden in (set[int](), data.draw(some)):
            mask = np.ones(len(lines), np.bool_)
            mask[list(gone | forbidden)] = False
            for _ in range(3):
                query, limit = data.draw(a_query(lines)), data.draw(st.integers(1, 9))
                check(index, lines, mask, query, limit, firsts=firsts)
                asked = mask.copy()
                asked[list(gone)] = True
                assert index.search(query, limit, asked) == index.search(query, limit, mask)


@cache
def _prose(seed: int, count: int) -> list[str]:
    """Lines of words some of which are much more frequent than others."""
    chance = np.random.default_rng(seed)
    words = np.array([stem + ending for stem in STEMS for ending in dict.fromkeys(ENDINGS)])
    chance.shuffle(words)
    share = 1 / np.arange(1, len(words) + 1)
    return [" ".join(chance.choice(words, chance.integers(3, 12), p=share / share.sum())) for _ in range(count)]


@pytest.mark.parametrize("share", [0.03, 0.3, 0.9])
@pytest.mark.parametrize("parts", [1, 3])
def test_nor_where_lists_are_too_long_to_be_read(tmp_path: Path, share: float, parts: int) -> None:
    lines = _prose(7, 30_000)
    chance = np.random.default_rng(8)
    size = len(lines) // parts
    # One large segment, and two of the size that is not merged any more.
    index = LineIndex.build(lines[:size], tmp_path / "index")
    firsts = list(range(size, len(lines), size))
    for first in firsts:
        index = index.add(lines[first : first + size])
    stories = np.repeat(chance.random(len(lines) // 30) < share, 30)
    mask = stories & (chance.random(len(lines)) < 0.95)
    numbers = np.flatnonzero(mask)
    with LineIndex.build(apart(lines, mask, firsts), tmp_path / "alone") as alone:
        for at in range(80):
            said = lines[int(chance.integers(len(lines)))].split()
            start, count = int(chance.integers(len(said))), int(chance.integers(2, 8))
            query = " ".join(said[start : start + count])
            query = query[: len(query) - at % 3]
            found = [(hit.line_number, round(hit.score, 9)) for hit in index.search(query, 6, mask)]
            assert found == [(int(numbers[n]), round(score, 9)) for n, score in alone.search(query, 6)], query


def test_a_name_in_a_forbidden_line_cannot_be_guessed(tmp_path: Path) -> None:
    shown = [
        "The captain Marrowen walked along the harbour wall.",
        "Nobody had lit the lantern by the orchard gate.",
        "It rained on the velvet saddle all night.",
    ]
    secrets = [
        "Completely different sentences stand here.",
        "Marrovin came back from the dead. Lanturn and orchird and lantarn and harbor and sadle.",
    ]
    mask = np.array([True] * len(shown) + [False])
    one, other = (LineIndex.build([*shown, secret], tmp_path / str(at)) for at, secret in enumerate(secrets))
    for query in ("Marrovin", "Marrovin walked", "orchird lantarn", "lanturn", "harbor", "velvat sadle", "Marr"):
        assert one.search(query, 5, mask) == other.search(query, 5, mask)
        assert one.search(query, 5, mask)


def test_forbidden_spellings_leave_room_for_allowed_ones(tmp_path: Path) -> None:
    nearer = [f"ba{letter}{rest}" for letter in "abcdefghijklmnopq" for rest in ("row", "rrow")]
    lines = ["They fell silent at the barrox.", "Nobody spoke.", *(f"Beware of {word}." for word in nearer)]
    mask = np.arange(len(lines)) < 2
    with LineIndex.build(lines, tmp_path) as index:
        assert index.search("barrow", 5, mask)[0].line_number == 0
        for query in ("barrow", "silent at the barrow", "silent barr"):
            check(index, lines, mask, query, 5)


def test_masks_are_told_apart(tmp_path: Path) -> None:
    lines = [f"The bell of tower number{at} tolled." for at in range(30)]
    with LineIndex.build(lines, tmp_path) as index:
        masks = [np.arange(30) % 15 == at for at in range(15)]
        for _ in range(2):
            for at, mask in enumerate(masks):
                assert {hit.line_number for hit in index.search("bell of tower", 9, mask)} == {at, at + 15}
        changed = masks[0]
        changed[:2] = False, True
        assert {hit.line_number for hit in index.search("bell of tower", 9, changed)} == {1, 15}


@pytest.mark.parametrize("share", [0.1, 1.0])
def test_pairs_are_found_whether_or_not_they_are_listed(share: float) -> None:
    builder = Builder()
    builder.add(_prose(9, 3_000))
    segment = Segment(builder.arrays(), 0, np.ones(3_000, np.bool_))
    lines = [segment.search_form(line).split() for line in range(segment.count)]
    seen = np.random.default_rng(10).random(len(lines)) < share
    [part] = View([segment], seen).parts
    words = segment.words[:: len(segment.words) // 12]
    for first in words:
        for others in [[word] for word in words] + [words]:
            numbers = np.array([segment.number(other) for other in others])
            expected = sorted(
                line
                for line in np.flatnonzero(seen).tolist()
                for other in others
                if (first, other) in pairwise(lines[line])
            )
            found = part.next_to(segment.words.index(first), numbers)
            assert sorted(found.tolist()) == expected
