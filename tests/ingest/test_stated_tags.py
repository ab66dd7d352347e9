"""What files of several kinds say of themselves reaches the rule on minors, and what they tell does not."""

from __future__ import annotations

import pytest

from bot.domain.minors import refused_tag
from bot.ingest.reading import read_attached

RAIN = "The rain came down on the harbour all night.\n\nShe said nothing. He left in the morning."
TEXT = f"Chapter 1\n\n{RAIN}\n"
MARKDOWN = f"# Chapter 1\n\n{RAIN}\n"
PAGE = "<html><head><title>X</title>{head}</head><body><h1>X</h1><p>The rain came down all night.</p></body></html>"


def tag_of(name: str, text: str) -> str | None:
    """The tag for which the story in a file is refused."""
    (story,) = read_attached(text.encode(), name)
    return refused_tag(story)


@pytest.mark.parametrize(
    "said",
    [
        "warnings: Violence; Underage",
        "warnings: Violence / Underage",
        "warnings:\n  - Violence, Underage",
        "content_warnings: [Underage]",
        "archive_warnings: Underage",
        "tags: [Fluff, Underage]",
        "keywords:\n  - Fluff\n  - Underage",
        "relationships: [Adult/Minor]",
    ],
)
def test_front_matter(said: str):
    assert tag_of("a.md", f"---\ntitle: X\nrating: explicit\n{said}\n---\n{MARKDOWN}") is not None


@pytest.mark.parametrize(
    "said",
    [
        "Warnings/tags: Underage Sex",
        "Warning(s): Underage/Chan",
        "CW: underage sex",
        "TW: underage sex\nCW: gore",
        "Trigger Warnings: underage sex",
        "Relationship: Adult/Minor",
        "Tags: #underagesex #angst",
        "Contains: underage sex",
    ],
)
def test_a_header(said: str):
    assert tag_of("a.txt", f"Title: X\nAuthor: Y\nRating: M\n{said}\n\n{TEXT}") is not None


def test_warnings_under_several_names_add_up():
    (story,) = read_attached(f"Title: X\nAuthor: Y\nCW: gore, war\nTW: floods, war\n\n{TEXT}".encode(), "a.txt")
    assert story.warnings == ("gore", "war", "floods")


@pytest.mark.parametrize("line", ["Warnings: underage sex", "Tags: lolicon"])
def test_below_a_chapters_heading(line: str):
    text = f"Title: X\nAuthor: Y\nRating: M\n\n{TEXT}\nChapter 2\n\n{line}\n\n{RAIN}\n"
    assert tag_of("a.txt", text) is not None


def test_the_keywords_of_a_page():
    head = '<meta name="Keywords" content="rain, lolicon; harbour">'
    assert tag_of("a.html", PAGE.format(head=head)) == "lolicon"
    (story,) = read_attached(PAGE.format(head='<meta name="keywords" content="rain">').encode(), "a.html")
    assert story.warnings == ()


def test_what_is_told_is_not_looked_at():
    told = f"{MARKDOWN}\nTags: Underage Sex\n\nUnderage sex is a crime, said the judge.\n"
    assert tag_of("a.md", f"---\ntitle: X\nwarnings: Underage Drinking\n---\n{told}") is None
