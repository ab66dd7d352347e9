"""Marks that are breaks only by a file's habits, and what only looks like a mark."""

from __future__ import annotations

import pytest

from bot.domain.breaks import Block, blank_runs, is_mark
from bot.domain.captions import with_captions
from bot.domain.lines import lines_of
from bot.domain.markers import BreakKind, break_kind, shown_mark
from bot.domain.scenes import scenes_of, with_marks

PROSE = "The road went on between the beet fields, and nobody on it had anything left to say to anybody."


def blocks(*texts: str) -> list[Block]:
    return [Block(text, line) for line, text in enumerate(texts, 1)]


def marks(*texts: str) -> list[str]:
    return [block.text for block in with_marks(blocks(*texts)) if block.mark]


def runs(*gaps: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    found = blank_runs([Block(PROSE, line, gap) for line, gap in enumerate(gaps, 1)])
    return found.taken, found.doubted


@pytest.mark.parametrize("text", ["<3 <3 <3", "***scene***", "LINE BREAK", "-scene break-", "HORIZONTAL LINE"])
def test_is_a_mark(text: str):
    assert is_mark(text)


@pytest.mark.parametrize("text", ["|---|---|", "| --- | :--: |"])
def test_the_line_below_a_table_s_head_is_none(text: str):
    assert not is_mark(text)


@pytest.mark.parametrize("mark", ["…", "...", "!!!!", "LINE", "BREAK"])
def test_a_doubtful_mark_is_one_where_it_recurs(mark: str):
    assert marks(PROSE, mark, PROSE, mark, PROSE) == [mark, mark]
    assert marks(PROSE, mark, PROSE) == []


def test_dots_in_talk_are_silence():
    assert marks(PROSE, "“Well?”", "…", PROSE, "…", "“No.”", PROSE) == []


@pytest.mark.parametrize("kisses", ["x x x x", "xxx", "XOXO"])
def test_kisses_below_a_letter_are_no_break(kisses: str):
    assert marks(PROSE, "Come on Friday.", kisses, "B.", PROSE, "* * *", PROSE) == ["* * *"]
    assert marks(PROSE, "Love, Bo", kisses, PROSE, "* * *", PROSE) == ["* * *"]


def test_crosses_between_scenes_are_breaks():
    assert marks(PROSE, "x x x x", PROSE, "x x x x", PROSE) == ["x x x x"] * 2
    assert marks(PROSE, "oOo", "Bo sat down.", "* * *", PROSE) == ["oOo", "* * *"]


def test_blank_lines_between_short_scenes_are_breaks():
    assert runs(0, 1, 1, 3, 1, 1, 3, 1, 1) == ((3, 6), ())
    assert runs(0, 1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1) == ((4, 8), ())


def test_blank_lines_round_one_paragraph_are_doubted():
    assert runs(0, 1, 1, 1, 1, 3, 3, 1, 1, 1, 1, 1) == ((), (5, 6))


def test_rarer_blank_lines_of_a_few_paragraphs_are_told():
    assert runs(0, 1, 3, 1, 3) == ((), (2, 4))
    assert runs(0, 1, 3, 1) == ((), (2,))


def captions(*texts: str) -> list[str]:
    (marked,) = with_captions([blocks(*texts)])
    return [marked[i + 1].text for i, block in enumerate(marked) if block.mark]


def test_names_alone_that_recur_say_whose_scene_it_is():
    assert captions("Ida", PROSE, "Bo", PROSE, "Ida", PROSE, "Mara", PROSE) == ["Bo", "Ida", "Mara"]


@pytest.mark.parametrize(
    "texts",
    [
        ("Ida", PROSE, "Bo", PROSE, "Mara", PROSE),
        ("Who was it?", "Ida", PROSE, "And then?", "Bo", PROSE, "And then?", "Ida", PROSE, "And then?", "Ida", PROSE),
        (PROSE, "Ida", "He called again.", "Ida", "Nobody came.", "Bo", PROSE),
        (PROSE, "Who was it?", "Ida", "“Who?”", PROSE, "Bo", "“Who?”", "Ida", "“Who?”"),
    ],
)
def test_names_that_do_not_recur_above_narration_are_story(texts: tuple[str, ...]):
    assert captions(*texts) == []


def test_years_alone_that_recur_are_captions():
    assert captions(PROSE, "1913", PROSE, "1914", PROSE) == ["1913", "1914"]
    assert captions(PROSE, "1913", PROSE) == []


def test_a_caption_s_words_are_shown_as_its_mark():
    (marked,) = with_captions([blocks(PROSE, "Three days later", PROSE, "* * *", PROSE)])
    scenes = scenes_of(with_marks(marked))
    assert [shown_mark(scene) for scene in scenes] == ["", "Three days later", "* * *"]
    assert break_kind(scenes[1]) is BreakKind.CAPTION


def test_a_long_turn_keeps_its_tag():
    tag = "Ida gasped, then went on along the wall, past the geese, past the gate that her father had mended, "
    text = f"“Tom!” {tag * 4}and sat down."
    first, *rest = (text[line.start : line.end] for line in lines_of(text))
    assert first.startswith("“Tom!” Ida gasped")
    assert rest
    assert " ".join([first, *rest]) == text


def test_a_sentence_after_speech_is_still_cut_off():
    after = "The gate was open, and past it the geese went down to the ford one after the other. "
    text = f"“Tom! Come here and look at this before it is all gone, will you, it is a wonder.” {after * 4}".strip()
    assert len(lines_of(text)) > 2
