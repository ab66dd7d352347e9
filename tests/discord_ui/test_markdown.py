"""What is written can be read back, and nothing of a story becomes markup that its author did not set."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_ui.markdown import escape, write
from bot.discord_ui.render import DiscordTypesetter
from bot.domain.story import Emphasis
from tests.support.laws import LAW, SNIPPETS, emphasis_in, story_text
from tests.support.markdown_reader import (
    BOLD,
    ITALIC,
    Reading,
    as_discord_reads,
    read_back,
)
from tests.support.simcord_reader import as_simcord_shows


def emphasis(text: str, words: str, *, italic: bool = True, bold: bool = False) -> Emphasis:
    start = text.index(words)
    return Emphasis(start, start + len(words), italic, bold)


@st.composite
def _passages(draw: st.DrawFn):
    """A text, its emphasis, a span of it and perhaps a highlight."""
    text = draw(story_text())
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    highlight = None
    if text and draw(st.booleans()):
        first = draw(st.integers(0, len(text) - 1))
        highlight = (first, draw(st.integers(first + 1, len(text))))
    return text, draw(emphasis_in(text)), start, end, highlight


def wanted(text: str, runs, start: int, end: int, highlight) -> tuple[str, list[tuple[str, int]]]:
    """What a reader should see: the characters, and how those look that are not white space."""
    styles = [0] * len(text)
    for run in runs:
        for at in range(run.start, run.end):
            styles[at] |= ITALIC * run.italic | BOLD * run.bold
    for at in range(*(highlight or (0, 0))):
        styles[at] |= BOLD
    pairs = [(c, s) for c, s in zip(text[start:end], styles[start:end], strict=True) if not c.isspace()]
    return text[start:end].strip(), pairs


def seen(reading: Reading) -> tuple[str, list[tuple[str, int]]]:
    return reading.text, reading.words


@LAW
@given(case=_passages())
def test_what_is_written_can_be_read_back(case):
    text, runs, start, end, highlight = case
    written = write(text, runs, start, end, highlight=highlight)

    assert seen(read_back(written)) == wanted(text, runs, start, end, highlight)


@LAW
@given(case=_passages())
def test_discord_shows_what_the_author_wrote_and_makes_nothing_else_of_it(case):
    text, runs, start, end, highlight = case
    reading = as_discord_reads(write(text, runs, start, end, highlight=highlight))

    assert reading.made == []
    assert seen(reading) == wanted(text, runs, start, end, highlight)


_ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
_ANYWHERE = re.compile(r"<[@#:/at]|<id:|@everyone|@here|\|\||`|~~|__|\]\(|:[\w+-]+:|://")
_LINE_START = re.compile(r"^[ *\u200b]*(?:#{1,3}|-#|>|>>>|[+-]|\d+[.)])(?:\s|$)", re.MULTILINE)


@LAW
@given(case=_passages())
def test_nothing_in_it_could_be_markup_unless_escaped(case):
    text, runs, start, end, highlight = case
    bare = _ESCAPED.sub("¤", write(text, runs, start, end, highlight=highlight))

    assert not _ANYWHERE.search(bare)
    assert not _LINE_START.search(bare)


@LAW
@given(text=story_text())
def test_names_are_shown_letter_by_letter(text: str):
    reading = as_discord_reads(escape(text))

    assert reading.made == []
    assert reading.text == text


@LAW
@given(case=_passages(), more=st.integers(0, 30))
def test_a_longer_span_is_never_shorter_when_written(case, more: int):
    """Parts are cut by searching for the longest span that fits, which needs this."""
    text, runs, start, end, _ = case
    width = DiscordTypesetter().width

    assert width(write(text, runs, start, end)) <= width(write(text, runs, start, min(len(text), end + more)))


# ------------------------------------------------------------------- SimCord's parser, as another reader

# SimCord takes the escaped "-# " for subtext as well, which Discord does not.
_KNOWN_TO_SIMCORD = [snippet for snippet in SNIPPETS if not snippet.startswith("-#")]
_WORDS = st.lists(
    st.one_of(
        st.text("abcdefgh", min_size=1, max_size=6),
        st.sampled_from([s for s in _KNOWN_TO_SIMCORD if "\n" not in s and s == s.strip()]),
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def _whole_words(draw: st.DrawFn):
    """Text whose emphasis stands on whole plain words, where CommonMark and Discord agree."""
    words = draw(_WORDS)
    gaps = [draw(st.sampled_from([" ", " ", "\n", "\n\n"])) for _ in words]
    text, runs, at = "", [], 0
    for word, gap in zip(words, gaps, strict=True):
        if word.isalpha() and word.isascii() and draw(st.booleans()):
            italic, bold = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
            runs.append(Emphasis(at, at + len(word), italic, bold))
        text += word + gap
        at = len(text)
    return text.strip(), tuple(runs)


@LAW
@given(case=_whole_words())
def test_simcord_shows_what_the_author_wrote(case):
    text, runs = case
    reading = as_simcord_shows(write(text, runs))
    _, styled = wanted(text, runs, 0, len(text), None)

    assert reading.made == []
    assert "".join(reading.text.split()) == "".join(text.split())
    assert reading.words == styled


@pytest.mark.parametrize("snippet", _KNOWN_TO_SIMCORD)
def test_simcord_sees_no_markup_in_a_name(snippet: str):
    reading = as_simcord_shows(escape(snippet))

    assert reading.made == []
    assert "".join(reading.text.split()) == "".join(snippet.split())


# ------------------------------------------------------------------------------------------ by example


def test_italics_and_bold_are_kept():
    text = "She never said it."
    assert write(text, [emphasis(text, "never")]) == "She *never* said it."
    assert write(text, [emphasis(text, "never", italic=False, bold=True)]) == "She **never** said it."
    assert write(text, [emphasis(text, "never", bold=True)]) == "She ***never*** said it."


def test_emphasis_that_a_cut_divides_is_closed_and_opened_again():
    text = "All of this is stressed."
    run = [Emphasis(0, len(text), italic=True, bold=False)]

    assert write(text, run, 0, 12) == "*All of this*"
    assert write(text, run, 12) == "*is stressed.*"


def test_emphasis_never_spans_a_line_break():
    text = "rain on the roof\nrain on the road"
    assert write(text, [Emphasis(0, len(text), True, False)]) == "*rain on the roof*\n*rain on the road*"


def test_two_runs_side_by_side_stay_two():
    text = "himself"
    runs = [Emphasis(0, 3, True, False), Emphasis(3, 7, False, True)]

    reading = as_discord_reads(write(text, runs))
    assert reading.styled(ITALIC) == "him"
    assert reading.styled(BOLD) == "self"


def test_the_highlight_is_bold_and_keeps_the_italics_under_it():
    text = "The river remembers every oar."
    written = write(text, [emphasis(text, "remembers every")], highlight=(4, 19))

    reading = as_discord_reads(written)
    assert reading.styled(BOLD) == "river"
    assert reading.styled(ITALIC | BOLD) == "remembers"
    assert reading.styled(ITALIC) == "every"


def test_asterisks_and_underscores_of_the_author_stay():
    text = "2 * 3 * 4, snake_case_name, **not bold**"
    reading = as_discord_reads(write(text, []))

    assert reading.text == text
    assert set(reading.styles) == {0}


@pytest.mark.parametrize(
    "line",
    [
        "# Title",
        "## Title",
        "-# small",
        "> said",
        ">>> said",
        "- item",
        "+ item",
        "* item",
        "1. one",
        "2) two",
    ],
)
@pytest.mark.parametrize("before", ["", "First.\n", "First.\n\n", "First.\n "])
def test_a_line_that_begins_like_markup_is_just_a_line(line: str, before: str):
    reading = as_discord_reads(write(before + line, []))

    assert reading.made == []
    assert reading.text == before + line


@pytest.mark.parametrize("line", ["# Title", "> said", "- item", "1. one"])
def test_emphasis_at_the_start_of_a_line_hides_no_markup(line: str):
    for run in (
        Emphasis(0, 1, True, False),
        Emphasis(0, len(line), False, True),
        Emphasis(2, len(line), True, False),
    ):
        reading = as_discord_reads(
            write("First.\n" + line, [Emphasis(run.start + 7, run.end + 7, run.italic, run.bold)])
        )
        assert reading.made == []
        assert reading.text == "First.\n" + line


def test_emphasis_that_begins_like_markup_is_just_emphasis():
    text = "three > two"
    reading = as_discord_reads(write(text, [emphasis(text, "> two")]))

    assert reading.made == []
    assert reading.styled(ITALIC).replace(" ", "") == ">two"


def test_a_name_between_colons_is_no_emoji():
    assert as_discord_reads(write("He typed :fire: and left at 12:30:45.", [])).made == []


def test_an_address_in_prose_is_text():
    """As a link Discord would show it with the backslashes that stand before its underscores."""
    text = "It said https://a.example/under_the_oak_(part_2)?full=true and no more."
    reading = as_discord_reads(write(text, []))

    assert reading.made == []
    assert reading.text == text


def test_the_edges_of_a_span_are_trimmed():
    assert write("one two three", [], 3, 8) == "two"
    assert write("one\n\ntwo", [], 3, 5) == ""


# ------------------------------------------------------------------- the readers themselves can be trusted


@pytest.mark.parametrize(
    "markup",
    [
        "@everyone",
        "<@1>",
        "<@&1>",
        "<#1>",
        "<t:1>",
        "<:oar:1>",
        "</find:1>",
        "||hush||",
        "~~gone~~",
        "`code`",
        "__under__",
        "_under_",
        "[here](https://a.example)",
        ":smile:",
        "# Title",
        "-# small",
        "> said",
        "- item",
        "* item",
        "1. item",
        "*> said*",
        "https://a.example",
    ],
)
def test_the_reader_of_discords_grammar_sees_markup(markup: str):
    assert as_discord_reads(markup).made


@pytest.mark.parametrize("reader", [read_back, as_discord_reads, as_simcord_shows])
def test_every_reader_sees_emphasis(reader):
    reading = reader("a *b* **c** ***d*** \\*e\\*")

    assert reading.text == "a b c d *e*"
    assert [reading.styled(style).strip() for style in (ITALIC, BOLD, ITALIC | BOLD)] == ["b", "c", "d"]
