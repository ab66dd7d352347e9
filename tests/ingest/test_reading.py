"""Files and folders, encodings and refusals."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from bot.domain.story import Rating, Severity
from bot.ingest import reading
from bot.ingest.reading import read
from bot.strings import PROBLEMS, REFUSALS


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def refusal(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(path)
    # Its sentence exists and has what it needs.
    assert REFUSALS[caught.value.key].format(**caught.value.values)
    return caught.value


def chapter(number: int, text: str = "The bell rang.", **more: str) -> str:
    extra = "".join(f"{key}: {value}\n" for key, value in more.items())
    return f"---\nchapter: {number}\n{extra}---\n\n{text}\n"


def test_a_folder_with_a_story_file_is_one_story(tmp_path: Path):
    put(
        tmp_path / "the-salt-door",
        {
            "story.md": "---\ntitle: The Salt Door\nauthors: [Peg Lanyon]\nrating: teen\n---\n",
            "README.md": "Not a story.",
            "chapter 10.md": "# The Filling\n\nTen.",
            "chapter 2.md": chapter(2, "Two.", title="Nine for Breakage", date="1697-03-20"),
            "3.txt": "Title: The Salt Door\nAuthor: Peg\nChapter: 3 - The Tube\nRating: PG-13\n\nThree.",
            "chapter 1.txt": "One.",
        },
    )
    (story,) = read(tmp_path / "the-salt-door")
    assert (story.slug, story.title, story.rating) == ("the-salt-door", "The Salt Door", Rating.TEEN)
    assert [(c.number, c.title, c.scenes[0].text) for c in story.chapters] == [
        (1, None, "One."),
        (2, "Nine for Breakage", "Two."),
        (3, "The Tube", "Three."),
        (10, "The Filling", "Ten."),
    ]
    assert story.problems == ()


def test_chapters_without_numbers_are_counted_in_natural_order(tmp_path: Path):
    put(tmp_path / "bell", {"b.md": "Two.", "a.txt": "One.", "c.markdown": "Three."})
    (story,) = read(tmp_path / "bell")
    assert (story.slug, story.title) == ("bell", "Bell")
    assert [c.scenes[0].text for c in story.chapters] == ["One.", "Two.", "Three."]
    assert [c.number for c in story.chapters] == [1, 2, 3]


def test_a_folder_of_folders_is_searched(tmp_path: Path):
    put(
        tmp_path,
        {
            "README.md": "Hello.",
            "b/1.md": "One.",
            "a/deep/1.md": "One.",
            ".git/x.md": "no",
            "empty/.keep": "",
        },
    )
    assert [story.slug for story in read(tmp_path)] == ["deep", "b"]


def test_one_file_is_one_story_named_after_itself_where_it_says_nothing(tmp_path: Path):
    put(tmp_path, {"the_long-road.txt": "The bell rang."})
    (story,) = read(tmp_path / "the_long-road.txt")
    assert (story.slug, story.title) == ("the-long-road", "The Long Road")


def test_a_slug_is_made_of_words(tmp_path: Path):
    put(tmp_path, {"x.md": "---\ntitle: Où est l’Été? — 漢字 & Co.\n---\nThe bell rang."})
    assert read(tmp_path / "x.md")[0].slug == "ou-est-lete-漢字-co"


def test_the_strictest_rating_counts(tmp_path: Path):
    put(
        tmp_path / "s",
        {
            "story.md": "---\nrating: general\n---\n",
            "1.txt": "Title: S\nRating: NC-17\n\nOne.",
            "2.md": "Two.",
        },
    )
    (story,) = read(tmp_path / "s")
    assert story.rating is Rating.EXPLICIT
    assert [(p.severity, p.file) for p in story.problems] == [(Severity.WARNING, "1.txt")]


def test_two_chapters_of_one_number_are_refused(tmp_path: Path):
    put(tmp_path / "s", {"a.md": chapter(2), "b.md": chapter(2)})
    caught = refusal(tmp_path / "s")
    assert (caught.key, caught.values["number"]) == ("chapter_twice", 2)
    assert {caught.values["file"], caught.values["other_file"]} == {"a.md", "b.md"}


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.txt", b"", "file_empty"),
        ("a.txt", b" \r\n\t ", "file_empty"),
        ("a.txt", b"\xef\xbb\xbf \n", "file_empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file_not_text"),
        ("a.txt", bytes(range(1, 32)) * 20, "file_not_text"),
        ("a.txt", b"\xff\xfea", "file_not_text"),
        ("a.docx", b"PK", "format_other"),
        ("a.xyz", b"PK", "format_unknown"),
        ("a.md", b"***\n\n---\n", "story_empty"),
        ("a.md", b"# Chapter 1\n\n# Chapter 2\n", "story_empty"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, name: str, data: bytes, key: str):
    (tmp_path / name).write_bytes(data)
    caught = refusal(tmp_path / name)
    assert (caught.key, caught.values["file"]) == (key, name)


def test_what_is_not_there_or_not_readable_is_refused(tmp_path: Path):
    assert refusal(tmp_path / "gone.txt").key == "file_missing"
    put(tmp_path, {"a.txt": "x"})
    (tmp_path / "a.txt").chmod(0)
    if not os.access(tmp_path / "a.txt", os.R_OK):
        assert refusal(tmp_path / "a.txt").key == "file_unreadable"


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 1024)
    monkeypatch.setattr(reading, "MAX_FILES", 3)
    put(
        tmp_path,
        {"large.txt": "x" * 2000, "many/1.txt": "1", "many/2.txt": "2", "many/3.txt": "3", "many/4.txt": "4"},
    )
    assert refusal(tmp_path / "large.txt").key == "file_too_large"
    assert refusal(tmp_path / "many").key == "too_many_files"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str):
    text = "“Où?” said Zoë — £5…"
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    (tmp_path / "a.txt").write_bytes((mark + text).encode(encoding))
    (story,) = read(tmp_path / "a.txt")
    assert story.chapters[0].scenes[0].text == text
    guessed = encoding == "cp1252"
    assert [problem.message for problem in story.problems] == [
        PROBLEMS["encoding_named"].format(encoding="Windows-1252")
    ] * guessed


def test_lost_characters_and_files_left_out_are_reported(tmp_path: Path):
    put(tmp_path / "s", {"1.md": "One.", "2.md": "Two.\n\nTh\ufffdee.", "cover.jpg": "x"})
    (story,) = read(tmp_path / "s")
    assert [(problem.file, problem.line) for problem in story.problems] == [("1.md", None), ("2.md", 3)]


def test_links_to_folders_are_not_followed(tmp_path: Path):
    put(tmp_path, {"a/1.md": "One."})
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert [story.slug for story in read(tmp_path)] == ["a"]


def test_links_that_lead_out_of_a_folder_are_not_followed(tmp_path: Path):
    put(tmp_path, {"secret.txt": "Secret.", "story/1.txt": "One.", "story/2.txt": "Two.", "other/1.txt": "Other."})
    for name, target in {"3.txt": "../secret.txt", "4.txt": "missing.txt", "5": "../other", "6.txt": "2.txt"}.items():
        (tmp_path / "story" / name).symlink_to(target)
    (story,) = read(tmp_path / "story")
    assert [chapter.scenes[0].text for chapter in story.chapters] == ["One.", "Two.", "Two."]
    assert [problem.message for problem in story.problems] == [
        PROBLEMS["link_left_out"].format(name=name) for name in ("3.txt", "4.txt", "5")
    ]
