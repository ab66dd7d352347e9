"""The channels and roles of servers, as a moderator's check asks for them."""

from __future__ import annotations

import aiohttp
import discord

from bot.discord_ui.permissions import NEEDED, can_ping, hidden_from, lacking
from bot.discord_ui.places import is_age_restricted
from bot.services.checks import Room

_VIEW = ("view_channel",)


class DiscordRooms:
    """The port of the checks on a discord.py client."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def room(self, guild_id: int, channel_id: int, use: str) -> Room:
        """A channel as it is now; what Discord does not say is taken for well."""
        channel = self._client.get_channel(channel_id)
        if channel is None:
            try:
                channel = await self._client.fetch_channel(channel_id)
            except (discord.NotFound, discord.Forbidden):
                return Room(found=False)
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError):
                return Room(found=True, age_restricted=True)
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or channel.guild.id != guild_id:
            return Room(found=False)
        restricted = is_age_restricted(channel)
        parent = channel.parent if isinstance(channel, discord.Thread) else channel
        if parent is None:
            return Room(found=True, age_restricted=restricted)
        return Room(found=True, age_restricted=restricted, lacking=tuple(lacking(parent, NEEDED.get(use, _VIEW))))

    async def hidden_from(self, guild_id: int, channel_id: int, talk_channel: int | None) -> tuple[int, ...]:
        """The roles of readers that cannot see a channel; none where Discord does not say."""
        channel = self._client.get_channel(channel_id)
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or channel.guild.id != guild_id:
            return ()
        return tuple(role.id for role in hidden_from(channel, talk_channel))

    def has_role(self, guild_id: int, role_id: int) -> bool:
        """Whether a server has that role; one that is not known now is taken to have it."""
        guild = self._client.get_guild(guild_id)
        return guild is None or guild.get_role(role_id) is not None

    def can_ping(self, guild_id: int, role_id: int) -> bool:
        """Whether a mention of that role notifies its members."""
        guild = self._client.get_guild(guild_id)
        role = guild.get_role(role_id) if guild is not None else None
        return role is None or can_ping(role)
