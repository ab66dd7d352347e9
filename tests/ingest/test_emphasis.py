"""Emphasis marks of Markdown and of plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.story import Emphasis
from bot.ingest.emphasis import read_markdown, read_plain
from tests.support.laws import LAW, story_text

ITALIC, BOLD, BOTH = (True, False), (False, True), (True, True)


def marked(text: str, runs: tuple[Emphasis, ...]) -> list[tuple[str, tuple[bool, bool]]]:
    return [(text[run.start : run.end], (run.italic, run.bold)) for run in runs]


MARKED = [
    ("so *very* good", "so very good", [("very", ITALIC)]),
    ("so _very_ good", "so very good", [("very", ITALIC)]),
    ("**Halt!** he said", "Halt! he said", [("Halt!", BOLD)]),
    ("__Halt!__ he said", "Halt! he said", [("Halt!", BOLD)]),
    ("***no***", "no", [("no", BOTH)]),
    ("*one **two** three*", "one two three", [("one", ITALIC), ("two", BOTH), ("three", ITALIC)]),
    ("*one*, *two*", "one, two", [("one", ITALIC), ("two", ITALIC)]),
    ('*"Hello,"* he said', '"Hello," he said', [('"Hello,"', ITALIC)]),
    ("“*so*”", "“so”", [("so", ITALIC)]),
    ("*a verse\nof two*", "a verse\nof two", [("a verse\nof two", ITALIC)]),
    ("*one* two*", "one two*", [("one", ITALIC)]),
    ("_He said *no* to me_", "He said no to me", [("He said no to me", ITALIC)]),
]
LITERAL = [
    *("5 * 3 = 15", "5*3*2", "* * *", "2 ** 3", "snake_case_name", "f*ck and sh*t", "f**k that, f**k it all"),
    *(
        "*unclosed",
        "unopened*",
        "a_b_c",
        "f*** you",
        "** **",
        "a * b * c",
        "_",
        "*",
        "__init",
        "100% *",
        "*\n",
    ),
]


@pytest.mark.parametrize(("source", "text", "runs"), MARKED)
@pytest.mark.parametrize("read", [read_markdown, read_plain])
def test_emphasis_is_read(read, source: str, text: str, runs: list[tuple[str, tuple[bool, bool]]]):
    found = read(source)
    assert found[0] == text
    assert marked(*found) == runs


@pytest.mark.parametrize("source", LITERAL)
@pytest.mark.parametrize("read", [read_markdown, read_plain])
def test_asterisks_and_underscores_that_are_no_emphasis_stay(read, source: str):
    assert read(source) == (source, ())


def test_a_backslash_makes_markdown_literal_and_nothing_else():
    assert read_markdown(r"\*no\* \_no\_ C:\new \\") == (r"*no* _no_ C:\new " + "\\", ())
    assert read_plain(r"C:\new") == (r"C:\new", ())


def test_markdown_beyond_emphasis_is_literal():
    source = "`code` [a](b) <b>x</b> &amp; ~~gone~~ > quote ![](x) https://a.example"
    assert read_markdown(source) == (source, ())


SOURCES = st.one_of(
    story_text(),
    st.lists(
        st.sampled_from(["*", "**", "***", "_", "__", "a", "b c", " ", "\n", "\\", "1", "“", "é"]),
        max_size=24,
    ).map("".join),
)


@LAW
@given(SOURCES, st.sampled_from([read_markdown, read_plain]))
def test_runs_are_in_order_apart_and_bare_at_their_edges(source: str, read):
    text, runs = read(source)
    at = 0
    for run in runs:
        assert at <= run.start < run.end <= len(text)
        assert text[run.start : run.end] == text[run.start : run.end].strip()
        assert run.italic or run.bold
        at = run.end


@LAW
@given(SOURCES, st.sampled_from([read_markdown, read_plain]))
def test_nothing_but_marks_and_backslashes_is_taken_out(source: str, read):
    def bare(text: str) -> str:
        return "".join(char for char in text if char not in "*_\\" and not char.isspace())

    assert bare(read(source)[0]) == bare(source)


def test_a_flood_of_marks_is_read_in_linear_time():
    for flood in ("*a " * 30_000, "a*b" * 30_000, "*a* **b** " * 10_000, "*" * 100_000):
        assert read_plain(flood)[0]
        assert read_plain(flood[:40_000])[0]
