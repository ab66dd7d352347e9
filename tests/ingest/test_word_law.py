"""The word law, for files of every format: no word lost or doubled, order kept, offsets exact."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.ingest.reading import read, read_attached
from tests.support.laws import LAW
from tests.support.manuscripts import (
    Book,
    as_epub,
    as_html,
    as_markdown,
    as_text,
    as_zip,
    books,
    check_jumble,
    check_words,
    files_of,
    jumble_as,
    jumbles,
)

WORDS = settings(LAW, max_examples=25)


@WORDS
@given(books)
def test_plain_text(book: Book):
    (story,) = read_attached(as_text(book), "book.txt")
    check_words(book, story, disclaimer=True)


@WORDS
@given(books)
def test_markdown(book: Book):
    (story,) = read_attached(as_markdown(book), "book.md")
    check_words(book, story)


@WORDS
@given(books)
def test_html(book: Book):
    (story,) = read_attached(as_html(book), "book.html")
    check_words(book, story)


@WORDS
@given(books)
def test_epub(book: Book):
    (story,) = read_attached(as_epub(book), "book.epub")
    check_words(book, story)


@WORDS
@given(books, st.sampled_from(["txt", "md", "html"]))
def test_zip_of_chapters(book: Book, kind: str):
    (story,) = read_attached(as_zip(book, kind), "book.zip")
    check_words(book, story, disclaimer=kind == "txt")


@settings(WORDS, max_examples=10)
@given(books, st.sampled_from(["txt", "md", "html"]))
def test_folder_of_chapters(book: Book, kind: str):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files_of(book, kind).items():
            (Path(folder) / name).write_bytes(data)
        (story,) = read(Path(folder))
    check_words(book, story, disclaimer=kind == "txt")


@settings(LAW, max_examples=60)
@given(jumbles, st.sampled_from(["txt", "md", "html", "epub"]))
@example(["Chapter 1: q1z", "Author's Notes:", "Chapter 2: q2z", f"And so q3z {'went on ' * 30}home."], "txt")
def test_no_word_is_lost_doubled_or_moved_whatever_stands_there(paragraphs: list[str], kind: str):
    (story,) = read_attached(jumble_as(kind, paragraphs), f"book.{kind}")
    check_jumble(paragraphs, story)
