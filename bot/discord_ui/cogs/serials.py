"""``/serial``: chapter drops, for moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.cogs.options import StoryName, suggest_to_moderators
from bot.discord_ui.markdown import escape
from bot.discord_ui.permissions import lacking
from bot.discord_ui.places import is_age_restricted
from bot.discord_ui.startings import started
from bot.domain.access import Place
from bot.domain.errors import Refused
from bot.domain.schedule import Every
from bot.services.serials import First

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient


@app_commands.guild_only()
class SerialsCog(commands.GroupCog, group_name="serial", group_description=strings.COMMANDS["serial"]):
    """Starts serials and posts their chapters."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client
        super().__init__()

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let moderators through, and nobody else."""
        return await self.client.moderators.gate(interaction)

    @app_commands.command(name="start", description=strings.COMMANDS["serial_start"])
    @app_commands.describe(
        story=strings.COMMANDS["serial_start_story"],
        channel=strings.COMMANDS["serial_start_channel"],
        every=strings.COMMANDS["serial_start_every"],
        first=strings.COMMANDS["serial_start_first"],
    )
    @app_commands.autocomplete(story=suggest_to_moderators)
    async def start(
        self,
        interaction: discord.Interaction[InglenookClient],
        story: StoryName,
        channel: discord.TextChannel,
        every: Literal["hour", "day", "week"] = "week",
        first: Literal["now", "in a minute", "in an hour", "tomorrow"] = "tomorrow",
    ) -> None:
        """Start a serial and say when its first chapters come."""
        where = await self.client.places.privately(interaction)
        target = Place(channel.guild.id, channel.id, is_age_restricted(channel), where.ratings)
        chosen, called = await self.client.shelf.find_for_moderator(where, story)
        if lacks := lacking(channel):
            raise Refused("channel_unusable", channel=channel.id, permissions=", ".join(lacks))
        begun = await self.client.serials.start(
            chosen, called, target, every=Every(every), first=First(first), user_id=interaction.user.id
        )
        await interaction.response.send_message(
            started(begun, called, channel, await self.client.settings.of(channel.guild.id), at_once=first == "now"),
            ephemeral=True,
        )
        await self.client.run_drops()

    @app_commands.command(name="now", description=strings.COMMANDS["serial_now"])
    @app_commands.describe(story=strings.COMMANDS["serial_now_story"], channel=strings.COMMANDS["serial_now_channel"])
    @app_commands.autocomplete(story=suggest_to_moderators)
    async def now(
        self,
        interaction: discord.Interaction[InglenookClient],
        story: StoryName,
        channel: discord.TextChannel | None = None,
    ) -> None:
        """Post the next chapter, and say how it went."""
        where = await self.client.places.privately(interaction)
        chosen, called = await self.client.shelf.find_for_moderator(where, story)
        serial = await self.client.serials.make_due(chosen, called, where, channel.id if channel else None)
        values = {"title": escape(called), "channel": render.channel(serial.channel_id)}
        await interaction.response.send_message(strings.SERIAL_ON_ITS_WAY.format(**values), ephemeral=True)
        await self.client.run_drops()
        after = await self.client.serials.progress(serial.id, where)
        if after.reason is not None:
            gone = after.reason == "channel_gone"
            outcome = strings.SERIAL_NO_CHANNEL if gone else strings.SERIAL_NOT_POSTED
            outcome = outcome.format(**values, reason=strings.PAUSES[after.reason])
        elif after.posted > serial.posted:
            outcome = strings.SERIAL_POSTED.format(**values)
        else:
            outcome = strings.SERIAL_WAITING.format(**values)
        await interaction.edit_original_response(content=outcome)

    @app_commands.command(name="end", description=strings.COMMANDS["serial_end"])
    @app_commands.describe(story=strings.COMMANDS["serial_end_story"], channel=strings.COMMANDS["serial_end_channel"])
    @app_commands.autocomplete(story=suggest_to_moderators)
    async def end(
        self,
        interaction: discord.Interaction[InglenookClient],
        story: StoryName,
        channel: discord.TextChannel | None = None,
    ) -> None:
        """End a serial for good, and say what that means."""
        where = await self.client.places.privately(interaction)
        chosen, called = await self.client.shelf.find_for_moderator(where, story)
        serial = await self.client.serials.end(chosen, called, where, channel.id if channel else None)
        await interaction.response.send_message(
            strings.SERIAL_ENDED.format(
                title=strings.NAMED.format(title=escape(called)), channel=render.channel(serial.channel_id)
            ),
            ephemeral=True,
        )

    @app_commands.command(name="list", description=strings.COMMANDS["serial_list"])
    async def list(self, interaction: discord.Interaction[InglenookClient]) -> None:
        """Show what runs where, and when the next chapters come."""
        cards, elsewhere = await self.client.serials.serials(await self.client.places.privately(interaction))
        await interaction.response.send_message(embed=render.serials(cards, elsewhere), ephemeral=True)
