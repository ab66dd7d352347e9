"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord_ui import render
from bot.domain.access import Cleared, Place
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
    if interaction.guild_id is None:
        return []
    where = await interaction.client.places.privately(interaction)
    stories = await interaction.client.shelf.suggest(where, typed)
    return [
        app_commands.Choice(name=name, value=option_value(story.item.id))
        for name, story in list(zip(render.story_choices(stories), stories, strict=True))[:CHOICES]
    ]


async def suggest_to_moderators(
    interaction: discord.Interaction[InglenookClient], typed: str
) -> list[app_commands.Choice[str]]:
    """``suggest_stories``, for moderators alone: Discord asks for suggestions without the check of their cog."""
    return await suggest_stories(interaction, typed) if await interaction.client.moderators.may(interaction) else []


async def chosen_story(
    interaction: discord.Interaction[InglenookClient], name: str | None, where: Place
) -> Cleared[StoryCard] | None:
    """The story that was named, as far as it may be shown in ``where``; None where none was named.

    Raises:
        StoryNotFound: none of that name may be shown here.
    """
    if name is None:
        return None
    return await interaction.client.shelf.find(where, name)
