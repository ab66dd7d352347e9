"""Plain text and Markdown that mean harm: each is read or refused, by patterns that look at each letter a few times.

The floods are long enough that a pattern which goes back over them would not end.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.dialogue import Marks, speeches
from bot.domain.errors import BadInput
from bot.domain.story import Manuscript
from bot.domain.text import clean
from bot.ingest import plaintext
from bot.ingest.reading import read_attached
from bot.strings import PROBLEMS

FLOOD = 300_000
HEADER = "Title: The Salt Door\nAuthor: Peg\nRating: T\n\n"
WORK = "Rating:\nTeen\nArchive Warning:\nNone\nStats:\nWords: 3\nThe Tide\npeg\nSummary:\nx\n\n"


def read(text: str, name: str = "a.txt") -> Manuscript:
    (story,) = read_attached(text.encode(), name)
    return story


def told(story: Manuscript) -> str:
    return "\n\n".join(scene.text for chapter in story.chapters for scene in chapter.scenes)


KEPT: dict[str, str] = {
    "quotes": "One day.\n\n" + '"' * FLOOD + "\n\nThe end came.",
    "brackets": "One day.\n\n" + "[" * FLOOD + "x\n\nThe end came.",
    "rules": "One day.\n\nx " + "- " * FLOOD + "x\n\nThe end came.",
    "address": "One day.\n\nIt rang.\n\nwww." + "!" * FLOOD + " a",
    "letters": "One day.\n\nIt rang.\n\n" + "a" * FLOOD,
    "dots": "One day.\n\nx" + "." * FLOOD + "x\n\nThe end came.",
}


@pytest.mark.parametrize("name", KEPT)
def test_a_flood_is_text(name: str):
    words = KEPT[name].split()
    story = read(KEPT[name])
    kept = f"{told(story)} {' '.join(piece.text for piece in story.set_aside)} {' '.join(c.title or '' for c in story.chapters)}"
    assert sorted(kept.split()) == sorted(words)


@pytest.mark.parametrize("key", ["Author", "Subject", "Title", "Rating", "From"])
@pytest.mark.parametrize("value", ["a" * FLOOD, "x " + "- " * FLOOD + "x", "x" + "(" * FLOOD])
def test_a_flood_in_a_header_is_no_fact_and_set_aside(key: str, value: str):
    story = read(f"Fandom: Salt\n{key}: {value}\nDisclaimer: none\n\nThe bell rang.")
    assert told(story) == "The bell rang."
    assert [piece.text for piece in story.set_aside if piece.kind == key.casefold()] == [value]
    assert len(story.title) < 1000


def test_entries_with_wide_gaps_are_looked_at_once():
    lines = [f"a{' ' * 100}b{n}" for n in range(2000)]
    story = read("CONTENTS\n\nThe Bell\n\n" + "\n\n".join(lines))
    assert told(story).split()[-4000:] == [word for n in range(2000) for word in ("a", f"b{n}")]


def test_a_work_of_very_many_chapters_is_refused():
    with pytest.raises(BadInput) as refused:
        read(WORK + "".join(f"Chapter {n}\nChapter Text\n\nRain.\n\n" for n in range(1, 6000)))
    assert refused.value.key == "story_too_large"


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_more_emphasis_than_words_is_refused(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plaintext, "_MOST_MARKS", 10)
    assert told(read("It was *hers*. " * 5, name)).count("hers") == 5
    with pytest.raises(BadInput) as refused:
        read("It was *hers*. " * 6, name)
    assert refused.value.values["what"] == "marks of emphasis"


def test_ornaments_are_no_marks_of_emphasis(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plaintext, "_MOST_MARKS", 10)
    assert told(read("A bell.\n\n* * * * * * * * * * * *\n\nA door.")) == "A bell.\n\nA door."


@pytest.mark.parametrize("marks", Marks)
def test_an_ornament_of_quotation_marks_is_no_speech(marks: Marks):
    assert speeches("\"a'" * 60, 0, 180, marks) == []
    few = "“Go.” ‘Go.’"
    assert speeches(few, 0, len(few), marks)


@pytest.mark.parametrize("letter", ["a", "é", "я", "語", "😀"])
def test_joiners_are_thinned_out_wherever_a_long_text_is_cut(letter: str):
    assert clean(f"{letter}\u200d\u200d\u200d" * 70_000) == f"{letter}\u200d" * 70_000


@pytest.mark.parametrize("accented", ["e\u0301", "e\0\u0301", "e\u200b\u0301"])
def test_no_accent_is_cut_from_its_letter(accented: str):
    assert clean(accented * 100_000) == "é" * 100_000


NULS: dict[str, Callable[[], bytes]] = {
    "one": lambda: b"The bell\0 rang.\n\nIt rang.",
    "some": lambda: b"The bell rang.\0\n\n" * 10,
}


@pytest.mark.parametrize("name", NULS)
def test_nuls_in_a_text_are_taken_out_and_said(name: str):
    data = NULS[name]()
    (story,) = read_attached(data, "a.txt")
    assert told(story) == data.replace(b"\0", b"").decode().strip()
    said = PROBLEMS["nuls_removed"].format(count=data.count(b"\0"))
    assert [(problem.line, problem.message) for problem in story.problems] == [(1, said)]
