"""Markdown with front matter."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.story import Emphasis, Manuscript, Permission, PermissionFor, PermissionFrom, Rating
from bot.ingest import markdown
from bot.ingest.manuscripts import story_of_one_file
from tests.support.laws import LAW


def story(text: str) -> Manuscript:
    return story_of_one_file(markdown.read(text, "story.md"), "a-story")


def scene_texts(text: str) -> list[str]:
    return [scene.text for chapter in story(text).chapters for scene in chapter.scenes]


FRONT = """\
---
title: The Salt Door
authors: [Peg Lanyon, "A: B"]
rating: teen
warnings:
  - Violence
  - Broken bones
language: en
summary: >
  The Molar takes in prisoners
  and gives back salt.
permission:
  from: author
  for: excerpts
source: Written for Inglenook
chapter: 3
date: 1697-03-20
---

# What the Tube Said

At noon the tube said, “Psst.”
"""


def test_front_matter_is_understood():
    manuscript = story(FRONT)
    assert (manuscript.title, manuscript.slug, manuscript.authors) == (
        "The Salt Door",
        "the-salt-door",
        ("Peg Lanyon", "A: B"),
    )
    assert (manuscript.rating, manuscript.language) == (Rating.TEEN, "en")
    assert manuscript.warnings == ("Violence", "Broken bones")
    assert manuscript.summary == "The Molar takes in prisoners and gives back salt."
    assert manuscript.permission == Permission(PermissionFrom.AUTHOR, PermissionFor.EXCERPTS)
    assert manuscript.source == "Written for Inglenook"
    (chapter,) = manuscript.chapters
    assert (chapter.number, chapter.title, chapter.date) == (3, "What the Tube Said", date(1697, 3, 20))
    assert chapter.scenes[0].text == "At noon the tube said, “Psst.”"
    assert chapter.scenes[0].source_line == 22
    assert manuscript.problems == ()


@pytest.mark.parametrize(
    ("line", "permission"),
    [
        ("permission: author", Permission(PermissionFrom.AUTHOR, PermissionFor.FULL_TEXT)),
        ("permission: Public Domain", Permission(PermissionFrom.PUBLIC_DOMAIN, PermissionFor.FULL_TEXT)),
        ("permission: license", Permission(PermissionFrom.LICENCE, PermissionFor.FULL_TEXT)),
        ("permission: unknown", Permission(PermissionFrom.UNKNOWN, PermissionFor.EXCERPTS)),
        (
            "permission: {from: licence, for: full text}",
            Permission(PermissionFrom.LICENCE, PermissionFor.FULL_TEXT),
        ),
        ("source: nobody asked", Permission(PermissionFrom.UNKNOWN, PermissionFor.EXCERPTS)),
    ],
)
def test_permission_has_a_short_and_a_long_form(line: str, permission: Permission):
    assert story(f"---\n{line}\n---\nThe bell rang.").permission == permission


def test_a_title_is_text_whatever_yaml_would_make_of_it():
    assert story("---\ntitle: No\nauthor: 1984\n---\nThe bell rang.").title == "No"


@pytest.mark.parametrize(
    ("front", "key", "line"),
    [
        ("title: a: b", "front_matter_yaml", 2),
        ("title: x\nrating: [", "front_matter_yaml", 4),
        ("title: &a x\nsummary: *a", "front_matter_yaml", 3),
        ("title: x\ntitle: y", "front_matter_yaml", 3),
        ("authors: [[x]]", "front_matter_yaml", 2),
        ("permission: {from: {a: b}}", "front_matter_yaml", 2),
        ("title: x\n\nrating: spicy", "front_matter_value", 4),
        ("chapter: three", "front_matter_value", 2),
        ("date: yesterday", "front_matter_value", 2),
        ("language: English please", "front_matter_value", 2),
        ("permission: my cousin", "front_matter_value", 2),
        ("permission: {for: excerpts}", "front_matter_value", 2),
        ("title: [x]", "front_matter_value", 2),
        ("a: " + "[" * 5000 + "]" * 5000, "front_matter_yaml", 2),
    ],
)
def test_bad_front_matter_is_refused_with_its_line(front: str, key: str, line: int):
    with pytest.raises(BadInput) as refusal:
        story(f"---\n{front}\n---\nThe bell rang.")
    assert refusal.value.key == key
    assert refusal.value.values["line"] == line
    assert refusal.value.values["file"] == "story.md"


def test_front_matter_must_end_and_be_short():
    with pytest.raises(BadInput) as refusal:
        story("---\ntitle: x\nThe bell rang.")
    assert refusal.value.key == "front_matter_open"
    with pytest.raises(BadInput) as refusal:
        story(f"---\nsummary: {'x' * 20_000}\n---\nThe bell rang.")
    assert refusal.value.key == "front_matter_too_long"


def test_a_rule_at_the_top_is_no_front_matter():
    assert scene_texts("---\n\nThe bell rang.\n\n---\n\nIt rang: again.") == [
        "The bell rang.",
        "It rang: again.",
    ]


def test_paragraphs_verse_and_hard_breaks():
    text = "One line\nand its end.\n\nRoses are red,  \nviolets blue,\\\nso it goes.\n\n    indented\n- a\n- b"
    assert scene_texts(text)[0].split("\n\n") == [
        "One line and its end.",
        "Roses are red,\nviolets blue,\nso it goes.",
        "indented\n- a\n- b",
    ]


def test_verse_without_hard_breaks_is_verse_all_the_same():
    verse = "Roses are red,\nViolets are blue,\nNobody told them\nWhat roses do."
    assert scene_texts(f"The bell rang.\n\n{verse}")[0].split("\n\n")[1] == verse


@pytest.mark.parametrize("mark", ["***", "* * *", "---", "~", "#", "⁂", "oOo", "<hr>"])
def test_ornaments_part_scenes_with_and_without_blank_lines(mark: str):
    assert scene_texts(f"It rang.\n\n{mark}\n\nShe ran.\n{mark}\nIt rained.") == [
        "It rang.",
        "She ran.",
        "It rained.",
    ]


def test_headings_are_chapters_and_one_above_them_the_title():
    manuscript = story(
        "# The *Salt* Door\n\n## The Loaf\n\nOne.\n\n## Chapter 2: The Tube\n\nTwo.\n\n### Later\n\nThree."
    )
    assert manuscript.title == "The Salt Door"
    assert [(chapter.number, chapter.title) for chapter in manuscript.chapters] == [
        (1, "The Loaf"),
        (2, "The Tube"),
    ]
    assert [scene.text for scene in manuscript.chapters[1].scenes] == ["Two.", "Later\n\nThree."]
    assert manuscript.chapters[1].scenes[1].emphasis == (Emphasis(0, 5, italic=False, bold=True),)


def test_a_single_heading_is_the_title_of_the_story():
    manuscript = story("# The Salt Door\n\nThe bell rang.")
    assert (manuscript.title, manuscript.chapters[0].title) == ("The Salt Door", None)


def test_a_hash_without_a_space_is_text():
    assert scene_texts("#saltdoor\n\nThe bell rang.") == ["#saltdoor\n\nThe bell rang."]


SIGNS = "*_\\#-~`>|[]()<&:.!?“”’é漢 "
WORD = st.text("abcXYZ" + SIGNS.strip(), min_size=1, max_size=6).filter(lambda word: any(c.isalpha() for c in word))
RUN = st.tuples(
    st.lists(WORD, min_size=1, max_size=4).map(" ".join),
    st.sampled_from([(False, False), (True, False), (False, True), (True, True)]),
)
PARAGRAPH = st.lists(RUN, min_size=1, max_size=4)
SCENES = st.lists(st.lists(PARAGRAPH, min_size=1, max_size=3), min_size=1, max_size=3)
MARK = {(False, False): "", (True, False): "*", (False, True): "**", (True, True): "***"}


def written(scenes: list[list[list[tuple[str, tuple[bool, bool]]]]]) -> str:
    """A plain Markdown writer: every special character escaped, emphasis between spaces."""

    def escaped(text: str) -> str:
        return "".join(f"\\{char}" if char in "\\*_<&[" else char for char in text)

    # Letters at both ends, so that it is plain where emphasis begins and ends and no ornament comes about.
    return "\n\n***\n\n".join(
        "\n\n".join(
            "So " + " ".join(f"{MARK[kind]}a{escaped(text)}z{MARK[kind]}" for text, kind in paragraph) + " it goes."
            for paragraph in scene
        )
        for scene in scenes
    )


@settings(LAW, max_examples=50)
@given(SCENES)
def test_what_was_written_is_read(scenes: list[list[list[tuple[str, tuple[bool, bool]]]]]):
    read = story("Once.\n\n" + written(scenes)).chapters[0].scenes
    texts = ["\n\n".join("So " + " ".join(f"a{t}z" for t, _ in p) + " it goes." for p in scene) for scene in scenes]
    texts[0] = "Once.\n\n" + texts[0]
    assert [scene.text for scene in read] == texts
    found = [(scene.text[run.start : run.end], (run.italic, run.bold)) for scene in read for run in scene.emphasis]
    meant = [(f"a{text}z", kind) for scene in scenes for paragraph in scene for text, kind in paragraph if any(kind)]
    assert found == meant


@LAW
@given(st.lists(st.text('abc XYZ*_\\#-."“ 1)\t', max_size=40), max_size=20))
def test_reading_loses_and_moves_no_letter(lines: list[str]):
    source = markdown.read("\n".join(["Once.", *lines]), "story.md")
    letters = [char for block in source.blocks for char in block.text if char.isalnum()]
    assert letters == [char for line in ["Once.", *lines] for char in line if char.isalnum()]
