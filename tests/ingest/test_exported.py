"""What is exported comes back exactly as it was."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.lines import lines_of
from bot.domain.story import (
    Chapter,
    Emphasis,
    Manuscript,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    Scene,
)
from bot.domain.text import display_form
from bot.ingest.exported import files_of, story_of_export, text_of
from bot.ingest.reading import read
from bot.stage.tour import CORPUS
from tests.support.builders import manuscript
from tests.support.laws import LAW, MARKUP, SNIPPETS

HOSTILE = (
    *SNIPPETS,
    "* * *",
    "---",
    "***",
    "# Chapter 4",
    "Chapter 4",
    "CHAPTER THE LAST",
    "title: Not the Title",
    "---\ntitle: Stolen\n---",
    "form: exact",
    "The End",
    "TBC",
    "A/N: sorry for the wait!",
    "Disclaimer: I own nothing.",
    "\\",
    "back\\slash",
    "ends in a backslash\\",
    "f**k",
    "5 * 3 * 2",
    "_under_ the *stars*",
    "`",
    "1984.",
    "O Captain\\\nmy\nCaptain",
    "Three score men\nand three score more\n went up the hill",
    "~~~\n===\n---",
    "Title\n=====",
    "<hr>",
    "oOo",
    "⁂",
    "&nbsp; &amp; &lt;",
    "“Go,” she said. “Now.”",
    "اَلْعَرَبِيَّةُ",
    "≮ é ö",
)

paragraphs = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(MARKUP + "aé中🐐 \n", max_size=8)), max_size=4).map(" ".join),
    st.text(max_size=30),
)


def _whole(text: str) -> str:
    """A paragraph as a scene holds it: shown text, without blank lines or white space at the edges of lines."""
    lines = (line.strip() for line in display_form(text).split("\n"))
    return "\n".join(line for line in lines if line)


@st.composite
def scenes(draw: st.DrawFn, first: bool) -> Scene:
    """A scene of any text that a reader of files can give, with emphasis anywhere."""
    whole = [text for text in map(_whole, draw(st.lists(paragraphs, min_size=1, max_size=4))) if text] or ["word"]
    emphasis: list[Emphasis] = []
    at = 0
    for text in whole:
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=5)))
        for start, end in pairwise(cuts):
            style = draw(st.sampled_from([None, (True, False), (False, True), (True, True)]))
            piece = text[start:end]
            if style and piece.strip():
                start += len(piece) - len(piece.lstrip())
                run = Emphasis(at + start, at + start + len(piece.strip()), *style)
                if emphasis and emphasis[-1].end == run.start and (emphasis[-1].italic, emphasis[-1].bold) == style:
                    run = replace(run, start=emphasis.pop().start)
                emphasis.append(run)
        at += len(text) + 2
    text = "\n\n".join(whole)
    marker = "" if first else draw(st.sampled_from(["* * *", "***", "\n\n\n", "#", "", "⁂", "<hr>", 'it\'s: "odd"\\']))
    return Scene(text=text, lines=(), emphasis=tuple(emphasis), marker=marker)


@st.composite
def stories(draw: st.DrawFn) -> Manuscript:
    names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20)).map(display_form)
    numbers = sorted(draw(st.sets(st.integers(0, 12), min_size=1, max_size=3)))
    chapters = [
        Chapter(
            number=number,
            scenes=(draw(scenes(True)), *draw(st.lists(scenes(False), max_size=2))),
            title=draw(st.none() | names),
            date=draw(st.none() | st.dates(date(100, 1, 1))),
        )
        for number in numbers
    ]
    return Manuscript(
        slug=draw(st.sampled_from(["the-salt-door", "a", "物語"])),
        title=draw(names),
        chapters=tuple(chapters),
        authors=tuple(draw(st.lists(names, max_size=2))),
        rating=draw(st.sampled_from(Rating)),
        warnings=tuple(draw(st.lists(names, max_size=2))),
        language=draw(st.sampled_from(["und", "en", "pt-BR"])),
        summary=draw(names),
        source=draw(names),
        permission=Permission(draw(st.sampled_from(PermissionFrom)), draw(st.sampled_from(PermissionFor))),
    )


def bare(story: Manuscript) -> Manuscript:
    """A story without what depends on where it was read, and without its lines."""
    return replace(
        story,
        chapters=tuple(
            replace(c, scenes=tuple(replace(s, lines=(), source_line=1) for s in c.scenes)) for c in story.chapters
        ),
        problems=(),
        set_aside=(),
    )


@LAW
@given(stories())
def test_any_story_comes_back_as_it_was(story: Manuscript):
    files = files_of(story)
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder) / "renamed"
        inside.mkdir()
        for name, text in files.items():
            (inside / name).write_bytes(text.encode())
        (again,) = read(inside)
    assert bare(again) == story
    assert again.problems == ()
    assert files_of(again) == files
    for chapter in again.chapters:
        for scene in chapter.scenes:
            assert "".join(scene.text.split()) == "".join(
                "".join(scene.text[line.start : line.end].split()) for line in scene.lines
            )


@pytest.mark.parametrize("story", read(CORPUS), ids=lambda story: story.slug)
def test_the_corpus_comes_back_line_by_line(story: Manuscript):
    files = files_of(story)
    again = story_of_export(files.pop("story.md"), list(files.items()))
    assert bare(again) == bare(story)
    assert [s.lines for c in again.chapters for s in c.scenes] == [s.lines for c in story.chapters for s in c.scenes]


@LAW
@given(stories())
def test_file_names_hold_nothing_but_slugs(story: Manuscript):
    for name in files_of(story):
        stem = name.removesuffix(".md")
        assert stem
        assert all(char.isalnum() or char == "-" for char in stem), name


def test_what_was_edited_by_hand_is_read():
    files = files_of(manuscript(["The sea. The sea.", "Oars."], ["Salt."]))
    text = files["01-chapter.md"].replace("\n\n* * *\n\nOars.", "\n\n* * *\n\nOars\nand *rowlocks*.\n\n* * *\n\nMore.")
    again = story_of_export(files["story.md"], [("01-chapter.md", text), ("02-chapter.md", files["02-chapter.md"])])
    assert [s.text for s in again.chapters[0].scenes] == ["The sea. The sea.", "Oars and rowlocks.", "More."]
    assert again.chapters[0].scenes[1].emphasis == (Emphasis(9, 17, italic=True, bold=False),)
    assert again.chapters[0].scenes[0].lines == lines_of("The sea. The sea.")


@pytest.mark.parametrize(
    ("broken", "key"),
    [
        ("---\nchapter: x\n---\n\nText.\n", "front_matter_value"),
        ("---\nchapter: 1\nbogus: 1\n---\n\nText.\n", "front_matter_key"),
        ("---\nchapter: 1\ndate: soon\n---\n\nText.\n", "front_matter_value"),
        ("Text.\n", "front_matter_yaml"),
        ("---\nchapter: [1\n---\n\nText.\n", "front_matter_yaml"),
        ("---\nchapter: &a 1\ntitle: *a\n---\n\nText.\n", "front_matter_yaml"),
        ("---\nchapter: 1\n---\n", "story_empty"),
    ],
)
def test_a_broken_file_is_refused_by_name(broken: str, key: str):
    head = files_of(manuscript(["Salt."]))["story.md"]
    with pytest.raises(BadInput) as refused:
        story_of_export(head, [("01.md", broken)])
    assert refused.value.key == key


def test_plain_text_has_title_chapters_and_breaks():
    story = replace(manuscript(["The sea.", "Oars."], ["Salt."]), warnings=("Salt",))
    assert text_of(story) == (
        "Title: The Salt Door\nAuthor: Peg Lanyon\nRating: teen\nWarnings: Salt\n\n"
        "Chapter 1\n\nThe sea.\n\n* * *\n\nOars.\n\nChapter 2\n\nSalt.\n"
    )
