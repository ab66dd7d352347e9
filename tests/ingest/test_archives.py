"""Zip archives are read as the folders that they were made of."""

from __future__ import annotations

import io
import zipfile

import pytest

from bot.domain.errors import BadInput
from bot.ingest.reading import read_attached
from bot.strings import PROBLEMS, REFUSALS
from tests.support.books import epub, packed, page

ONE, TWO = page("<p>One.</p>"), page("<p>Two.</p>")


def refusal(data: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        read_attached(data, "bag.zip")
    assert "bag.zip" in REFUSALS[caught.value.key].format(**caught.value.values)
    return caught.value.key


def test_chapters_in_natural_order():
    (story,) = read_attached(
        packed({"d/10.html": ONE, "d/2.html": TWO, "d/3.txt": "Three.", "__MACOSX/x": "?"}), "bag.zip"
    )
    assert [(c.number, c.scenes[0].text) for c in story.chapters] == [(2, "Two."), (3, "Three."), (10, "One.")]


def test_each_book_is_a_story():
    books = {f"{name}.epub": epub({"a.xhtml": ONE}, metadata=f"<dc:title>{name}</dc:title>") for name in ("A", "B")}
    assert [story.title for story in read_attached(packed(books), "bag.zip")] == ["A", "B"]


def test_names_that_lead_elsewhere_lead_nowhere():
    (story,) = read_attached(packed({"../../etc/1.html": ONE}), "bag.zip")
    assert story.chapters[0].scenes[0].text == "One."


def test_names_with_a_drive_lead_nowhere_and_are_told():
    (story,) = read_attached(packed({"1.txt": "One.", "2.txt": "Two.", "C:\\w\\x.txt": "Three."}), "bag.zip")
    assert [problem.message.split(" was ")[0] for problem in story.problems] == ["w/ (x.txt)"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_told():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in (("1.txt", "Old."), ("1.txt", "One."), ("2.txt", "Two.")):
            archive.writestr(name, text)
    (story,) = read_attached(stream.getvalue(), "bag.zip")
    assert [chapter.scenes[0].text for chapter in story.chapters] == ["One.", "Two."]
    assert [problem.message for problem in story.problems] == [PROBLEMS["entry_twice"].format(name="1.txt")]


def test_no_story():
    assert refusal(packed({})) == "archive_no_story"
    assert refusal(packed({"in.zip": packed({"a.html": ONE})})) == "archive_no_story"


def told(data: bytes) -> list[tuple[str, list[str]]]:
    return [(s.title, [scene.text for c in s.chapters for scene in c.scenes]) for s in read_attached(data, "bag.zip")]


def test_works_that_name_themselves_are_no_chapters_of_one_story():
    works = {
        f"{title}.html": page(f'<h1><a href="http://x/{title}">{title}</a> by <a>Peg</a></h1><p>{title} text.</p>')
        for title in ("A", "B")
    }
    assert told(packed(works)) == [("A", ["A text."]), ("B", ["B text."])]


def test_a_folder_beside_one_file_is_a_story_too():
    assert told(packed({"a.txt": "One.", "B/1.txt": "Two.", "B/2.txt": "Three."})) == [
        ("Bag", ["One."]),
        ("B", ["Two.", "Three."]),
    ]


def test_what_is_left_out_is_told():
    (story,) = read_attached(packed({"1.txt": "One.", "2.txt": "Two.", "c.jpg": "?", "notes/n.txt": "N."}), "bag.zip")
    assert [problem.message.split(" was ")[0] for problem in story.problems] == ["c.jpg", "notes/ (n.txt)"]
    (story,) = read_attached(packed({"1.txt": "One.", "in.zip": packed({"a.txt": "x"})}), "bag.zip")
    assert [problem.message.split(" was ")[0] for problem in story.problems] == ["in.zip"]
