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


FICTION = """FanFiction
unleash your imagination
The Tide Tables Follow/Fav
By: peg the second
A lantern, and who lit it.
Rated: Fiction T - English - Drama - Chapters: 2 - Words: 1,204 - Published: 5/3/2011 - id: 12
+ - Full 3/4 1/2 Expand Tighten
1. Low Tide
Next >

The bell rang once over the water.

She counted to ten.

1. Low Tide
Next >
Review this Chapter
Return to Top
"""


def test_a_pasted_page_of_the_other_archive():
    (story,) = read_attached(FICTION.encode(), "a.txt")
    assert (story.title, story.authors, story.rating) == ("The Tide Tables", ("peg the second",), Rating.TEEN)
    assert (story.language, story.summary) == ("en", "A lantern, and who lit it.")
    (chapter,) = story.chapters
    assert [scene.text for scene in chapter.scenes] == ["The bell rang once over the water.\n\nShe counted to ten."]
    kept = "\n".join(piece.text for piece in story.set_aside)
    assert "unleash your imagination" in kept
    assert "Review this Chapter" in kept


def test_a_pasted_work_of_several_chapters():
    (head, body) = WORK.split("Chapter 1: Low Tide\n")
    text = f"{head}Chapter 1: Low Tide\n{body.partition('Actions')[0]}Chapter 2: High Tide\n{body}"
    (story,) = read_attached(text.encode(), "a.txt")
    assert [(chapter.number, chapter.title) for chapter in story.chapters] == [(1, "Low Tide"), (2, "High Tide")]
    assert [chapter.scenes[0].text for chapter in story.chapters] == ["The bell rang once over the water."] * 2
    assert [piece.text for piece in story.set_aside if "Friday" in piece.text] == ["More on Friday."] * 2


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
