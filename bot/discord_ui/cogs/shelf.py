"""``/stories`` and ``/help``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.cogs.options import StoryName, chosen_story, suggest_stories
from bot.discord_ui.places import place

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
        where = place(interaction)
        chosen = await chosen_story(interaction, story)
        if chosen is None:
            embed = render.shelf(await self.client.shelf.stories(where), where)
        else:
            embed = render.story(chosen, where)
        await interaction.response.send_message(embed=embed, ephemeral=True)

    @app_commands.command(name="help", description=strings.COMMANDS["help"])
    @app_commands.guild_only()
    async def help(self, interaction: discord.Interaction[InglenookClient]) -> None:
        """Say what each role can do, and what this channel allows."""
        embed = render.help_page(place(interaction), moderator=interaction.permissions.manage_guild)
        await interaction.response.send_message(embed=embed, ephemeral=True)
