"""Archive pages pasted as plain text, and what mailing lists put around a story."""

from __future__ import annotations

from bot.domain.story import Rating
from bot.ingest.reading import read_attached

WORK = """Rating:
    Mature
Archive Warning:
    Major Character Death
Fandom:
    The Slipway
Language:
    English
Stats:
    Words:
        12
    Hits:
        4
The Tide Tables
peg
Summary:

A lantern.

Chapter 1: Low Tide
Notes:

Thank you all.

Chapter Text

The bell rang once over the water.

Notes:

More on Friday.

Actions

    ↑ Top

Kudos
"""


def test_a_pasted_work_page_gives_its_facts_and_only_its_story():
    (story,) = read_attached(WORK.encode(), "a.txt")
    assert (story.title, story.authors, story.rating) == ("The Tide Tables", ("peg",), Rating.MATURE)
    assert (story.warnings, story.language, story.summary) == (("Major Character Death",), "en", "A lantern.")
    (chapter,) = story.chapters
    assert [scene.text for scene in chapter.scenes] == ["The bell rang once over the water."]


def test_a_mail_that_is_all_quoted_loses_its_marks():
    (story,) = read_attached(b"> One bell.\n>\n> Two bells.\n> \n> * * *\n>\n> Three bells.\n", "a.txt")
    assert [scene.text for scene in story.chapters[0].scenes] == ["One bell.\n\nTwo bells.", "Three bells."]


def test_somebody_who_counts_aloud_is_heard():
    (story,) = read_attached(b"One.\n\nTwo.\n\nThree. They jumped.\n", "a.txt")
    assert story.chapters[0].scenes[0].text == "One.\n\nTwo.\n\nThree. They jumped."


def test_a_sentence_before_chapter_one_is_kept():
    text = b"The bell rang once, and Mara knew that it was over.\n\nChapter 1\n\nShe ran.\n\nChapter 2\n\nShe fell.\n"
    (story,) = read_attached(text, "a.txt")
    assert [chapter.number for chapter in story.chapters] == [0, 1, 2]
