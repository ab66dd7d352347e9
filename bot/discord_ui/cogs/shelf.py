"""``/stories`` and ``/help``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.cogs.options import StoryName, chosen_story, suggest_stories

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient


class ShelfCog(commands.Cog):
    """What there is to read."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client

    @app_commands.command(name="stories", description=strings.COMMANDS["stories"])
    @app_commands.describe(story=strings.COMMANDS["stories_story"])
    @app_commands.autocomplete(story=suggest_stories)
    @app_commands.guild_only()
    async def stories(self, interaction: discord.Interaction[InglenookClient], story: StoryName | None = None) -> None:
        """Show the shelf, or one story's card."""
        where = await self.client.places.privately(interaction)
        chosen = await chosen_story(interaction, story, where)
        if chosen is None:
            embed = render.shelf(await self.client.shelf.stories(where), where)
        else:
            settings = await self.client.settings.of(where.guild_id)
            limited = (await self.client.progress.of(where, chosen.item.id)).limited
            embed = render.story(chosen, where, hide_warnings=settings.hide_warnings, limited=limited)
        await interaction.response.send_message(embed=embed, ephemeral=True)

    @app_commands.command(name="help", description=strings.COMMANDS["help"])
    @app_commands.guild_only()
    async def help(self, interaction: discord.Interaction[InglenookClient]) -> None:
        """Say what each role can do, and what this channel allows."""
        where = await self.client.places.privately(interaction)
        embed = render.help_page(where, moderator=await self.client.moderators.may(interaction))
        await interaction.response.send_message(embed=embed, ephemeral=True)
