"""``/setup``: everything that a server's moderators can choose, in one private panel."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

_log = logging.getLogger(__name__)


class SetupCog(commands.Cog):
    """Opens the panel, and says on joining a server that there is one."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client

    @app_commands.command(name="setup", description=strings.COMMANDS["setup"])
    @app_commands.guild_only()
    async def setup(self, interaction: discord.Interaction[InglenookClient]) -> None:
        """Show the panel."""
        await self.client.moderators.check(interaction, "setup")
        await self.client.panel.open(interaction)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say one sentence where everybody looks first; nothing where the bot may speak nowhere."""
        channel = _welcome_channel(guild)
        if channel is None:
            return
        try:
            # Discord drops a second message of the same nonce, and may tell of one join twice.
            await channel.send(strings.WELCOME, nonce=f"join{guild.id}")
        except discord.HTTPException as error:
            _log.info("could not greet server %s: %s", guild.id, error)


def _welcome_channel(guild: discord.Guild) -> discord.TextChannel | None:
    candidates = [*filter(None, [guild.system_channel]), *guild.text_channels]
    for channel in candidates:
        mine = channel.permissions_for(guild.me)
        if mine.view_channel and mine.send_messages:
            return channel
    return None
