"""Pieces of stories and what they say of themselves to the gate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.passages import cut_emphasis
from bot.domain.story import Emphasis, SceneId
from tests.support.builders import (
    heading,
    moved_scene,
    passage,
    serial_card,
    stored_chapter,
    stored_scene,
    story_card,
)
from tests.support.laws import LAW, emphasis_in, story_text


def test_everything_with_text_of_a_scene_says_which():
    here = heading(scene_id=5)

    assert list(passage(heading=here).shows) == [SceneId(5)]
    assert list(moved_scene(heading=here).shows) == [SceneId(5)]
    chapter = stored_chapter(stored_scene("One.", scene_id=5), stored_scene("Two.", scene_id=6))
    assert list(chapter.shows) == [SceneId(5), SceneId(6)]


def test_cards_show_no_scene():
    assert list(story_card().shows) == []
    assert list(serial_card().shows) == []


def test_a_chapter_counts_the_words_of_all_its_scenes():
    chapter = stored_chapter(stored_scene("One two.\n\nThree."), stored_scene("Four—five six."))
    assert chapter.words == 5


@st.composite
def _cuts(draw: st.DrawFn):
    text = draw(story_text(min_size=1))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return text, draw(emphasis_in(text)), start, end


@LAW
@given(case=_cuts())
def test_emphasis_cut_out_stands_over_the_same_characters(case):
    text, runs, start, end = case
    found = cut_emphasis(runs, start, end)

    assert looks(text[start:end], found) == looks(text, runs)[start:end]
    assert all(run.start < run.end for run in found)


def looks(text: str, runs: tuple[Emphasis, ...]) -> list[tuple[str, bool, bool]]:
    """Every character with how it looks."""
    styles = [(False, False)] * len(text)
    for run in runs:
        styles[run.start : run.end] = [(run.italic, run.bold)] * (run.end - run.start)
    return [(character, *style) for character, style in zip(text, styles, strict=True)]
