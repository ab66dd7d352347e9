"""Where something is about to be shown, as the gate sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

import discord

from bot.domain.access import Place
from bot.domain.errors import UserFacingError
from bot.domain.settings import Settings

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
    """Where an interaction happened, whatever its server's moderators allow; None in direct messages."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return None
    return Place(interaction.guild_id, interaction.channel_id, is_age_restricted(interaction.channel))


class SettingsSource(Protocol):
    """Where the servers' settings stand."""

    async def of(self, guild_id: int) -> Settings:
        """Those of a server."""
        ...


class Places:
    """Tells where the answer to an interaction will stand, and who will see it."""

    def __init__(self, settings: SettingsSource, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._answered: dict[int, datetime] = {}

    async def privately(self, interaction: discord.Interaction, *, ahead: bool = False) -> Place:
        """The place of an answer that its asker alone sees.

        Raises:
            UserFacingError: in a direct message, where nothing but privacy is answered.
        """
        place = _in_server(interaction)
        ratings = (await self._settings.of(place.guild_id)).ratings
        return replace(place, ratings=ratings).privately(interaction.user.id, ahead=ahead)

    @asynccontextmanager
    async def turn(self, interaction: discord.Interaction) -> AsyncIterator[Place]:
        """``openly``, for an answer that is given inside the block; where it fails, the turn is given back."""
        place = await self.openly(interaction)
        try:
            yield place
        except BaseException:
            self.give_back(place)
            raise

    async def openly(self, interaction: discord.Interaction) -> Place:
        """The place of an answer that everybody in the channel sees, unless moderators want such answers elsewhere,
        or less often: then its asker alone does, and ``reader`` says so. It takes the channel's turn at once: what is
        asked at the same moment is answered privately.

        Raises:
            UserFacingError: in a direct message, where nothing but privacy is answered.
        """
        place = await self.standing(interaction)
        if place.reader is not None:
            return place
        pace = (await self._settings.of(place.guild_id)).pace
        last, now = self._answered.get(place.channel_id), self._now()
        if last is not None and now - last < timedelta(seconds=pace):
            return place.privately(interaction.user.id)
        # Nothing may wait between the look and this.
        self._answered[place.channel_id] = now
        return place

    async def standing(self, interaction: discord.Interaction) -> Place:
        """``openly`` for an answer that stands already and shows something else from now on: it takes no turn.

        Raises:
            UserFacingError: in a direct message, where nothing but privacy is answered.
        """
        place = _in_server(interaction)
        settings = await self._settings.of(place.guild_id)
        place = replace(place, ratings=settings.ratings)
        channel = interaction.channel
        home = channel.parent_id if isinstance(channel, discord.Thread) else place.channel_id
        return place if settings.answers_publicly(home) else place.privately(interaction.user.id)

    def give_back(self, place: Place) -> None:
        """An answer for all to see failed: it does not count."""
        if place.reader is None:
            self._answered.pop(place.channel_id, None)


def _in_server(interaction: discord.Interaction) -> Place:
    found = place_of(interaction)
    if found is None:
        raise UserFacingError("server_only")
    return found
