"""Where something is about to be shown, as the gate sees it."""

from __future__ import annotations

from typing import TypeAlias

import discord

from bot.domain.access import Place
from bot.domain.errors import Refused, UserFacingError

AnyChannel: TypeAlias = (
    discord.abc.GuildChannel
    | discord.Thread
    | discord.abc.PrivateChannel
    | discord.PartialMessageable
    | discord.abc.Snowflake
    | None
)


def is_age_restricted(channel: AnyChannel) -> bool:
    """Whether Discord shows the channel to adults only; False wherever that cannot be told.

    Threads inherit from their parent; one whose parent is not cached counts as open.
    """
    if isinstance(channel, discord.Thread):
        return channel.parent is not None and channel.parent.is_nsfw()
    if isinstance(
        channel,
        discord.TextChannel
        | discord.VoiceChannel
        | discord.StageChannel
        | discord.ForumChannel
        | discord.CategoryChannel,
    ):
        return channel.is_nsfw()
    return False


def place_of(interaction: discord.Interaction) -> Place | None:
    """Where the answer to an interaction will stand; None in direct messages."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return None
    return Place(interaction.guild_id, interaction.channel_id, is_age_restricted(interaction.channel))


def place(interaction: discord.Interaction) -> Place:
    """Where the answer to an interaction will stand.

    Raises:
        UserFacingError: in a direct message, where nothing but privacy is answered.
    """
    found = place_of(interaction)
    if found is None:
        raise UserFacingError("server_only")
    return found


def check_moderator(interaction: discord.Interaction) -> None:
    """See that the person may manage the server: Discord's own settings may offer a command to anybody.

    Raises:
        Refused: they may not.
    """
    if not interaction.permissions.manage_guild:
        raise Refused("library_moderators_only")
