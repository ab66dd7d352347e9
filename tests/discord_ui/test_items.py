"""Every button and menu that outlives a restart: what its id may hold."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any

import discord
import pytest

import bot.discord_ui

_UNBOUNDED = re.compile(r"(?:\\[dwDWsS]|\]|\)|[^\\)])(?:\*|\+|\{\d+,\})")


def items() -> list[type[discord.ui.DynamicItem[Any]]]:
    """All that the program has."""
    for module in pkgutil.walk_packages(bot.discord_ui.__path__, "bot.discord_ui."):
        importlib.import_module(module.name)
    found: list[type[discord.ui.DynamicItem[Any]]] = []
    waiting: list[type[Any]] = [discord.ui.DynamicItem]
    while waiting:
        for item in waiting.pop().__subclasses__():
            waiting.append(item)
            if item.__module__.startswith("bot."):
                found.append(item)
    return found


ITEMS = items()
DISCORDS = {"channel", "id", "asker"}
"""Numbers that may be Discord's own, which are longer than any of ours."""


def template(item: type[discord.ui.DynamicItem[Any]]) -> str:
    pattern: re.Pattern[str] = item.__discord_ui_compiled_template__
    return pattern.pattern


def test_they_are_found():
    assert len(ITEMS) > 10


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.__name__)
def test_no_id_may_hold_a_number_that_no_database_takes(item: type[discord.ui.DynamicItem[Any]]):
    """One that is too long was never ours: Discord is told nothing of it, and nobody an incident code."""
    pattern = template(item)
    assert not _UNBOUNDED.search(pattern), pattern
    for name, most in re.findall(r"\(\?P<(\w+)>\\d\{(?:\d+,)?(\d+)\}", pattern):
        assert int(most) <= (20 if name in DISCORDS else 18), pattern
