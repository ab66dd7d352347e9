"""Two ways to read back what was written in Discord's Markdown, neither of which knows the writer.

``read_back`` is the plain rule: a backslash before punctuation stands for that character, any other
asterisk switches emphasis, a zero-width space is nothing. ``as_discord_reads`` follows the grammar that
Discord's clients parse messages by (simple-markdown with Discord's own rules), so that it sees what
would become a mention, a list or a link there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ITALIC, BOLD = 1, 2
ZERO_WIDTH_SPACE = "\u200b"

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")


@dataclass
class Reading:
    """What a reader sees: every character with its style, and whatever else the markup made."""

    text: str = ""
    styles: list[int] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    """Headings, lists, mentions and the like, as (kind: source)."""

    def see(self, character: str, style: int) -> None:
        if character != ZERO_WIDTH_SPACE:
            self.text += character
            self.styles.append(style)

    @property
    def words(self) -> list[tuple[str, int]]:
        """The characters that can look emphasised, with their style: white space looks the same in any."""
        return [(c, s) for c, s in zip(self.text, self.styles, strict=True) if not c.isspace()]

    def styled(self, style: int) -> str:
        """Everything that stands in exactly that style."""
        return "".join(c for c, s in zip(self.text, self.styles, strict=True) if s == style)


def read_back(content: str) -> Reading:
    """Read by the plain rule."""
    reading = Reading()
    style = at = 0
    while at < len(content):
        if escaped := _ESCAPE.match(content, at):
            reading.see(escaped[1], style)
            at = escaped.end()
        elif content[at] == "*":
            stars = re.compile(r"\*+").match(content, at)
            assert stars is not None
            assert len(stars[0]) <= 3, f"{stars[0]} switches nothing"
            style ^= len(stars[0])
            at = stars.end()
        else:
            reading.see(content[at], style)
            at += 1
    assert style == 0, "emphasis is never closed"
    return reading


# What Discord's clients make of a message's source, wherever they meet it ...
_INLINE = {
    "code block": re.compile(r"```[\s\S]+?```"),
    "code": re.compile(r"(`+)[\s\S]*?[^`]\1(?!`)"),
    "spoiler": re.compile(r"\|\|[\s\S]+?\|\|"),
    "strike": re.compile(r"~~[\s\S]+?~~"),
    "underline": re.compile(r"__(?:\\[\s\S]|[^\\])+?__(?!_)"),
    "mention": re.compile(r"<(?:@[!&]?|#)\d+>|@everyone|@here"),
    "timestamp": re.compile(r"<t:-?\d{1,17}(?::[tTdDfFsSR])?>"),
    "custom emoji": re.compile(r"<a?:\w+:\d+>"),
    "command": re.compile(r"</[^:\n]+:\d+>"),
    "navigation": re.compile(r"<id:\w+>"),
    "emoji": re.compile(r":[\w+-]+:"),
    "link": re.compile(r"\[[^\]\n]+\]\(<?https?://[^)\s]+\)"),
    "bracketed address": re.compile(r"<https?://[^>\s]+>"),
}
_UNDERSCORED = re.compile(r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b")
# ... and only where a line begins.
_LINE = {
    "quote": re.compile(r" *>(?:>>)? "),
    "heading": re.compile(r" *#{1,3} +\S"),
    "subtext": re.compile(r" *-# +\S"),
    "list": re.compile(r" *(?:[*+-]|\d+\.) +"),
}
_ADDRESS = re.compile(r"https?://[^\s<]+[^<.,:;\"'\]\s]")


def as_discord_reads(content: str) -> Reading:
    """Read by the grammar of Discord's clients."""
    reading = Reading()
    _inline(content, 0, reading)
    return reading


def _inline(source: str, style: int, reading: Reading) -> None:
    at = 0
    while at < len(source):
        # Inside emphasis the parser begins anew, so the start of a run counts as that of a line.
        if at == 0 or source[at - 1] == "\n":
            for kind, rule in _LINE.items():
                if found := rule.match(source, at):
                    reading.made.append(f"{kind}: {source[at : at + 30]!r}")
                    at = found.end() if kind == "quote" else at
                    break
        if escaped := _ESCAPE.match(source, at):
            reading.see(escaped[1], style)
            at = escaped.end()
            continue
        if address := _ADDRESS.match(source, at):
            # Discord takes an address as it stands, backslashes and all.
            reading.made.append(f"address: {address[0]}")
            for character in address[0]:
                reading.see(character, style)
            at = address.end()
            continue
        emphasis = _longest(_em(source, at), _strong(source, at))
        if emphasis is not None:
            added, inner, end = emphasis
            _inline(inner, style | added, reading)
            at = end
            continue
        for kind, rule in _INLINE.items():
            if found := rule.match(source, at):
                reading.made.append(f"{kind}: {found[0]!r}")
        if found := _UNDERSCORED.match(source, at):
            reading.made.append(f"underscored emphasis: {found[0]!r}")
        reading.see(source[at], style)
        at += 1


_Emphasis = tuple[int, str, int]


def _longest(*found: _Emphasis | None) -> _Emphasis | None:
    """Of two readings the longer wins, and of equal ones the first."""
    return max((f for f in found if f is not None), key=lambda f: f[2], default=None)


_EM_PIECE = re.compile(r"\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\]")


def _em(source: str, at: int) -> _Emphasis | None:
    """One asterisk, something that neither begins nor ends with white space, one asterisk."""
    if source[at] != "*" or at + 1 >= len(source) or source[at + 1].isspace():
        return None
    end = at + 1
    while True:
        if end > at + 1 and source[end : end + 1] == "*" and source[end + 1 : end + 2] != "*":
            return ITALIC, source[at + 1 : end], end + 1
        piece = _EM_PIECE.match(source, end)
        if piece is None:
            return None
        end = piece.end()


_STRONG = re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")


def _strong(source: str, at: int) -> _Emphasis | None:
    found = _STRONG.match(source, at)
    return (BOLD, found[1], found.end()) if found else None
