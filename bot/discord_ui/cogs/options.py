"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord_ui import render
from bot.discord_ui.places import place, place_of
from bot.domain.access import Cleared
from bot.domain.excerpt import opening
from bot.domain.passages import StoryCard
from bot.services.shelf import option_value

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

CHOICES = 25
"""The most suggestions that Discord shows."""

StoryName = app_commands.Range[str, 1, 200]


async def suggest_stories(
    interaction: discord.Interaction[InglenookClient], typed: str
) -> list[app_commands.Choice[str]]:
    """Stories that may be named here and fit what has been typed."""
    where = place_of(interaction)
    if where is None:
        return []
    stories = await interaction.client.shelf.suggest(where, typed)
    return [
        app_commands.Choice(name=opening(s.item.title, render.CHOICE), value=option_value(s.item.id))
        for s in stories[:CHOICES]
    ]


async def chosen_story(
    interaction: discord.Interaction[InglenookClient], name: str | None
) -> Cleared[StoryCard] | None:
    """The story that was named, or None where none was.

    Raises:
        StoryNotFound: none of that name may be shown here.
    """
    if name is None:
        return None
    return await interaction.client.shelf.find(place(interaction), name)
