"""What SimCord's preview, another hand's reading of Discord's Markdown, makes of a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from tests.support.markdown_reader import BOLD, ITALIC, Reading

_STYLES = {"em": ITALIC, "strong": BOLD}
_PLAIN = {"inline", "paragraph"}


class _Anybody(dict[str, Any]):
    """A server in which every id belongs to somebody: whatever can be a mention is one."""

    def get(self, key: str, default: Any = None) -> Any:
        return "somebody"


_CONTEXT = {"users": _Anybody(), "roles": _Anybody(), "channels": _Anybody(), "everyone": True}


def as_simcord_shows(content: str, field: str = "message") -> Reading:
    """Read with SimCord's parser; skips the test where its page is not installed."""
    pytest.importorskip("markdown_it", reason="SimCord's page (the preview extra) is not installed")
    pytest.importorskip("linkify_it", reason="SimCord's page (the preview extra) is not installed")
    from simcord.preview._markdown import markdown_tokens

    reading = Reading()
    _walk(markdown_tokens(content, field, context=_CONTEXT), reading)
    return reading


def _walk(tokens: Iterable[Mapping[str, Any]], reading: Reading, style: int = 0) -> None:
    link_from, address = 0, ""
    for token in tokens:
        kind = str(token["type"])
        name, _, side = kind.rpartition("_")
        if kind == "link_open":
            link_from, address = len(reading.text), str(token["href"])
        elif kind == "link_close":
            if reading.text[link_from:] != address:
                reading.made.append(f"masked link to {address}")
        elif kind == "text":
            for character in str(token["content"]):
                reading.see(character, style)
        elif kind == "break":
            reading.see("\n", style)
        elif name in _STYLES:
            style = style | _STYLES[name] if side == "open" else style & ~_STYLES[name]
        else:
            if kind not in _PLAIN:
                reading.made.append(kind)
            if kind == "paragraph" and reading.text:
                reading.see("\n", style)
            _walk(token.get("children", ()), reading, style)
