"""What the bot needs in a channel and lacks; and which channels readers see."""

from __future__ import annotations

import discord

from bot import strings

TO_POST = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""For chapters: the history is read to find out whether a message has arrived."""

NEEDED = {
    "chapters_channel": TO_POST,
    "talk_channel": ("view_channel", "send_messages", "embed_links"),
    "notices_channel": ("view_channel", "send_messages"),
}
"""By the setting that names the channel."""


def lacking(channel: discord.abc.GuildChannel, needed: tuple[str, ...] = TO_POST) -> list[str]:
    """Those of the permissions that the bot does not have there, by Discord's names."""
    mine = channel.permissions_for(channel.guild.me)
    return [strings.PERMISSION_NAMES[name] for name in needed if not getattr(mine, name)]


def can_ping(role: discord.Role) -> bool:
    """Whether a mention of the role by the bot notifies its members."""
    return role.mentionable or role.guild.me.guild_permissions.mention_everyone


def readers(guild: discord.Guild, talk_channel: int | None) -> list[discord.Role]:
    """The roles that stand for a server's readers: everybody, unless the channel where readers talk is for some alone;
    then those which that channel itself lets in, or else those which the server does. Roles of bots are not among
    them, and what is said of a few besides (moderators, who was muted) makes nobody a reader.
    """
    everyone = guild.default_role
    talk = guild.get_channel(talk_channel) if talk_channel is not None else None
    if talk is None or talk.permissions_for(everyone).view_channel:
        return [everyone]
    seeing = [
        role
        for role in guild.roles
        if not (role.is_default() or role.managed or role.permissions.administrator)
        and talk.permissions_for(role).view_channel
    ]
    return [role for role in seeing if talk.overwrites_for(role).view_channel] or seeing


def hidden_from(channel: discord.abc.GuildChannel | discord.Thread, talk_channel: int | None) -> list[discord.Role]:
    """Those of a server's readers who cannot see a channel; everybody, where there are none."""
    everyone = [channel.guild.default_role]
    if isinstance(channel, discord.Thread):
        parent = None if channel.is_private() else channel.parent
        if parent is None:
            return everyone
        channel = parent
    who = readers(channel.guild, talk_channel)
    return [role for role in who if not channel.permissions_for(role).view_channel] if who else everyone
