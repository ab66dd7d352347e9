"""What moderators are told when they start a serial."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.markdown import escape
from bot.discord_ui.permissions import hidden_from
from bot.domain.settings import Settings
from bot.services.serials import Started


def started(begun: Started, called: str, channel: discord.TextChannel, settings: Settings, *, at_once: bool) -> str:
    """The next dates, and what readers will not be shown."""
    said = strings.SERIAL_STARTED.format(
        title=escape(called), channel=channel.mention, dates=render.dates(begun.dates, at_once=at_once)
    )
    remarks = [strings.SERIAL_HIDES] if begun.hides else []
    return "\n".join([said, *remarks, *hidden(channel, settings)])


def hidden(channel: discord.abc.GuildChannel, settings: Settings) -> list[str]:
    """That readers cannot see a channel, where they cannot."""
    roles = hidden_from(channel, settings.talk_channel)
    if not roles:
        return []
    who = named((role.id for role in roles), channel.guild.id)
    return [strings.SERIAL_HIDDEN.format(channel=render.channel(channel.id), who=who)]


def named(roles: Iterable[int], guild_id: int) -> str:
    """Roles in a private answer, which notifies nobody."""
    shown = [strings.EVERYONE if role == guild_id else f"<@&{role}>" for role in roles]
    return ", ".join([*shown[:5], "…"] if len(shown) > 5 else shown)
