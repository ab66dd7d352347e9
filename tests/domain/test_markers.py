"""What kind of scene break a mark is."""

from __future__ import annotations

import pytest

from bot.domain.markers import BreakKind, break_kind
from bot.domain.story import Emphasis, Scene


def scene(marker: str, *, bold: bool = False) -> Scene:
    runs = (Emphasis(0, 5, italic=False, bold=True),) if bold else ()
    return Scene(text="Later\n\nIt rained.", lines=(), emphasis=runs, marker=marker)


@pytest.mark.parametrize(
    ("marker", "kind"),
    [
        *((mark, "ornament") for mark in ("***", "* * *", "~", "oOo", "xXx", "#", "⁂", "~*~", "-x-", "BTVSBTVSBTVS")),
        *((mark, "rule") for mark in ("---", "- - -", "_____", "====", "———", "<hr>", "<hr />", '<hr class="x">')),
        *((mark, "blank lines") for mark in ("\n\n\n", "\u00a0", "&nbsp;")),
        *((mark, "number") for mark in ("2", "II.", "- 3 -")),
        *((mark, "image") for mark in ('<img src="a.png">', "[image]", "![](a.png)")),
        *((mark, "words") for mark in ("scene break", "~ page break ~", "POV change")),
        ("######", "caption"),
        ("<center>", "centred line"),
        ("", "implied"),
    ],
)
def test_kinds(marker: str, kind: str):
    assert break_kind(scene(marker)) == kind


def test_the_first_scene_of_a_chapter_is_broken_off_nothing():
    assert break_kind(scene(""), first=True) is BreakKind.START


def test_a_break_by_hand_is_told_from_one_that_was_inferred():
    assert break_kind(scene(""), by_hand=True) is BreakKind.BY_HAND


def test_a_headings_words_stand_in_the_text():
    assert break_kind(scene("##", bold=True)) is BreakKind.HEADING
    assert break_kind(scene("##")) is BreakKind.ORNAMENT
