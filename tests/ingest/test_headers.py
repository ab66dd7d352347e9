"""Where a header ends and the story begins, and the headers further down."""

from __future__ import annotations

import pytest

from bot.domain.story import Manuscript, Rating
from bot.importing.settings import understood
from bot.ingest.header import language_named
from bot.ingest.reading import read_attached
from bot.strings import PROBLEMS

FERRY = "The ferry came in late on the Monday. Ida stood on the stage with her bag. Nobody else had come down."
BOAT = "She went aboard and sat in the stern where the wind was least. The ferryman did not speak to her at all."
MILL = "Bo had never liked the mill. He unlocked it all the same, and climbed to the loft to see what was left."


def read(text: str) -> Manuscript:
    (story,) = read_attached(text.encode(), "a.txt")
    return story


def texts(story: Manuscript) -> list[str]:
    return ["\n\n".join(scene.text for scene in chapter.scenes) for chapter in story.chapters]


@pytest.mark.parametrize("last", ["Rating: G", "Summary: Ida crosses.", "Disclaimer: Not mine.", "Language: English"])
@pytest.mark.parametrize(
    "line",
    ["Note: the ferry sank.", "Warning: thin ice, said the board.", "Summary: it rained.", "Disclaimer: none of it."],
)
def test_the_first_paragraph_is_no_headers_value(last: str, line: str):
    story = read(f"Title: The Ford\nAuthor: Ida\n{last}\n\n{FERRY}\n\n{line}\n\n{BOAT}")
    assert texts(story) == [f"{FERRY}\n\n{line}\n\n{BOAT}"]
    assert story.warnings == ()
    assert FERRY not in story.summary


def test_a_field_of_one_line_ends_with_it_whatever_follows():
    story = read(f"Title: The Ford\nAuthor: Ida\nRating: G\n\n{FERRY}\n\nDisclaimer: Mine.\nArchive: Ask.\n\n{BOAT}")
    assert texts(story)[0].startswith(FERRY)
    assert story.rating is Rating.GENERAL


def test_what_reads_like_a_header_below_the_beginning_is_told():
    story = read(f"Title: The Ford\nAuthor: Ida\nRating: G\n\n{FERRY}\n\nWarning: thin ice.\n\n{BOAT}")
    assert [(problem.line, problem.message) for problem in story.problems] == [(7, PROBLEMS["header_doubted"])]


def test_a_value_of_several_paragraphs_within_a_header_is_one():
    story = read(f"Title: The Ford\nSummary: Ida crosses.\n\nAnd back.\n\nDisclaimer: Mine.\nRating: G\n\n{FERRY}")
    assert texts(story) == [FERRY]
    assert (story.summary, story.rating) == ("Ida crosses. And back.", Rating.GENERAL)


def test_a_paragraph_directly_below_a_rating_is_story():
    story = read(f"Title: The Ford\nAuthor: Ida\nRating: G\n{FERRY}\n\n{BOAT}")
    assert (texts(story), story.rating) == ([f"{FERRY}\n\n{BOAT}"], Rating.GENERAL)


def _part(title: str, rating: str, text: str, more: str = "") -> str:
    return f"Title: {title}\nAuthor: Ida\nRating: {rating}\n{more}\n{text}\n\n{BOAT}\n\n\n"


def test_stories_in_one_file_are_its_chapters_and_rated_by_the_strictest():
    story = read(
        _part("The Ford", "G", FERRY) + _part("The Mill", "NC-17", MILL, "Summary: Hot.\n") + _part("Ash", "PG", FERRY)
    )
    assert [chapter.title for chapter in story.chapters] == ["The Ford", "The Mill", "Ash"]
    assert texts(story) == [f"{FERRY}\n\n{BOAT}", f"{MILL}\n\n{BOAT}", f"{FERRY}\n\n{BOAT}"]
    assert (story.title, story.rating) == ("The Ford", Rating.EXPLICIT)
    assert PROBLEMS["later_headers"].format(lines="10, 20") in [problem.message for problem in story.problems]
    kept = [piece.text for piece in story.set_aside if piece.kind == "header"]
    assert kept == ["Title: The Mill Author: Ida Rating: NC-17 Summary: Hot.", "Title: Ash Author: Ida Rating: PG"]


def test_markdown_and_pages_may_have_several_headers():
    parts = _part("The Ford", "G", FERRY) + _part("The Mill", "NC-17", MILL)
    (story,) = read_attached(parts.encode(), "a.md")
    assert ([chapter.title for chapter in story.chapters], story.rating) == (["The Ford", "The Mill"], Rating.EXPLICIT)
    assert texts(story) == [f"{FERRY}\n\n{BOAT}", f"{MILL}\n\n{BOAT}"]
    head = "<p>Title: {}<br>Author: Ida<br>Rating: {}</p>"
    page = f"{head.format('The Ford', 'G')}<p>{FERRY}</p>{head.format('The Mill', 'NC-17')}<p>{MILL}</p>"
    (story,) = read_attached(f"<html><body>{page}</body></html>".encode(), "a.html")
    assert (texts(story), story.rating) == ([f"{FERRY}\n\n{MILL}"], Rating.EXPLICIT)


def test_a_short_first_story_is_a_chapter():
    story = read(f"Title: The Ford\nAuthor: Ida\nRating: G\n\n{FERRY}\n\nTHE END\n\n\n" + _part("The Mill", "R", MILL))
    assert texts(story) == [FERRY, f"{MILL}\n\n{BOAT}"]


@pytest.mark.parametrize("first", ["Salt Road", "Salt Road, Part 1"])
def test_the_parts_of_a_series_are_counted(first: str):
    story = read(
        _part(first, "G", FERRY) + _part("Salt Road, Part 2", "PG", MILL) + _part("Salt Road, Part 3", "R", FERRY)
    )
    assert (story.title, [chapter.number for chapter in story.chapters]) == ("Salt Road", [1, 2, 3])
    assert story.rating is Rating.MATURE


def test_later_mails_make_a_story_no_more_open_and_are_told():
    mails = "".join(
        f"From: Ida <i@example.org>\nSubject: FIC: Salt {n}/3\n\n{_part('Salt', rating, FERRY)}"
        for n, rating in enumerate(("PG-13", "NC-17", "PG"), 1)
    )
    story = read(mails)
    assert (len(story.chapters), story.rating) == (3, Rating.EXPLICIT)
    assert PROBLEMS["rating_elsewhere"].format(value="NC-17", rating="explicit") in [p.message for p in story.problems]


def test_a_book_that_a_story_speaks_of_is_no_header():
    card = "Title: The Tides\nAuthor: Amos Rill"
    story = read(f"Title: The Ford\nAuthor: Ida\nRating: G\n\n{FERRY}\n\n{card}\n\n{BOAT}")
    assert "Amos Rill" in texts(story)[0]
    assert len(story.chapters) == 1


def test_a_letter_below_a_byline_is_story():
    letter = "To: Bo\nFrom: Ida\nSubject: The ford\n\nCome at once. The water is rising.\n\nIda"
    story = read(f"Letters Home\nby Ann Penn\n\n{letter}\n\n{FERRY}")
    assert (story.title, story.authors) == ("Letters Home", ("Ann Penn",))
    (text,) = texts(story)
    assert text.startswith("To: Bo")
    assert "Subject: The ford" in text


@pytest.mark.parametrize(
    ("title", "author", "rating"),
    [
        ("Название", "Автор", "Рейтинг"),
        ("Tytuł", "Autorka", "Rating"),
        ("Titre", "Auteur", "Rating"),
        ("Titel", "Autorin", "Altersfreigabe"),
        ("Título", "Autora", "Clasificación"),
        ("Titolo", "Autrice", "Rating"),
        ("Otsikko", "Kirjoittaja", "Ikäraja"),
    ],
)
def test_a_header_may_be_in_other_languages(title: str, author: str, rating: str):
    story = read(f"{title}: The Ford\n{author}: Ida\n{rating}: PG-13\n\n{FERRY}")
    assert (story.title, story.authors, story.rating) == ("The Ford", ("Ida",), Rating.TEEN)


@pytest.mark.parametrize(
    ("name", "tag"), [("German", "de"), ("eng", "en"), ("русский", "ru"), ("fr", "fr"), ("x", None)]
)
def test_a_language_may_be_named_in_many_ways(name: str, tag: str | None):
    assert language_named(name) == tag


@pytest.mark.parametrize(("value", "tag"), [("german", "de"), ("eng", "en"), ("pt-BR", "pt-BR")])
def test_what_a_person_says_of_a_language_is_read_as_a_headers_value_is(value: str, tag: str):
    assert understood([f"language={value}"]) == {"language": tag}
