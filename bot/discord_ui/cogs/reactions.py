"""``/top``, and the events that it is counted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui import render

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient


class ReactionsCog(commands.Cog):
    """What readers felt. Raw events only: the others miss messages that are not cached, and none is."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client
        self._reactions = client.reactions

    @app_commands.command(name="top", description=strings.COMMANDS["top"])
    @app_commands.guild_only()
    async def top(self, interaction: discord.Interaction[InglenookClient]) -> None:
        """Show the scenes that moved this server most."""
        async with self.client.places.turn(interaction) as where:
            scenes = await self._reactions.top(where)
            await interaction.response.send_message(embed=render.top(scenes, where), ephemeral=where.reader is not None)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A reader put an emoji on a message."""
        if event.member is not None and event.member.bot:
            return
        await self._reactions.add(event.message_id, event.user_id, str(event.emoji), burst=event.burst)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """A reader took an emoji away."""
        await self._reactions.remove(event.message_id, event.user_id, str(event.emoji), burst=event.burst)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """A moderator cleared a message."""
        await self._reactions.clear(event.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """A moderator cleared one emoji from a message."""
        await self._reactions.clear(event.message_id, str(event.emoji))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """A message is gone; what was felt at it stays."""
        await self._reactions.message_gone(event.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Messages are gone; what was felt at them stays."""
        for message_id in event.message_ids:
            await self._reactions.message_gone(message_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone with all its messages; Discord tells of none of them."""
        await self._reactions.channel_gone(channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A thread is gone with all its messages, whether it was cached or not."""
        await self._reactions.channel_gone(event.thread_id)
