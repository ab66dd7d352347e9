"""Captions as scene breaks, rules that part nothing, breaks that nothing marks."""

from __future__ import annotations

import pytest

from bot.domain.breaks import Block
from bot.domain.captions import is_caption, with_captions
from bot.domain.insets import without_insets
from bot.domain.scenes import scenes_of, with_marks
from bot.domain.unmarked import TAKEN, proposals

PROSE = "The road went on between the beet fields, and nobody on it had anything left to say to anybody."


@pytest.mark.parametrize(
    "text",
    [
        *("Buffy's POV", "(Buffy POV)", "Normal POV", "POV: Spike", "Xander’s Point of View", "London, 1888"),
        *("Three days later", "The next morning...", "0300 hours, Deck 4", "Sunnydale High, 3:15 PM", "Day 12"),
        *("March 3rd, 1944", "Later that night", "INT. LIBRARY - NIGHT", "Monday morning, the library", "Flashback"),
    ],
)
def test_is_a_caption(text: str):
    assert is_caption(text)


@pytest.mark.parametrize(
    "text",
    [
        *("He came, later", "Angel, later", "I waited. Three days later", "She was nineteen in 1944", "Yes. Monday."),
        *(
            "From my point of view",
            "It rained on Monday",
            "“Three days later”",
            "Three days later, he was dead.",
            "1888",
        ),
    ],
)
def test_is_no_caption(text: str):
    assert not is_caption(text)


def blocks(*texts: str) -> list[Block]:
    return with_marks(Block(text, 2 * n + 1) for n, text in enumerate(texts))


def test_a_caption_parts_scenes_and_stays_in_the_text():
    (found,) = with_captions([blocks("Buffy's POV", PROSE, "Three days later", "---", PROSE)])
    assert [scene.text for scene in scenes_of(found)] == [f"Buffy's POV\n\n{PROSE}", f"Three days later\n\n{PROSE}"]


def test_a_name_in_a_frame_is_a_caption_only_where_such_lines_recur():
    (once,) = with_captions([blocks(PROSE, "~ Willow ~", PROSE)])
    (twice,) = with_captions([blocks(PROSE, "~ Willow ~", PROSE, "~ Xander ~", PROSE)])
    assert (len(scenes_of(once)), len(scenes_of(twice))) == (1, 3)


def test_rules_round_a_cutting_part_nothing():
    letter = blocks(PROSE, "The headline read:", "---", "LOCAL MAN EATEN", "---", PROSE, "***", PROSE)
    found, out = without_insets(letter)
    assert len(scenes_of(found)) == 2
    assert out == (5, 9)


def test_a_short_scene_is_no_cutting():
    assert without_insets(blocks(PROSE, "***", "She slept.", "***", PROSE))[1] == ()


def test_marks_between_all_paragraphs_part_nothing():
    texts = [text for _ in range(20) for text in (PROSE, "~")]
    assert len(scenes_of(without_insets(blocks(*texts))[0])) == 1


def test_a_jump_of_time_and_people_is_proposed_and_taken():
    anna = "And so Anna ran, and then Anna sat, while Anna thought of home."
    piet = "Three days later, at the bridge, stood Piet, and slowly Piet counted what Piet had."
    found = blocks(anna, anna, anna, piet, "Then Piet left, and with Piet went the boat.")
    assert [(proposal.block, proposal.confidence >= TAKEN) for proposal in proposals(found)] == [(3, True)]
    assert proposals(blocks(anna, anna, anna.replace("And", "Three days later"), anna)) == []


def test_a_place_and_a_date_above_a_letter_part_no_scenes():
    announced = [Block("The letter said:", 1), Block("Quay Street, 3rd May", 2), Block("The boat is gone.", 3)]
    greeted = [Block("She opened it.", 1), Block("Quay Street, 3rd May", 2), Block("Dear Ines,", 3), Block("Gone.", 4)]
    plain = [Block("She left.", 1), Block("Quay Street, 3rd May", 2), Block("The boat was gone.", 3)]
    assert [any(block.mark for block in with_captions([blocks])[0]) for blocks in (announced, greeted, plain)] == [
        False,
        False,
        True,
    ]
