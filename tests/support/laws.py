"""What the property tests share: how hard they try, and story text of every kind."""

from __future__ import annotations

from itertools import pairwise

import regex
from hypothesis import settings
from hypothesis import strategies as st

from bot.domain.story import Emphasis

LAW = settings(deadline=None, max_examples=60)
"""No deadline: a slow machine is no broken rule."""

MARKUP = "\\*_~`|<>[]()@#&:!/+-.=123"
"""What Discord's Markdown is made of."""

SNIPPETS = (
    "@everyone",
    "@here",
    "<@123456789012345678>",
    "<@!1>",
    "<@&123>",
    "<#123>",
    "<t:1700000000:R>",
    "<:oar:123>",
    "<a:oar:123>",
    "</find:123>",
    "<id:customize>",
    "<https://a.example>",
    "https://a.example/b_c_d",
    "[here](https://a.example)",
    "||hush||",
    "**loud**",
    "***",
    "~~gone~~",
    "`code`",
    "```\ncode\n```",
    ":smile:",
    "# Title",
    "## Title",
    "-# small",
    "> quoted",
    ">>> quoted",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1944. October",
    "12) item",
    " - indented",
    "¯\\_(ツ)_/¯",
    "“Go,” she said.",
    "word",
    "👩‍👩‍👧‍👦",
    "🇫🇷🇩🇪",
    "e\u0301",
    "한국어",
    "物語",
    "क्षि",
)
"""Markup whole, and characters that are made of several code points."""

_CHARACTERS = st.one_of(
    st.sampled_from(MARKUP),
    st.sampled_from("abcXYZé \n"),
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")),
)
_PIECES = st.one_of(_CHARACTERS, st.sampled_from(SNIPPETS), st.just(" "), st.just("\n\n"))


def _as_scene(text: str) -> str:
    """The promises of ``Scene.text``: bare edges, one blank line between paragraphs."""
    return regex.sub(r"\n{3,}", "\n\n", text).strip()


def story_text(*, min_size: int = 0, max_pieces: int = 40) -> st.SearchStrategy[str]:
    """Text that a scene may hold, full of what could be taken for markup."""
    texts = st.lists(_PIECES, max_size=max_pieces).map("".join).map(_as_scene)
    return texts.filter(lambda text: len(text) >= min_size)


@st.composite
def emphasis_in(draw: st.DrawFn, text: str) -> tuple[Emphasis, ...]:
    """Runs as ``Emphasis`` promises them: in order, apart, inside a paragraph, bare edges."""
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    runs: list[Emphasis] = []
    for start, end in pairwise(cuts):
        if not draw(st.booleans()):
            continue
        paragraph = text.find("\n\n", start, end)
        end = end if paragraph < 0 else paragraph
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start < end:
            italic, bold = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
            runs.append(Emphasis(start, end, italic, bold))
    return tuple(runs)


def grapheme_ends(text: str) -> list[int]:
    """Where ``text`` may be cut without cutting a character as people see them."""
    return [found.end() for found in regex.finditer(r"\X", text)]
