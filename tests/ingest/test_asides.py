"""What stands among a story without being story, and what only looks as if it did."""

from __future__ import annotations

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.story import Manuscript
from bot.ingest import plaintext
from bot.ingest.manuscripts import story_of_one_file
from tests.support.laws import LAW

ONE = "The road went on between the beet fields, and nobody on it had anything left to say to anybody at all that day."
TWO = "He counted the loaves twice, as his father had, and put the ledger back under the counter."
STORY = f"{ONE}\n\n“Go,” she said.\n\n{TWO}"


def read(text: str) -> Manuscript:
    return story_of_one_file(plaintext.read(text, "story.txt"), "a-story")


def told(manuscript: Manuscript) -> str:
    return "\n\n".join(scene.text for chapter in manuscript.chapters for scene in chapter.scenes)


@pytest.mark.parametrize(
    "note",
    [
        "A/N: I don't own anyone. Please review!",
        "AN: thanks for all the reviews.",
        "Author's Note: this one is short.",
        "**Author's note:** this one is short.",
        "[A/N: this was hard to write]",
        "(Author's note: thanks to my beta.)",
        "Anmerkung der Autorin: Danke an alle.",
        "Note de l'auteur : merci !",
    ],
)
@pytest.mark.parametrize("place", ["{note}\n\n{story}", "{story}\n\n{note}\n\n{story}", "{story}\n\n{note}"])
def test_notes_are_set_aside_wherever_they_stand(note: str, place: str):
    manuscript = read(place.format(note=note, story=STORY))
    assert told(manuscript) in (STORY, f"{STORY}\n\n{STORY}")
    assert [piece.kind for piece in manuscript.set_aside] == ["author's note"]


def test_a_note_of_several_paragraphs_goes_on_to_its_rule():
    note = "Author's Notes:\n\nI wrote this story last year.\n\nMy beta is great."
    manuscript = read(f"Title: A\nAuthor: B\n\n{note}\n\n***\n\n{STORY}")
    assert told(manuscript) == STORY


def test_a_note_below_a_rule_takes_no_story_with_it():
    manuscript = read(f"{STORY}\n\n***\n\nA/N: short.\n\n{TWO}")
    assert told(manuscript) == f"{STORY}\n\n{TWO}"


def test_a_note_takes_no_scene_with_it():
    manuscript = read(f"A/N: short.\n\n{STORY}\n\n***\n\n{STORY}")
    assert told(manuscript) == f"{STORY}\n\n{STORY}"


def test_a_note_in_a_sentence_is_cut_out_of_it():
    manuscript = read(f"{STORY}\n\nShe left. (A/N: I know, right?) He stayed.")
    assert told(manuscript).endswith("She left. He stayed.")
    assert manuscript.set_aside[0].text == "(A/N: I know, right?)"


@pytest.mark.parametrize(
    "plea",
    [
        "Please review!",
        "R&R!",
        "Review please",
        "Reviews are love.",
        "Thanks for reading!",
        "Let me know what you think!",
    ],
)
def test_pleas_at_the_end_are_set_aside(plea: str):
    manuscript = read(f"{STORY}\n\n{plea}")
    assert (told(manuscript), [piece.kind for piece in manuscript.set_aside]) == (STORY, ["plea"])


@pytest.mark.parametrize(
    "line",
    [
        "Rating: he had none.",
        "“Please review the file,” said the Vicar.",
        "The end of it was that nobody came.",
        "Notes fell from the organ like rain.",
        "Page after page he turned.",
        "Disclaimers bored him.",
        "To be continued, he thought, was the cruellest phrase.",
    ],
)
def test_story_is_never_taken_for_anything_else(line: str):
    manuscript = read(f"{STORY}\n\n{line}\n\n{STORY}")
    assert told(manuscript) == f"{STORY}\n\n{line}\n\n{STORY}"
    assert manuscript.set_aside == ()


def test_page_numbers_are_set_aside_and_the_sentence_put_together():
    pages = "\n\n".join(f"{ONE[:-1]}\n\n{n}\n\nand so on it went for ever." for n in range(12, 17))
    manuscript = read(pages)
    assert "that day and so on" in told(manuscript)
    assert [piece.text for piece in manuscript.set_aside] == ["12", "13", "14", "15", "16"]


GUTENBERG = f"""The Project Gutenberg EBook of Foo, by Jane Bar

Title: Foo

Author: Jane Bar

Language: English

*** START OF THIS PROJECT GUTENBERG EBOOK FOO ***

Produced by A. Volunteer and others

CONTENTS

CHAPTER I. In Which It Begins ..... 1
CHAPTER II. In Which It Ends ..... 20

CHAPTER I.

IN WHICH IT BEGINS

{STORY}

CHAPTER II.

IN WHICH IT ENDS

{STORY}

THE END

*** END OF THIS PROJECT GUTENBERG EBOOK FOO ***

Licence text here.
"""


def test_a_licence_and_a_table_of_contents_are_set_aside():
    manuscript = read(GUTENBERG)
    assert (manuscript.title, manuscript.authors, manuscript.language) == ("Foo", ("Jane Bar",), "en")
    assert [(c.number, c.title) for c in manuscript.chapters] == [(1, "IN WHICH IT BEGINS"), (2, "IN WHICH IT ENDS")]
    assert told(manuscript) == f"{STORY}\n\n{STORY}"
    assert {piece.kind for piece in manuscript.set_aside} == {"licence", "contents", "end"}


def test_entries_of_a_table_of_contents_are_headings_below_it():
    text = (
        f"TABLE OF CONTENTS\n\nThe Loaf\nA blue thing\n\n"
        f"\tThe Loaf\n\n{STORY}\n\n\tA blue thing\n\n{STORY}\n\nEnd file."
    )
    assert [chapter.title for chapter in read(text).chapters] == ["The Loaf", "A blue thing"]


def test_a_mailing_list_wraps_a_story():
    text = (
        "From: Peg <p@example.org>\nSubject: [List] FIC: The Salt Door (2/5)\n\n"
        f"Rating: R\n\n{STORY}\n\nTBC\n\nTo unsubscribe from this group, write.\n"
    )
    manuscript = read(text)
    assert (manuscript.title, manuscript.authors, manuscript.chapters[0].number) == ("The Salt Door", ("Peg",), 2)
    assert told(manuscript) == STORY


PIECES = st.sampled_from(
    [
        *(
            "A/N: please review",
            "[A/N: hi",
            "***",
            "Chapter 1",
            "Chapter 2",
            "PART TWO",
            "The End",
            "TBC",
            "12",
            "Buffy's POV",
        ),
        *(
            "Later that night",
            "~ Willow ~",
            "Notes:",
            "Summary:",
            "Title: A",
            "Please review!",
            "CONTENTS",
            "Interlude",
        ),
        *(ONE, TWO, "“Go,” she said.", "(A/N: no) Word.", "---", "\n", "Page 3", "[Illustration]", "Feedback: yes"),
    ]
)


@LAW
@given(st.lists(PIECES, max_size=25))
def test_no_word_is_lost_or_made(pieces: list[str]):
    try:
        manuscript = read("\n\n".join([ONE, *pieces, TWO]))
    except BadInput:
        reject()
    words = [*told(manuscript).split()]
    for piece in manuscript.set_aside:
        words += piece.text.split()
    for chapter in manuscript.chapters:
        words += (chapter.title or "").split()
    prose = "beet ledger Go,” Word."
    given_words = " ".join([ONE, *pieces, TWO]).split()
    for word in prose.split():
        assert words.count(word) == given_words.count(word)
