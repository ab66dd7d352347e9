"""The language of ``inglenook try``: one step is one thing that a person does.

    /find words:"river rembers evry oar"     a slash command as typed in Discord
    press "Another" [last]                   a button of a message of the bot
    choose "Chapters" #chapters [last]       an entry of a menu on a message; several, or none
    react ❤️ [2]                             a reaction to the last message but one
    menu "Which scene is this from?" [last]  a message's own menu
    suggest '/find words:"les'               what Discord offers while one types
    wait 7d                                  time passes: s, m, h, d, w
    restart                                  the bot stops and starts again
    as moderator                             from here on, somebody else acts
    in late-night                            from here on, in another channel

Pure: which commands, people and channels there are comes in as a ``Bill``. Whatever cannot be read
raises ``BadStep``, whose sentence names the way out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.stage.commands import BadStep, Command, Kind, Option, Value, read, read_half, unquoted


@dataclass(frozen=True, slots=True)
class Slash:
    """A slash command; ``typed`` is what stands after the slash."""

    typed: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button of one of the bot's messages, by the words on it."""

    label: str
    back: int | None
    """1 for the bot's last message in the channel, 2 for the one before it; None for the last
    message that has such a button."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Entries of a menu on one of the bot's messages, by the words on it; #channel or @role where those are chosen."""

    menu: str
    entries: tuple[str, ...]
    back: int | None
    """As for ``Press``."""


@dataclass(frozen=True, slots=True)
class React:
    """A reaction to one of the bot's messages."""

    emoji: str
    back: int = 1


@dataclass(frozen=True, slots=True)
class Menu:
    """An entry of the menu of one of the bot's messages."""

    name: str
    back: int = 1


@dataclass(frozen=True, slots=True)
class Suggest:
    """A slash command half typed: asks what Discord would offer for its last option."""

    typed: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Restart:
    """The bot stops and starts again on the same database."""


@dataclass(frozen=True, slots=True)
class As:
    """From here on, this person acts."""

    actor: str


@dataclass(frozen=True, slots=True)
class In:
    """From here on, things happen in this channel."""

    channel: str


Step = Slash | Press | Choose | React | Menu | Suggest | Wait | Restart | As | In


@dataclass(frozen=True, slots=True)
class Bill:
    """What is on: the people, channels, commands and menus that steps may name."""

    actors: tuple[str, ...]
    channels: tuple[str, ...]
    commands: tuple[Command, ...]
    menus: tuple[str, ...] = ()


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST_WAIT = 53 * _SECONDS["w"]
_EXAMPLES = {
    "press": 'press "Another"',
    "choose": 'choose "Chapters" #chapters',
    "react": "react ❤️ [last]",
    "menu": 'menu "Which scene is this from?" [last]',
    "suggest": "suggest '/find words:\"les'",
    "wait": "wait 7d",
    "as": "as moderator",
    "in": "in late-night",
}


def join_arguments(arguments: Sequence[str]) -> list[str]:
    """Put back together what a shell took apart: ``as moderator`` typed without quotes is one step.

    A verb alone takes the argument after it, and a ``[last]`` alone belongs to the step before it;
    neither could be a step of its own.
    """
    steps: list[str] = []
    open_verb = False
    for argument in arguments:
        text = argument.strip()
        if steps and (open_verb or re.fullmatch(r"\[[^\]]*\]", text)):
            steps[-1] += " " + argument
            open_verb = False
        else:
            steps.append(argument)
            open_verb = text.casefold() in _EXAMPLES
    return steps


def parse(text: str) -> Step:
    """Read one step.

    Raises:
        BadStep: it is none of the steps above, or lacks something.
    """
    text = _unwrap(text.strip())
    if text.startswith("/"):
        if not text[1:].strip():
            raise BadStep("step_slash_alone")
        return Slash(text[1:].strip())
    verb, _, rest = text.partition(" ")
    verb, rest = verb.casefold(), rest.strip()
    if verb == "restart" and not rest:
        return Restart()
    if verb not in _EXAMPLES:
        raise BadStep("step_unknown", step=text)
    if not rest:
        raise _incomplete(verb)
    match verb:
        case "wait":
            return Wait(_seconds(rest))
        case "as":
            return As(rest.removeprefix("@").casefold())
        case "in":
            return In(rest.removeprefix("#").casefold())
        case "suggest":
            typed = _unwrap(rest).removeprefix("'")
            if not typed.startswith("/"):
                raise _incomplete(verb)
            return Suggest(typed[1:].lstrip())
        case _:
            words, back = _target(rest)
            if verb == "choose":
                menu, *entries = _words(words) or [""]
                if not menu:
                    raise _incomplete(verb)
                return Choose(menu, tuple(entries), back)
            words = unquoted(words)
            if not words:
                raise _incomplete(verb)
            if verb == "press":
                return Press(words, back)
            return React(words, back or 1) if verb == "react" else Menu(words, back or 1)


def check(step: Step, bill: Bill) -> None:
    """Make sure that the step names only what there is, before anything is done.

    Raises:
        BadStep: it names a person, channel, command, option or menu that there is not.
    """
    match step:
        case As(actor) if actor not in bill.actors:
            raise BadStep("stage_unknown_person", name=actor, names=", ".join(bill.actors))
        case In(channel) if channel not in bill.channels:
            raise BadStep("stage_unknown_channel", name=channel, names=_listed("#", bill.channels))
        case Menu(name) if name not in bill.menus:
            raise BadStep("step_menu", name=name, names=", ".join(bill.menus) or "—")
        case Slash(typed):
            call = read(typed, bill.commands)
            for option in call.command.options:
                _check_channel(option, call.values.get(option.name), bill)
        case Suggest(typed):
            read_half(typed, bill.commands)
        case _:
            pass


def _unwrap(text: str) -> str:
    """Without single quotation marks around the whole, which belong to a shell."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].strip()
    return text


def _incomplete(verb: str) -> BadStep:
    return BadStep("step_incomplete", verb=verb, example=_EXAMPLES[verb])


def _seconds(text: str) -> int:
    pieces = re.findall(r"(\d+)\s*([smhdw])", text.casefold())
    if not pieces or re.sub(r"(\d+)\s*([smhdw])\s*", "", text.casefold()):
        raise BadStep("step_wait", text=text)
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in pieces)
    if not 0 < seconds <= _LONGEST_WAIT:
        raise BadStep("step_wait", text=text)
    return seconds


def _words(text: str) -> list[str]:
    """Words, and what stands between quotation marks as one."""
    return [a or b or c for a, b, c in re.findall(r'"([^"]*)"|“([^”]*)”|(\S+)', text)]


def _target(text: str) -> tuple[str, int | None]:
    """The step's words and how far back its ``[…]`` points."""
    found = re.search(r"\s*\[([^\[\]]*)\]\s*$", text)
    if not found:
        return text, None
    which = found[1].strip().casefold()
    if which == "last":
        return text[: found.start()], 1
    if which.isascii() and which.isdecimal() and 0 < int(which) <= 100:
        return text[: found.start()], int(which)
    raise BadStep("step_target", target=found[1])


def _check_channel(option: Option, value: Value | None, bill: Bill) -> None:
    if value is None:
        return
    if option.kind is Kind.CHANNEL and value not in bill.channels:
        raise BadStep("stage_unknown_channel", name=str(value), names=_listed("#", bill.channels))
    if option.kind is Kind.MEMBER and value not in bill.actors:
        raise BadStep("stage_unknown_person", name=str(value), names=", ".join(bill.actors))


def _listed(sign: str, names: Sequence[str]) -> str:
    return ", ".join(sign + name for name in names)
