"""Slash commands as one types them, read against the commands that there are.

    find words:"river rembers evry oar" story:"The Salt Door"
    find river rembers evry oar
    serial start "The Salt Door" #chapters every:day

Pure: the commands come in as data. Whatever cannot be read raises ``BadStep``, whose sentence names
the way out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.errors import BadInput


class BadStep(BadInput):
    """A step of ``inglenook try`` that cannot be read. ``key`` says which way."""


class Kind(StrEnum):
    """What an option of a command takes."""

    TEXT = "text"
    WHOLE = "a whole number"
    NUMBER = "a number"
    TRUTH = "yes or no"
    CHANNEL = "a channel"
    MEMBER = "a person"
    FILE = "a file's path"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    suggests: bool = False
    choices: tuple[tuple[str, str | int | float], ...] = ()
    """What one may pick, as shown and as sent; empty where anything may be typed."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command down to its last word: ``("serial", "start")``."""

    path: tuple[str, ...]
    options: tuple[Option, ...] = ()

    @property
    def name(self) -> str:
        """As one types it."""
        return "/" + " ".join(self.path)


Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Call:
    """A slash command, ready to be sent. Channels and people stand by name, without ``#`` and ``@``."""

    command: Command
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class Half:
    """A slash command half typed: the values that are complete, and the one being typed."""

    call: Call
    option: Option
    text: str


_QUOTES = {'"': '"', "“": "”"}
_ONE_WORD = frozenset({Kind.WHOLE, Kind.NUMBER, Kind.TRUTH, Kind.CHANNEL, Kind.MEMBER})
_TRUTHS = {"yes": True, "true": True, "no": False, "false": False}


def read(typed: str, commands: Sequence[Command]) -> Call:
    """Read a slash command (without its slash) against the commands that there are.

    Options may be named (``words:"…"``, or without quotation marks up to the next option); text
    without a name goes to the first option that is still free, ``#name`` to the first channel.

    Raises:
        BadStep: no such command or option, a value that does not fit, or one missing.
    """
    command, rest = _command(typed, commands)
    values: dict[str, Value] = {}
    for option, text in _assigned(command, _chunks(command, rest, half=False)):
        if text:
            values[option.name] = _value(command, option, text)
    for option in command.options:
        if option.required and option.name not in values:
            raise BadStep("step_option_missing", command=command.name, option=option.name)
    return Call(command, values)


def read_half(typed: str, commands: Sequence[Command]) -> Half:
    """Read a slash command that is still being typed; its last option is the one that is asked about.

    Raises:
        BadStep: no such command or option, or the last option is one that offers nothing.
    """
    command, rest = _command(typed, commands)
    assigned = _assigned(command, _chunks(command, rest, half=True))
    if assigned:
        option, text = assigned.pop()
    elif command.options:
        option, text = command.options[0], ""
    else:
        raise BadStep("step_no_suggestions", command=command.name, option="…")
    if not option.suggests:
        raise BadStep("step_no_suggestions", command=command.name, option=option.name)
    values = {o.name: _value(command, o, t) for o, t in assigned if t}
    return Half(Call(command, values), option, text)


def quoted(text: str) -> str:
    """``text`` between quotation marks, as a step takes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquoted(text: str) -> str:
    """``text`` without its quotation marks, if it has any.

    Raises:
        BadStep: they are not closed, or something stands behind them.
    """
    text = text.strip()
    if text[:1] in _QUOTES:
        value, end = _quoted(text, 0, half=False)
        if text[end:].strip():
            raise BadStep("step_after_quotes", step=text)
        return value
    return text


def _quoted(text: str, start: int, *, half: bool) -> tuple[str, int]:
    """The text between quotation marks at ``start``, and where it ends."""
    closing = _QUOTES[text[start]]
    value: list[str] = []
    at = start + 1
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in (closing, "\\"):
            value.append(text[at + 1])
            at += 2
        elif text[at] == closing:
            return "".join(value), at + 1
        else:
            value.append(text[at])
            at += 1
    if half:
        return "".join(value), at
    raise BadStep("step_quote_open", text=text[start:])


def _command(typed: str, commands: Sequence[Command]) -> tuple[Command, str]:
    """The command that the text begins with (the longest), and what follows it."""
    words = typed.split()
    found: Command | None = None
    for command in commands:
        typed_path = tuple(word.casefold() for word in words[: len(command.path)])
        if typed_path == command.path and (found is None or len(command.path) > len(found.path)):
            found = command
    if found is None:
        first = words[0].casefold() if words else ""
        names = [c.name for c in commands if c.path[0] == first] or sorted(c.name for c in commands)
        raise BadStep("step_command", command=typed.split(":", maxsplit=1)[0].strip(), names=", ".join(names))
    pattern = r"\s*" + r"\s+".join(re.escape(word) for word in words[: len(found.path)])
    head = re.match(pattern, typed)
    assert head is not None
    return found, typed[head.end() :]


def _chunks(command: Command, text: str, *, half: bool) -> list[tuple[Option | None, str]]:
    """Cut the text after a command into values, each with its option where that is named."""
    options = {option.name: option for option in command.options}
    names = "|".join(re.escape(name) for name in options) or r"(?!)"
    has_channel = any(option.kind is Kind.CHANNEL for option in command.options)
    stop = re.compile(rf"\s+(?=(?:{names})\s*:{'|#[^ ]' if has_channel else ''})", re.IGNORECASE)
    named = re.compile(rf"({names})\s*:\s*", re.IGNORECASE)
    chunks: list[tuple[Option | None, str]] = []
    at = 0
    while True:
        at += len(text[at:]) - len(text[at:].lstrip())
        if at >= len(text):
            return chunks
        option: Option | None = None
        if name := named.match(text, at):
            option = options[name[1].casefold()]
            at = name.end()
        elif unknown := re.match(r"([\w-]+):[\"“]", text[at:]):
            raise BadStep(
                "step_option_unknown",
                command=command.name,
                option=unknown[1],
                names=", ".join(options) or "—",
            )
        if text[at : at + 1] in _QUOTES:
            value, at = _quoted(text, at, half=half)
        else:
            one_word = option.kind in _ONE_WORD if option else has_channel and text[at] == "#"
            if one_word:
                word = re.compile(r"\S*").match(text, at)
                assert word is not None
                end = word.end()
            else:
                ending = stop.search(text, at)
                end = ending.start() if ending else len(text)
            value, at = text[at:end].strip(), end
        chunks.append((option, value))


def _assigned(command: Command, chunks: Sequence[tuple[Option | None, str]]) -> list[tuple[Option, str]]:
    """Give every value its option: the named first, the others to what is still free, in order."""
    taken = {option.name for option, _ in chunks if option is not None}
    assigned: list[tuple[Option, str]] = []
    waiting = list(chunks)
    while waiting:
        option, text = waiting.pop(0)
        if option is None:
            option = _free(command, taken, text)
            taken.add(option.name)
            text, rest = _choice(option, text)
            if rest:
                waiting.insert(0, (None, rest))
        if any(option is other for other, _ in assigned):
            raise BadStep("step_option_twice", command=command.name, option=option.name)
        assigned.append((option, text))
    return assigned


def _free(command: Command, taken: AbstractSet[str], text: str) -> Option:
    free = [option for option in command.options if option.name not in taken]
    channels = [option for option in free if option.kind is Kind.CHANNEL]
    if text.startswith("#") and channels:
        return channels[0]
    if not free:
        raise BadStep("step_too_much", command=command.name, text=text)
    return free[0]


def _choice(option: Option, text: str) -> tuple[str, str]:
    """The longest choice of the option that the text begins with, and what follows it."""
    for shown, _ in sorted(option.choices, key=lambda choice: -len(choice[0])):
        if text.casefold().startswith(shown.casefold() + " "):
            return shown, text[len(shown) :].strip()
    return text, ""


def _value(command: Command, option: Option, text: str) -> Value:
    if option.choices:
        for shown, sent in option.choices:
            if text.casefold() in (shown.casefold(), str(sent).casefold()):
                return sent
        names = ", ".join(shown for shown, _ in option.choices)
        raise BadStep("step_choice", command=command.name, option=option.name, text=text, names=names)
    try:
        match option.kind:
            case Kind.WHOLE:
                return int(text)
            case Kind.NUMBER:
                return float(text)
            case Kind.TRUTH:
                return _TRUTHS[text.casefold()]
            case Kind.CHANNEL:
                return text.removeprefix("#").casefold()
            case Kind.MEMBER:
                return text.removeprefix("@").casefold()
            case Kind.TEXT | Kind.FILE:
                return text
    except (ValueError, KeyError):
        raise BadStep(
            "step_value", command=command.name, option=option.name, text=text, kind=option.kind.value
        ) from None
