"""Writes what came of a step: for people to read, or as one JSON object a line."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TextIO

from bot import strings
from bot.stage.play import Outcome
from bot.stage.sight import Reading, Sight

_WIDEST = 96
_ANSI = re.compile(r"\x1b\[\d+m")
_BRIEF_LINES = 7
_BRIEF_MESSAGES = 2


class JsonLines:
    """One object a step: ``step``, ``ephemeral``, ``text``, ``buttons``, ``attachments``, ``error``."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, step: str, outcome: Outcome, reading: Reading) -> None:
        """Write one line and flush it."""
        texts = [reading.read(text) for sight in outcome.sights for text in sight.texts]
        texts += [reading.read(text) for text in outcome.suggestions]
        line = {
            "step": step,
            "ephemeral": outcome.private,
            "text": "\n".join(texts),
            "buttons": [label for sight in outcome.sights for label in sight.buttons],
            "attachments": [name for sight in outcome.sights for name in sight.attachments],
            "error": reading.read(outcome.error) if outcome.error is not None else None,
        }
        print(json.dumps(line, ensure_ascii=False), file=self._out, flush=True)


class Terminal:
    """Text for a person; ``brief`` leaves out most of long messages."""

    def __init__(self, out: TextIO, *, brief: bool = False) -> None:
        self._out = out
        self._brief = brief
        self.styled = out.isatty()
        """Whether emphasis is shown by the terminal's own means."""
        self._width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns if self.styled else _WIDEST)

    def narrate(self, text: str) -> None:
        """Say something between steps."""
        self._print("", *textwrap.wrap(text, self._width))

    def note(self, text: str) -> None:
        """Say something short under what was just said."""
        self._print(f"    {text}")

    def write(self, step: str, outcome: Outcome, reading: Reading) -> None:
        """Write a step and all that the person saw after it."""
        self._print("", self._bold(f"{outcome.actor} in #{outcome.channel} › {step}"))
        for block in self._blocks(outcome, reading):
            self._print("", *(("    " + line).rstrip() for line in block))
        self._out.flush()

    def _blocks(self, outcome: Outcome, reading: Reading) -> Iterator[list[str]]:
        shown, left_out = outcome.sights, 0
        if self._brief and len(shown) > _BRIEF_MESSAGES + 1:
            left_out = len(shown) - _BRIEF_MESSAGES - 1
            shown = (*shown[:_BRIEF_MESSAGES], shown[-1])
        for index, sight in enumerate(shown):
            if left_out and index == len(shown) - 1:
                yield [strings.STAGE_LEFT_OUT.format(count=left_out)]
            yield self._message(sight, outcome, reading)
        if outcome.suggestions:
            yield [line for text in outcome.suggestions for line in self._item("○", reading.read(text))]
        if outcome.error is not None and not any(outcome.error in sight.texts for sight in outcome.sights):
            yield self._item("!", reading.read(outcome.error))

    def _message(self, sight: Sight, outcome: Outcome, reading: Reading) -> list[str]:
        where = "" if sight.channel == outcome.channel else f" in #{sight.channel}"
        privately = f" · {strings.STAGE_PRIVATE}" if sight.private else ""
        lines = [line for text in sight.texts for line in self._wrap(reading.read(text))]
        if self._brief and len(lines) > _BRIEF_LINES + 1:
            lines = [*lines[:_BRIEF_LINES], "…"]
        if sight.attachments:
            lines.append(" ".join(f"⎘ {name}" for name in sight.attachments))
        if sight.buttons:
            lines.append(" ".join(f"[{label}]" for label in sight.buttons))
        if sight.reactions:
            lines.append("  ".join(f"{emoji} {count}" for emoji, count in sight.reactions))
        return [f"Inglenook{where}{privately}", *(f"│ {line}" for line in lines)]

    def _item(self, sign: str, text: str) -> list[str]:
        first, *others = self._wrap(text)
        return [f"{sign} {first}", *(f"  {line}" for line in others)]

    def _wrap(self, text: str) -> list[str]:
        """Lines no wider than the page; styles take no room and do not reach past a line's end."""
        lines: list[str] = []
        for line in text.split("\n"):
            # A style's code sticks to its word; it makes lines a little shorter, never longer.
            lines += textwrap.wrap(line, self._width - 8, break_long_words=False, break_on_hyphens=False) or [""]
        return _closed(lines)

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.styled else text

    def _print(self, *lines: str) -> None:
        for line in lines:
            print(line, file=self._out)


def _closed(lines: Sequence[str]) -> list[str]:
    """End every style at the end of its line and take it up again on the next."""
    out: list[str] = []
    active = ""
    for line in lines:
        opened = active
        for code in _ANSI.findall(line):
            active = "" if code == "\x1b[0m" else active + code
        out.append(opened + line + ("\x1b[0m" if active else ""))
    return out
