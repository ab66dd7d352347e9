"""Posts the messages of drops, and tells apart what did not arrive from what may have."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.discord_ui.permissions import hidden_from
from bot.discord_ui.places import is_age_restricted
from bot.discord_ui.views import chapter_buttons
from bot.domain.access import Place
from bot.domain.drops import LEASE
from bot.domain.story import ChapterId
from bot.services.drops import PublishImpossible, PublishLater, PublishUnclear

_CLOCKS_APART = timedelta(seconds=10)
"""How far this machine's clock may be ahead of Discord's when a message's time is compared."""

_PATIENCE = LEASE / 2
"""How long one attempt to post may take, discord.py's own waiting for rate limits included. A worker whose
lease has run out must not still be about to post: by then Discord may have forgotten the nonce.
"""

_GONE = {10003, 10004}
_COPY_GONE = 10008
"""The nonce is still known, and somebody deleted the message that it stands for."""


class DiscordPublisher:
    """The publisher port on a discord.py client."""

    def __init__(self, client: discord.Client, *, patience: timedelta = _PATIENCE) -> None:
        self._client = client
        self._patience = patience.total_seconds()

    async def place(self, guild_id: int, channel_id: int) -> Place:
        """The channel as it is now; see ``services.drops.Publisher``."""
        channel = await self._channel(channel_id)
        return Place(guild_id, channel_id, is_age_restricted(channel))

    async def is_seen_by_readers(self, channel_id: int, talk_channel: int | None) -> bool:
        """Whether readers see the channel; see ``services.drops.Publisher``."""
        try:
            channel = await self._channel(channel_id)
        except PublishUnclear as error:
            # Asking changes nothing, so it may simply be repeated.
            raise PublishLater(str(error)) from error
        except PublishImpossible:
            return False
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return False
        if self._client.get_guild(channel.guild.id) is None or channel.guild.unavailable:
            raise PublishLater("the server's roles are not known yet")
        return not hidden_from(channel, talk_channel)

    async def _channel(self, channel_id: int) -> discord.abc.GuildChannel | discord.abc.PrivateChannel | discord.Thread:
        """A channel, asked for where it is not known."""
        channel = self._client.get_channel(channel_id)
        if channel is not None:
            return channel
        try:
            return await self._client.fetch_channel(channel_id)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _told_apart(error) from error

    async def send(
        self, channel_id: int, content: str, nonce: str, *, silent: bool, ping: int | None, read: ChapterId | None
    ) -> int:
        """Post under a nonce that Discord is told to enforce (discord.py always asks for that)."""
        mentions = discord.AllowedMentions(
            everyone=False, users=False, roles=[discord.Object(ping)] if ping else False, replied_user=False
        )
        try:
            async with asyncio.timeout(self._patience):
                message = await self._client.get_partial_messageable(channel_id).send(
                    content,
                    nonce=nonce,
                    silent=silent,
                    suppress_embeds=True,
                    allowed_mentions=mentions,
                    view=chapter_buttons(read) if read is not None else discord.utils.MISSING,
                )
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _told_apart(error) from error
        return message.id

    async def find(self, channel_id: int, content: str, since: datetime, known: frozenset[int]) -> int | None:
        """The bot's oldest message of that content since then; see ``services.drops.Publisher``."""
        assert self._client.user is not None
        try:
            # However much has been said since: to stop looking would be to guess that it did not arrive.
            history = self._client.get_partial_messageable(channel_id).history(
                after=since - _CLOCKS_APART, oldest_first=True, limit=None
            )
            async for message in history:
                if (
                    message.author.id == self._client.user.id
                    and message.id not in known
                    and message.content.strip() == content.strip()
                ):
                    return message.id
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            told = _told_apart(error)
            if isinstance(error, discord.Forbidden) and isinstance(told, PublishImpossible):
                told = PublishImpossible("channel_unreadable")
            # Reading changes nothing, so a failed look may simply be repeated.
            raise PublishLater(str(error)) if isinstance(told, PublishUnclear) else told from error
        return None


def _told_apart(error: BaseException) -> Exception:
    if isinstance(error, discord.RateLimited):
        return PublishLater(str(error))
    if isinstance(error, discord.HTTPException):
        if error.status in (401, 429) or error.code == _COPY_GONE:
            # With a dead token nothing can be posted anywhere: no channel's moderators can mend that.
            return PublishLater(str(error))
        if error.status >= 500 or error.status == 408:
            return PublishUnclear(str(error))
        if error.status == 404 or error.code in _GONE:
            return PublishImpossible("channel_gone")
        if error.status == 403:
            # What stands in front of Discord turns machines away without a code of Discord's.
            return PublishImpossible("channel_forbidden") if error.code else PublishLater(str(error))
        return PublishImpossible("discord_refused")
    if isinstance(error, (aiohttp.ClientError, OSError, asyncio.TimeoutError)):
        return PublishUnclear(str(error))
    return PublishImpossible("discord_refused")
