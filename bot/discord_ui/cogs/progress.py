"""``/progress``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.cogs.options import CHOICES, StoryName, chosen_story, suggest_stories
from bot.discord_ui.views import send_progress
from bot.domain.errors import UserFacingError
from bot.services.progress import EVERY, NONE, option_value

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient


class ProgressCog(commands.Cog):
    """How far a reader has come."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client

    @app_commands.command(name="progress", description=strings.COMMANDS["progress"])
    @app_commands.describe(story=strings.COMMANDS["progress_story"], chapter=strings.COMMANDS["progress_chapter"])
    @app_commands.autocomplete(story=suggest_stories)
    @app_commands.guild_only()
    async def progress(
        self,
        interaction: discord.Interaction[InglenookClient],
        story: StoryName,
        chapter: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        """Say up to where a reader is shown a story, or change it."""
        where = await self.client.places.privately(interaction)
        chosen = await self.client.shelf.find(where, story)
        if chapter is None:
            set_to = await self.client.progress.of(where, chosen.item.id)
        else:
            set_to = await self.client.progress.set(where, chosen.item.id, chapter)
        await send_progress(interaction, where, set_to)

    @progress.autocomplete("chapter")
    async def suggest(
        self, interaction: discord.Interaction[InglenookClient], typed: str
    ) -> list[app_commands.Choice[str]]:
        """The chapters that may be named to the reader, and the two ends."""
        if interaction.guild_id is None:
            return []
        where = await self.client.places.privately(interaction)
        try:
            chosen = await chosen_story(interaction, interaction.namespace.story, where)
        except UserFacingError:
            return []
        if chosen is None:
            return []
        wanted = typed.casefold().strip()
        named = [(strings.PROGRESS_EVERYTHING, EVERY), (strings.PROGRESS_NONE, NONE)]
        named += [
            (render.chapter_choice(listed), option_value(listed.item.id))
            for listed in reversed(await self.client.progress.chapters(where, chosen.item.id))
        ]
        fitting = [(name, value) for name, value in named if wanted in name.casefold()]
        return [app_commands.Choice(name=name, value=value) for name, value in fitting[:CHOICES]]
