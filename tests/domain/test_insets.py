"""Rules round a letter or a cutting are no breaks; rules between scenes are."""

from __future__ import annotations

from bot.domain.breaks import Block
from bot.domain.insets import without_insets


def chapter(*texts: str) -> list[Block]:
    return [Block(text, n, mark=text in ("<hr>", "* * *")) for n, text in enumerate(texts, 1)]


def marks(*texts: str) -> list[str]:
    return [block.text for block in without_insets(chapter(*texts))[0] if block.mark]


def test_a_cutting_in_a_file_that_parts_its_scenes_otherwise():
    cutting = (
        "The newspaper lay on the table.",
        "<hr>",
        "HARBOUR LAMP BURNS",
        "Nobody put it out.",
        "<hr>",
        "She folded it.",
    )
    assert marks(*cutting, "* * *", "Later.") == ["* * *"]
    assert without_insets(chapter(*cutting))[1] == (2, 5)
    assert without_insets(chapter(*cutting[:-1], "She read it."), {"<hr>": 2, "* * *": 3})[1] == (2, 5)
    assert without_insets(chapter(*cutting[:-1], "She read it."), {"<hr>": 4})[1] == (2, 5)


def test_a_sign_that_the_narration_announces():
    assert marks("The sign said:", "<hr>", "Closed.", "<hr>", "He left.") == []


def test_a_short_scene_between_two_rules_stays_one():
    assert marks("He left.", "<hr>", "She waited.", "<hr>", "He came back.") == ["<hr>", "<hr>"]


def test_a_rule_without_its_partner_stays():
    assert marks("The note was short.", "<hr>", "Dear Ann,", "<hr>", "One.", "<hr>", "Two.", "* * *", "Three.") == [
        "<hr>",
        "* * *",
    ]
