"""What stands at the edges of stories and chapters: beginnings, notes as chapters, footers, page numbers, footnotes."""

from __future__ import annotations

import pytest

from bot.domain.story import Manuscript
from bot.ingest import html, plaintext
from bot.ingest.manuscripts import story_of_one_file

ONE = "The road went on between the beet fields, and nobody on it had anything left to say to anybody at all that day."
TWO = "He counted the loaves twice, as his father had, and put the ledger back under the counter."
THREE = "Rosa found the gate open and the geese gone, and she did not call out to anyone about either of them."


def read(text: str) -> Manuscript:
    return story_of_one_file(plaintext.read(text, "story.txt"), "a-story")


def read_html(body: str) -> Manuscript:
    return story_of_one_file(html.read(f"<html><body>{body}</body></html>".encode(), "story.html"), "a-story")


def told(manuscript: Manuscript) -> list[str]:
    return [scene.text for chapter in manuscript.chapters for scene in chapter.scenes]


def numbers(manuscript: Manuscript) -> list[int]:
    return [chapter.number for chapter in manuscript.chapters]


def aside(manuscript: Manuscript, kind: str) -> list[str]:
    return [piece.text for piece in manuscript.set_aside if piece.kind == kind]


def warned(manuscript: Manuscript, words: str) -> bool:
    return any(words in problem.message for problem in manuscript.problems)


def test_short_story_before_the_first_heading_is_kept_and_told():
    story = read(f"The Mill\nby Rosa\n\nThe oven was cold.\n\n“Who let it?” asked Tom.\n\nChapter 2\n\n{ONE}")
    assert told(story) == ["The oven was cold.\n\n“Who let it?” asked Tom.", ONE]
    assert numbers(story) == [1, 2]
    assert warned(story, "before the first chapter")


@pytest.mark.parametrize(
    "line",
    [
        "For Tom and for Ellen.",
        "Copyright 1911 by the heirs of the author.",
        "In memory of a patient father.",
        "A Tale of the Beet Fields",
        "Printed for the mill by Rosa Penn.",
    ],
)
def test_a_title_page_is_no_story(line: str):
    story = read(f"The Mill\n\n{line}\n\nChapter 1\n\n{ONE}\n\nChapter 2\n\n{TWO}")
    assert told(story) == [ONE, TWO]
    assert line in aside(story, "front")


def test_a_short_chapter_named_part_2_is_no_subtitle():
    story = read_html(
        "<h2>Low Water</h2><p>The weir fell.</p><h2>Part 2</h2><p>It rose.</p><h2>Dusk</h2><p>Tom swam.</p>"
    )
    assert [chapter.title for chapter in story.chapters] == ["Low Water", "Part 2", "Dusk"]
    assert told(story) == ["The weir fell.", "It rose.", "Tom swam."]


def test_a_heading_below_the_summary_is_no_part_of_it():
    story = read_html(
        "<h1>The Mill</h1><table><tr><td><b>Rating:</b></td><td>T</td></tr>"
        "<tr><td><b>Summary:</b></td><td>Tom keeps the mill.</td></tr></table>"
        "<h2>Contents</h2><p><a href='#a'>Low Water</a><br><a href='#b'>High Water</a></p>"
        "<a name='a'><h2>Low Water</h2></a><div><b>Author's Note:</b> hi there all</div><p>The weir fell.</p>"
        "<h2>High Water</h2><p>The weir rose again.</p>"
    )
    assert story.summary == "Tom keeps the mill."
    assert [chapter.title for chapter in story.chapters] == ["Low Water", "High Water"]


def test_numbers_counted_aloud_are_no_page_numbers():
    story = read(f"Tom counted.\n\n1\n\n2\n\n3\n\n“Go,” said Rosa,\n\n{ONE}")
    assert told(story) == [f"Tom counted.\n\n1\n\n2\n\n3\n\n“Go,” said Rosa,\n\n{ONE}"]


def test_numbers_between_a_few_words_are_no_pages():
    text = f"{ONE}\n\nThen he counted\n\n1\n\nand again\n\n2\n\nand again\n\n3\n\nand stopped."
    assert not aside(read(text), "page number")


def test_short_sections_are_no_pages():
    parts = "\n\n".join(f"{n}\n\nand the geese went on to the gate, all {n} of them" for n in range(1, 6))
    assert not aside(read(parts), "page number")


def test_numbers_at_the_distance_of_pages_are_set_aside():
    page = " ".join([ONE] * 8)
    story = read("\n\n".join(f"{page} and then\n\n{n}\n\nit went on. {TWO}" for n in range(1, 6)))
    assert aside(story, "page number") == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(("first", "second"), [("I.", "II."), ("[I]", "[II]"), ("i.", "ii."), ("1", "2")])
def test_the_number_of_the_first_section_is_set_aside(first: str, second: str):
    story = read(f"Chapter One\n\n{first}\n\n{ONE}\n\n{second}\n\n{TWO}\n\nChapter Two\n\n{THREE}")
    assert told(story) == [ONE, TWO, THREE]
    assert story.chapters[0].scenes[1].marker == second
    assert first in aside(story, "heading")


def test_a_number_below_an_ornament_is_not_lost():
    story = read(f"Chapter One\n\nI.\n\n{ONE}\n\n***\n\nII.\n\n{TWO}\n\nChapter Two\n\n{THREE}")
    assert told(story) == [ONE, TWO, THREE]
    assert aside(story, "heading") == ["I.", "II."]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Chapter 2 - Author's Note", "This is not a chapter. Sorry!"),
        (
            "Chapter 2: AN: Hiatus!",
            "Hi guys, this story is on hiatus until my exams are over. Keep the reviews coming!",
        ),
        ("Afterword", "I wrote this in a year. Thanks to everyone who read it."),
    ],
)
def test_a_chapter_that_is_only_a_note_is_none(heading: str, text: str):
    story = read(f"Chapter 1\n\n{ONE}\n\n{heading}\n\n{text}\n\nChapter 3\n\n{TWO}")
    assert told(story) == [ONE, TWO]
    assert story.chapters[1].number == 3
    assert aside(story, "author's note")[-1] == text


def test_a_story_named_a_note_stays_and_is_told():
    text = f"{ONE}\n\n“So it is,” said Tom.\n\n{THREE}"
    story = read(f"Chapter 1\n\n{TWO}\n\nChapter 2: Author's Note\n\n{text}")
    assert told(story) == [TWO, text]
    assert warned(story, "may be only a note")


def test_a_note_under_a_rule_does_not_take_its_chapter_with_it():
    mine = "I never liked the mill, and my father knew it well enough."
    story = read(f"Chapter 1\n\n{ONE}\n\nChapter 2\n\n=====\nAN: next one on Monday\n=====\n\n{mine}")
    assert told(story) == [ONE, mine]


def test_all_notes_of_one_paragraph_are_cut_out():
    story = read(f"Tom turned (A/N: one) and saw (A/N: two) the *whole* gate. {ONE}")
    assert told(story) == [f"Tom turned and saw the whole gate. {ONE}"]
    assert aside(story, "author's note") == ["(A/N: one)", "(A/N: two)"]
    (run,) = story.chapters[0].scenes[0].emphasis
    assert told(story)[0][run.start : run.end] == "whole"


def test_footnotes_in_brackets_and_their_marks_are_set_aside():
    story = read(f"The mill was old.[1] It stood by [2] gates.\n\n[Footnote 1: Built by his\nfather.]\n\n{ONE}")
    assert told(story) == [f"The mill was old. It stood by [2] gates.\n\n{ONE}"]
    assert aside(story, "note mark") == ["[1]"]
    assert len(aside(story, "footnote")) == 1


def test_a_mark_without_a_footnote_stays():
    assert told(read(f"The mill was old.[1]\n\n{ONE}")) == [f"The mill was old.[1]\n\n{ONE}"]


def test_what_a_mail_service_adds_is_a_footer():
    story = read(f"{ONE}\n\n{TWO}\n\nThe End\n\nFeedback: rosa@example.org\n\n_________\nDo You Yahoo!?\nGet one free.")
    assert told(story) == [f"{ONE}\n\n{TWO}"]
    assert {piece.kind for piece in story.set_aside} == {"end", "feedback", "footer"}


def test_answers_to_reviews_are_a_note():
    story = read(f"{ONE}\n\n{TWO}\n\n~~~~~\n\nReview replies:\n\nJo: hello!\n\nTom: no, he lives.\n\n~~~~~\n\n{THREE}")
    assert told(story) == [f"{ONE}\n\n{TWO}", THREE]
    assert aside(story, "author's note") == ["Review replies:", "Jo: hello!", "Tom: no, he lives."]


def test_a_note_below_the_last_rule_is_one():
    note = "Okay, so that was chapter 3. I know it is short, but I will update soon, promise! Love, Rosa"
    assert told(read(f"{ONE}\n\n{TWO}\n\n---\n\n{note}")) == [f"{ONE}\n\n{TWO}"]


def test_a_scene_below_the_last_rule_stays():
    last = "I read the story of the mill again that night, and my father wrote to me."
    assert told(read(f"{ONE}\n\n{TWO}\n\n---\n\n{last} “Well?” he asked.")) == [
        f"{ONE}\n\n{TWO}",
        f"{last} “Well?” he asked.",
    ]


def test_more_below_the_last_rule_than_above_it_stays():
    letter = "I read your story, my dear, and I thank you for every chapter of it. Thanks to my father too. " * 3
    assert told(read(f"He wrote.\n\nShe read.\n\n---\n\n{letter.strip()}"))[-1] == letter.strip()


def test_a_plea_and_a_farewell_below_it_are_set_aside():
    story = read(f"{ONE}\n\n{TWO}\n\nSo, what did you think? Drop me a line!\n\nTill next time,\nRosa")
    assert told(story) == [f"{ONE}\n\n{TWO}"]
