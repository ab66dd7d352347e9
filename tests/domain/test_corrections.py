"""Corrections of scene breaks: what they do, and that they outlive edits elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.breaks import Block
from bot.domain.corrections import Correction, CorrectionKind, NoSuchPlace, Spot, addresses, correct
from bot.domain.scenes import scenes_of
from bot.domain.story import Chapter, Emphasis, Manuscript
from tests.support.laws import LAW

FEW = settings(LAW, max_examples=30)

WORDS = "anchor barley candle dagger ember fathom gallows harbour ink jackdaw kettle lantern".split()


def paragraph(number: int) -> str:
    """A paragraph unlike those of all other numbers."""
    return f"Number {number} said {WORDS[number % 12]} and {WORDS[number // 12 % 12]}. Nobody at {number} answered her."


def story(*chapters: str, first: int = 0) -> Manuscript:
    """Chapters as paragraphs (``p``, or ``e`` with emphasis) and marks (``*``), each followed by a blank line."""
    line, number = 1, first
    made: list[Chapter] = []
    for position, pattern in enumerate(chapters, 1):
        blocks: list[Block] = []
        for sign in pattern:
            if sign == "*":
                blocks.append(Block("* * *", line, mark=True))
            else:
                runs = (Emphasis(0, 6, italic=True, bold=False),) if sign == "e" else ()
                blocks.append(Block(paragraph(number), line, emphasis=runs))
                number += 1
            line += 2
        made.append(Chapter(number=position, scenes=scenes_of(blocks)))
    return Manuscript(slug="tale", title="Tale", chapters=tuple(made))


def shape(manuscript: Manuscript) -> list[list[int]]:
    """How many paragraphs each scene of each chapter has."""
    return [[len(scene.text.split("\n\n")) for scene in chapter.scenes] for chapter in manuscript.chapters]


def text(manuscript: Manuscript) -> list[str]:
    return ["\n\n".join(scene.text for scene in chapter.scenes) for chapter in manuscript.chapters]


def broken(manuscript: Manuscript, *lines: int) -> Manuscript:
    return correct(manuscript, "tale.txt", breaks=[Spot(line) for line in lines]).manuscript


def joined(manuscript: Manuscript, *lines: int) -> Manuscript:
    return correct(manuscript, "tale.txt", joins=[Spot(line) for line in lines]).manuscript


def test_nothing_said_is_nothing_done():
    tale = story("ppp*pp")
    assert correct(tale, "tale.txt").manuscript is tale


@pytest.mark.parametrize("line", [5, 4], ids=["its line", "the blank line above"])
def test_a_break_begins_a_scene(line: int):
    assert shape(broken(story("pppp"), line)) == [[2, 2]]


def test_a_break_inside_a_wrapped_paragraph_means_the_paragraph():
    tale = story("pppp")
    (chapter,) = tale.chapters
    wrapped = replace(chapter.scenes[0], paragraph_lines=(1, 5, 9, 13))
    tale = replace(tale, chapters=(replace(chapter, scenes=(wrapped,)),))
    assert shape(broken(tale, 6)) == [[1, 3]]
    assert shape(broken(tale, 14)) == [[3, 1]]


@pytest.mark.parametrize("line", [7, 6, 5], ids=["the scene's line", "the blank line", "the mark's line"])
def test_a_join_takes_a_break_away(line: int):
    assert shape(joined(story("pp*pp"), line)) == [[4]]


@pytest.mark.parametrize(
    ("breaks", "joins"),
    [([1], []), ([99], []), ([0], []), ([], [1]), ([], [3]), ([], [99])],
    ids=["break first", "break nowhere", "break zero", "join first", "join where none is", "join nowhere"],
)
def test_a_line_that_is_no_place_is_refused(breaks: list[int], joins: list[int]):
    with pytest.raises(NoSuchPlace) as refused:
        correct(story("pp*pp"), "t", breaks=[Spot(n) for n in breaks], joins=[Spot(n) for n in joins])
    assert not refused.value.ambiguous


def test_a_line_that_several_files_have_needs_its_chapter():
    first, second = story("ppp").chapters[0], story("ppp", first=10).chapters[0]
    tale = replace(story("p"), chapters=(first, replace(second, number=2)))
    with pytest.raises(NoSuchPlace) as refused:
        broken(tale, 3)
    assert refused.value.ambiguous
    assert shape(correct(tale, "t", breaks=[Spot(3, chapter=2)]).manuscript) == [[3], [1, 2]]


def test_paragraphs_in_one_line_are_counted():
    blocks = [Block(paragraph(n), 3, mark=False) for n in range(4)]
    blocks.insert(2, Block("***", 3, mark=True))
    tale = Manuscript(slug="t", title="T", chapters=(Chapter(number=1, scenes=scenes_of(blocks)),))
    assert addresses(tale.chapters[0]) == (("3.1", "3.2"), ("3.3", "3.4"))
    with pytest.raises(NoSuchPlace) as refused:
        broken(tale, 3)
    assert refused.value.ambiguous
    done = correct(tale, "t", breaks=[Spot(3, nth=2)], joins=[Spot(3, nth=3)])
    assert shape(done.manuscript) == [[1, 3]]
    assert [one.place for one in done.applied] == ["3.2", "3.3"]
    assert shape(joined(tale, 3)) == [[4]]
    with pytest.raises(NoSuchPlace):
        correct(tale, "t", breaks=[Spot(3, nth=5)])


def test_what_was_done_is_told_in_the_order_of_the_text():
    told = correct(story("pp*ppp"), "t", breaks=[Spot(9)], joins=[Spot(7)]).applied
    assert [(one.correction.kind, one.chapter, one.line) for one in told] == [("join", 1, 7), ("break", 1, 9)]


def test_a_break_where_one_stands_is_not_remembered():
    done = correct(story("pp*pp"), "t", breaks=[Spot(7)])
    assert (done.remember, done.applied) == ((), ())


def test_lines_that_recur_are_told_apart():
    blocks = [Block("The bell rang and rang.", 1 + 2 * n) for n in range(6)]
    tale = Manuscript(slug="t", title="T", chapters=(Chapter(number=1, scenes=scenes_of(blocks)),))
    done = correct(tale, "t", breaks=[Spot(7)])
    assert shape(done.manuscript) == [[3, 3]]
    assert shape(correct(tale, "t", done.remember).manuscript) == [[3, 3]]


def test_a_place_is_known_by_one_side_when_the_other_was_edited():
    tale = story("pppp")
    remembered = correct(tale, "t", breaks=[Spot(5)]).remember
    (chapter,) = tale.chapters
    for old in (paragraph(1), paragraph(2)):
        edited = scenes_of(
            [
                Block(t.replace(old, "Wholly other words stand here now."), n)
                for n, t in enumerate(chapter.scenes[0].text.split("\n\n"), 1)
            ]
        )
        again = correct(replace(tale, chapters=(replace(chapter, scenes=edited),)), "t", remembered)
        assert shape(again.manuscript) == [[2, 2]]
        assert again.stale == ()


def test_what_fits_nowhere_is_stale_and_still_remembered():
    lost = Correction(CorrectionKind.BREAK, "t", "words that are gone", "and these too are gone")
    done = correct(story("ppp"), "t", [lost])
    assert (done.stale, done.remember, done.applied) == ((lost,), (lost,), ())


PATTERNS = st.lists(st.from_regex(r"[pe]{1,4}(?:\*[pe]{1,4}){0,3}", fullmatch=True), min_size=1, max_size=4)


@st.composite
def corrected(draw: st.DrawFn) -> tuple[Manuscript, list[Spot], list[Spot]]:
    """A story, lines at which scenes may be begun, and scenes that may be joined to the one before."""
    tale = story(*draw(PATTERNS))
    inside = [Spot(n) for c in tale.chapters for s in c.scenes for n in s.paragraph_lines[1:]]
    begun = [Spot(s.source_line) for c in tale.chapters for s in c.scenes[1:]]
    return tale, [s for s in inside if draw(st.booleans())], [s for s in begun if draw(st.booleans())]


@given(corrected())
@FEW
def test_no_word_line_or_emphasis_is_lost_or_moved(case: tuple[Manuscript, list[Spot], list[Spot]]):
    tale, breaks, joins = case
    done = correct(tale, "t", breaks=breaks, joins=joins).manuscript
    assert text(done) == text(tale)
    assert done.words == tale.words
    for before, after in zip(tale.chapters, done.chapters, strict=True):
        lines = [[s.text[li.start : li.end] for s in c.scenes for li in s.lines] for c in (before, after)]
        runs = [[s.text[e.start : e.end] for s in c.scenes for e in s.emphasis] for c in (before, after)]
        assert lines[0] == lines[1]
        assert runs[0] == runs[1]
    scenes = sum(len(chapter.scenes) for chapter in tale.chapters)
    assert sum(len(chapter.scenes) for chapter in done.chapters) == scenes + len(breaks) - len(joins)


@given(corrected())
@FEW
def test_taking_every_correction_back_gives_the_original(case: tuple[Manuscript, list[Spot], list[Spot]]):
    tale, breaks, joins = case
    once = correct(tale, "t", breaks=breaks, joins=joins)
    assert len(once.remember) == len(breaks) + len(joins)
    back = correct(tale, "t", once.remember, breaks=joins, joins=breaks)
    assert back.manuscript == tale
    assert back.remember == ()


@given(corrected(), st.integers(1, 5), st.integers(0, 3))
@FEW
def test_corrections_outlive_edits_elsewhere(case: tuple[Manuscript, list[Spot], list[Spot]], more: int, at: int):
    tale, breaks, joins = case
    once = correct(tale, "t", breaks=breaks, joins=joins)
    # A new chapter moves every line number; its place is anywhere.
    new = story("p" * more, first=1000).chapters[0]
    chapters = [*once.manuscript.chapters]
    edited = [*tale.chapters]
    place = min(at, len(edited))
    chapters.insert(place, new)
    edited.insert(place, new)
    moved = [
        replace(
            chapter,
            scenes=tuple(
                replace(s, source_line=s.source_line + 7, paragraph_lines=tuple(n + 7 for n in s.paragraph_lines))
                for s in chapter.scenes
            ),
        )
        for chapter in edited
    ]
    again = correct(replace(tale, chapters=tuple(moved)), "other.md", once.remember)
    assert shape(again.manuscript) == shape(replace(tale, chapters=tuple(chapters)))
    assert again.stale == ()
