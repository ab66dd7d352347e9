"""``/check``: what needs a moderator, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui.checks import show

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient


class CheckCog(commands.Cog):
    """Looks after the server, for its moderators."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let moderators through, and nobody else."""
        return await self.client.moderators.gate(interaction)

    @app_commands.command(name="check", description=strings.COMMANDS["check"])
    @app_commands.guild_only()
    async def check(self, interaction: discord.Interaction[InglenookClient]) -> None:
        """Say what stands in the way, with a button for most of it."""
        # Channels that are not cached are asked for, which may take longer than Discord waits.
        await interaction.response.defer(ephemeral=True, thinking=True)
        await show(interaction)
