"""Scene breaks, and scenes from paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.breaks import Block, blank_runs, is_mark
from bot.domain.scenes import scenes_of, with_blank_breaks, with_marks
from bot.domain.story import Emphasis, Scene
from tests.support.laws import LAW, emphasis_in, story_text

MARKS = [
    *(
        "***",
        "* * *",
        "*",
        "---",
        "- - -",
        "~",
        "~~~",
        "#",
        "###",
        "⁂",
        "====",
        "_____",
        "+++",
        "•",
        "· · ·",
        "§",
    ),
    *(
        "oOo",
        "xXx",
        "oOoOo",
        "o O o",
        "XXX",
        "xoxo",
        "~x~",
        "-o-",
        "*~*~*",
        "~*~ o ~*~",
        "<hr>",
        "<hr />",
        "❦",
    ),
    *("—", "/\\/\\/\\", ". . .", "<><><>", "☆★☆", "[scene break]", "* Scene Change *", "(break)", "%", "❤️"),
]
TEXT = [
    *(
        "...",
        "…",
        "“…”",
        "?!",
        "!",
        "x",
        "X",
        "o",
        "xx",
        "0",
        "1",
        "10",
        "000",
        "III",
        "Oh",
        "Ooh!",
        "“—”",
        "I",
        "Go.",
    ),
    *("* a *", "- Go", "Scene", "break", "— Go.", "xylophone", "oxo cube"),
]


@pytest.mark.parametrize("text", MARKS)
def test_is_a_mark(text: str):
    assert is_mark(text)


@pytest.mark.parametrize("text", TEXT)
def test_is_no_mark(text: str):
    assert not is_mark(text)


def blocks_of(*texts: str | int) -> list[Block]:
    """Paragraphs; a number is how many blank lines stand before the next one."""
    blocks: list[Block] = []
    gap = 1
    line = 1
    for text in texts:
        if isinstance(text, int):
            gap = text
            continue
        line += gap
        blocks.append(Block(text, line, gap))
        line += 1
        gap = 1
    return blocks


PROSE = st.lists(story_text(min_size=1, max_pieces=6), min_size=1, max_size=5)


@st.composite
def chapters(draw: st.DrawFn) -> list[Block]:
    """Paragraphs with emphasis, and marks between some of them."""
    blocks: list[Block] = []
    for text in draw(PROSE):
        text = " ".join(text.split())
        if draw(st.booleans()):
            blocks.append(Block(draw(st.sampled_from(MARKS)), len(blocks) + 1, mark=True))
        blocks.append(Block(text, len(blocks) + 1, emphasis=draw(emphasis_in(text))))
    return blocks


@LAW
@given(chapters())
def test_scenes_hold_every_paragraph_in_order_and_nothing_else(blocks: list[Block]):
    joined = "\n\n".join(scene.text for scene in scenes_of(blocks))
    assert joined == "\n\n".join(block.text for block in blocks if not block.mark)


@LAW
@given(chapters())
def test_emphasis_falls_on_the_words_that_it_was_on(blocks: list[Block]):
    def emphasised(text: str, runs: tuple[Emphasis, ...]) -> list[tuple[str, bool, bool]]:
        return [(text[run.start : run.end], run.italic, run.bold) for run in runs]

    inside = [piece for scene in scenes_of(blocks) for piece in emphasised(scene.text, scene.emphasis)]
    assert inside == [piece for block in blocks for piece in emphasised(block.text, block.emphasis)]


@LAW
@given(chapters())
def test_the_first_scene_has_no_marker_and_every_other_the_mark_above_it(blocks: list[Block]):
    scenes = scenes_of(blocks)
    assert scenes[0].marker == ""
    for scene in scenes[1:]:
        at = next(i for i, block in enumerate(blocks) if block.line == scene.source_line)
        assert scene.marker == blocks[at - 1].text
        assert blocks[at - 1].mark


def test_marks_in_a_row_and_at_the_edges_part_nothing():
    blocks = with_marks(blocks_of("***", "One.", "***", "---", "Two.", "~"))
    assert [(scene.text, scene.marker) for scene in scenes_of(blocks)] == [("One.", ""), ("Two.", "***")]


def scenes_by_blank_lines(*texts: str | int) -> tuple[list[str], tuple[int, ...]]:
    (blocks,), doubted = with_blank_breaks([with_marks(blocks_of(*texts))])
    scenes: tuple[Scene, ...] = scenes_of(blocks)
    return [scene.text for scene in scenes], doubted


LONG = "The road went on between the beet fields, and nobody on it had anything left to say to anybody. " * 2
STORY = (LONG, LONG, "“Go,” she said.", "“No,” he said.", LONG, LONG, LONG)


def test_rare_even_runs_of_blank_lines_part_scenes():
    scenes, doubted = scenes_by_blank_lines(*STORY, 2, *STORY, 2, *STORY)
    assert len(scenes) == 3
    assert doubted == ()


def test_blank_lines_part_scenes_where_paragraphs_have_none_between_them():
    tight = [part for text in STORY for part in (0, text)]
    scenes, _ = scenes_by_blank_lines(*tight, 1, *tight[1:], 1, *tight[1:])
    assert len(scenes) == 3


def test_blank_lines_inside_talk_part_nothing():
    talk = ("“Is he dead?” she asked.", 3, "“Not yet,” said the Vicar.", LONG)
    scenes, doubted = scenes_by_blank_lines(*STORY, *talk, *STORY, 4, "“Now,” he said.", *STORY)
    assert len(scenes) == 1
    assert len(doubted) == 2


def test_blank_lines_round_an_inset_part_nothing():
    scenes, doubted = scenes_by_blank_lines(*STORY, 2, "Dearest, come home at once.", 2, *STORY)
    assert len(scenes) == 1
    assert len(doubted) == 2


def test_blank_lines_everywhere_mean_nothing():
    gaps = [part for n, text in enumerate(STORY * 3) for part in (1 + n % 3, text)]
    assert len(scenes_by_blank_lines(*gaps)[0]) == 1


def test_uneven_blank_lines_part_scenes_where_the_narration_changes_its_person():
    anna = [LONG + "And so Anna ran, and ran, while Anna thought of home."] * 6
    piet = [LONG + "Then at the bridge stood Piet, and slowly Piet counted the loaves."] * 6
    scenes, doubted = scenes_by_blank_lines(*anna[:3], 2, *anna[3:], 3, *piet)
    assert len(scenes) == 2
    assert len(doubted) == 1


def test_ornaments_make_blank_lines_doubtful():
    scenes, doubted = scenes_by_blank_lines(*STORY, "***", *STORY, 2, *STORY)
    assert len(scenes) == 2
    assert len(doubted) == 1


@LAW
@given(st.lists(st.tuples(story_text(min_size=1, max_pieces=4), st.integers(0, 5)), max_size=12))
def test_judging_blank_lines_never_fails_and_names_each_run_once(paragraphs: list[tuple[str, int]]):
    blocks = [Block(text, n + 1, gap) for n, (text, gap) in enumerate(paragraphs)]
    runs = blank_runs(with_marks(blocks))
    assert len({*runs.taken, *runs.doubted}) == len(runs.taken) + len(runs.doubted)
