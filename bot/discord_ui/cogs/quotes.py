"""``/quote``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui.cogs.options import StoryName, chosen_story, suggest_stories

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient


class QuotesCog(commands.Cog):
    """A line at random."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client

    @app_commands.command(name="quote", description=strings.COMMANDS["quote"])
    @app_commands.describe(story=strings.COMMANDS["quote_story"])
    @app_commands.autocomplete(story=suggest_stories)
    @app_commands.guild_only()
    async def quote(self, interaction: discord.Interaction[InglenookClient], story: StoryName | None = None) -> None:
        """Answer with a line worth quoting."""
        chosen = await chosen_story(interaction, story, await self.client.places.privately(interaction))
        await self.client.send_quote(interaction, chosen.item.id if chosen else None)
