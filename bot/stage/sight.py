"""What a person sees of a message: plain text, buttons, attachments, reactions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_BUTTON, _TEXT_INPUT, _TEXT_DISPLAY = 2, 4, 10
_STRINGS, _ROLES, _CHANNELS = 3, 6, 8
_SELECTS = frozenset({_STRINGS, 5, _ROLES, 7, _CHANNELS})
_EPHEMERAL = 1 << 6
_HELD = 0xE000
"""Private-use characters from here on stand for escaped punctuation while markup is read."""

_UNITS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3_600), ("minute", 60))

BOLD, ITALIC, FAINT, PLAIN = "\x1b[1m", "\x1b[3m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Select:
    """A menu of a message from which one chooses."""

    name: str
    """What stands on it while nothing is chosen."""
    custom_id: str
    of: str
    """What is chosen: one of its own options (""), a "channel" or a "role"."""
    options: tuple[tuple[str, str], ...]
    """Its own options: what stands there, and what is sent."""
    chosen: tuple[str, ...]
    """What is chosen now: options as they are sent, or ids."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One message as one person sees it."""

    message_id: int
    author_id: int
    channel: str
    private: bool
    texts: tuple[str, ...]
    """In the order in which one reads them, with Discord's markup as it was sent."""
    buttons: tuple[str, ...]
    attachments: tuple[str, ...]
    reactions: tuple[tuple[str, int], ...]
    selects: tuple[Select, ...] = ()


def see(payload: Mapping[str, Any], channel: str) -> Sight:
    """Look at a message as Discord's API describes it."""
    texts = [payload["content"], *(text for embed in payload["embeds"] for text in _embed(embed))]
    buttons: list[str] = []
    selects: list[Select] = []
    for component in _walk(payload["components"]):
        kind = component.get("type")
        if kind == _BUTTON:
            emoji = (component.get("emoji") or {}).get("name") or ""
            buttons.append(" ".join(filter(None, [emoji, component.get("label")])))
        elif kind == _TEXT_DISPLAY:
            texts.append(component["content"])
        elif kind in _SELECTS:
            texts.append(component.get("placeholder") or "")
            if component.get("custom_id"):
                selects.append(_select(component))
    return Sight(
        message_id=int(payload["id"]),
        author_id=int(payload["author"]["id"]),
        channel=channel,
        private=bool(payload["flags"] & _EPHEMERAL),
        texts=tuple(text for text in texts if text),
        buttons=tuple(buttons),
        attachments=tuple(str(file["filename"]) for file in payload["attachments"]),
        reactions=tuple((str(r["emoji"]["name"]), int(r["count"])) for r in payload["reactions"]),
        selects=tuple(selects),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """How markup reads here and now: what ids are called, and what time it is."""

    names: Mapping[int, str]
    """What channels and people are called, by id, ``#`` or ``@`` included."""
    now: datetime
    styled: bool = False
    """Whether emphasis is shown by a terminal's own means, or not at all."""

    def read(self, text: str) -> str:
        """The text as one sees it: markup undone, mentions by name, times written out."""
        text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda m: chr(_HELD + ord(m[1])), text)
        text = text.replace("\u200b", "")
        text = re.sub(r"<(?:@[!&]?|#)(\d+)>", lambda m: self.names.get(int(m[1]), m[0]), text)
        text = re.sub(r"</([^:>]+):\d+>", r"/\1", text)
        text = re.sub(r"<t:(-?\d+)(?::(\w))?>", self._time, text)
        text = re.sub(r"\[([^\]\n]+)\]\(<?https?://[^)\s]+\)", r"\1", text)
        text = re.sub(r"^#{1,3} +(.*)$", self._style(BOLD), text, flags=re.MULTILINE)
        text = re.sub(r"^-# +(.*)$", self._style(FAINT), text, flags=re.MULTILINE)
        text = re.sub(r"\*\*\*(?=\S)(.+?)(?<=\S)\*\*\*", self._style(BOLD + ITALIC), text, flags=re.DOTALL)
        text = re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", self._style(BOLD), text, flags=re.DOTALL)
        text = re.sub(r"\*(?=\S)(.+?)(?<=\S)\*", self._style(ITALIC), text, flags=re.DOTALL)
        text = re.sub(r"\|\|(.+?)\|\|", r"\1", text, flags=re.DOTALL)
        return re.sub(r"[\ue021-\ue07e]", lambda m: chr(ord(m[0]) - _HELD), text)

    def _style(self, style: str) -> Callable[[re.Match[str]], str]:
        return lambda m: f"{style}{m[1]}{PLAIN}" if self.styled else m[1]

    def _time(self, match: re.Match[str]) -> str:
        at = datetime.fromtimestamp(int(match[1]), UTC)
        if match[2] == "R":
            return relative(at - self.now)
        day, clock = f"{at.day} {at:%B %Y}", f"{at:%H:%M}"
        match match[2]:
            case "t" | "T":
                return clock
            case "d" | "D":
                return day
            case "F":
                return f"{at:%A}, {day} {clock}"
            case _:
                return f"{day} {clock}"


def relative(time: timedelta) -> str:
    """A distance in time as Discord says it: "in 7 days", "3 minutes ago"."""
    seconds = abs(round(time.total_seconds()))
    unit, length = next((u for u in _UNITS if seconds >= u[1]), ("second", 1))
    count = round(seconds / length)
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if time >= timedelta() else f"{words} ago"


def _select(component: Mapping[str, Any]) -> Select:
    options = component.get("options") or ()
    defaults = component.get("default_values") or ()
    return Select(
        name=component.get("placeholder") or "",
        custom_id=component["custom_id"],
        of={_ROLES: "role", _CHANNELS: "channel"}.get(component["type"], ""),
        options=tuple((str(option["label"]), str(option["value"])) for option in options),
        chosen=(
            *(str(option["value"]) for option in options if option.get("default")),
            *(str(value["id"]) for value in defaults),
        ),
    )


def _embed(embed: Mapping[str, Any]) -> Iterator[str]:
    yield (embed.get("author") or {}).get("name") or ""
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    for field in embed.get("fields") or ():
        yield f"{field['name']}\n{field['value']}"
    yield (embed.get("footer") or {}).get("text") or ""


def _walk(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or ())
        if accessory := component.get("accessory"):
            yield from _walk((accessory,))
