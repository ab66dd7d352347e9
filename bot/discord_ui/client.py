"""The discord.py client: least intents, no caches of messages or members, one ticker."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.discord_ui import render
from bot.discord_ui.checks import CheckButton
from bot.discord_ui.errors import answer_error
from bot.discord_ui.findviews import FIND_ITEMS
from bot.discord_ui.moderators import Moderators
from bot.discord_ui.panel import PANEL_ITEMS, Panel
from bot.discord_ui.places import Places
from bot.discord_ui.shelfviews import SHELF_ITEMS
from bot.discord_ui.views import DYNAMIC_ITEMS, quote_buttons
from bot.domain.errors import BadInput
from bot.domain.story import StoryId
from bot.services.checks import Checks
from bot.services.drops import Drops
from bot.services.lookup import Lookup
from bot.services.notices import Notices
from bot.services.progress import ReadersProgress
from bot.services.quotes import Quotes
from bot.services.reactions import Reactions
from bot.services.releases import Releases
from bot.services.samples import Samples
from bot.services.serials import Serials
from bot.services.settings import ServerSettings
from bot.services.shelf import Shelf
from bot.services.uploads import Uploads

_log = logging.getLogger(__name__)

PERMISSIONS = discord.Permissions(309237763136)
"""The least that every feature needs: see and write in channels and threads, embed, attach, read
history (to find out what has arrived), react, and open public threads."""

_SOONEST = timedelta(seconds=1)

_PATIENCE = 6
"""Seconds that a stop waits for the message under way; Docker kills after ten."""


class SyncMemory(Protocol):
    """Remembers which commands Discord was last told of."""

    async def synced(self, application_id: int) -> str | None:
        """The digest that was told last."""
        ...

    async def remember_synced(self, application_id: int, digest: str) -> None:
        """Keep the digest that was told."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the client hands questions to."""

    shelf: Shelf
    quotes: Quotes
    lookup: Lookup
    serials: Serials
    reactions: Reactions
    progress: ReadersProgress
    releases: Releases
    uploads: Uploads
    samples: Samples
    settings: ServerSettings
    sync_memory: SyncMemory


class _Tree(app_commands.CommandTree["InglenookClient"]):
    async def on_error(
        self, interaction: discord.Interaction[InglenookClient], error: app_commands.AppCommandError
    ) -> None:
        await self.client.refused(interaction, error)


class InglenookClient(commands.Bot):
    """Inglenook on Discord. Needs no privileged intent."""

    def __init__(self, services: Services, *, now: Callable[[], datetime], poll: timedelta) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        intents.guild_reactions = True
        # Deletions of posted messages arrive under this intent; contents do not, and are not asked for.
        intents.guild_messages = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=_Tree,
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self.shelf = services.shelf
        self.quotes = services.quotes
        self.lookup = services.lookup
        self.serials = services.serials
        self.reactions = services.reactions
        self.progress = services.progress
        self.releases = services.releases
        self.uploads = services.uploads
        self.samples = services.samples
        self.settings = services.settings
        self.places = Places(services.settings, now)
        self.moderators = Moderators(self, now)
        self.panel = Panel(self, now)
        self._sync_memory = services.sync_memory
        self._now = now
        self._poll = poll
        self.drops: Drops | None = None
        self.notices: Notices | None = None
        self.checks: Checks
        self.on_refusal: Callable[[BaseException], None] | None = None
        """Called with every error that a person was told of; for whoever drives the bot in a simulation."""

    async def setup_hook(self) -> None:
        """Load the commands, tell Discord of them where they changed, start the ticker."""
        from bot.discord_ui.cogs import load_cogs

        await load_cogs(self)
        self.add_dynamic_items(*DYNAMIC_ITEMS, *FIND_ITEMS, CheckButton, *PANEL_ITEMS, *SHELF_ITEMS)
        await self._sync_commands()
        if self.drops is not None:
            self._ticker.start()

    async def log_in(self, token: str) -> None:
        """Log in, without connecting yet.

        Raises:
            BadInput: Discord does not know the token, or cannot be reached.
        """
        try:
            await self.login(token)
        except (discord.LoginFailure, ValueError) as error:
            raise BadInput("token_wrong") from error
        except (aiohttp.ClientError, OSError, TimeoutError, discord.HTTPException) as error:
            raise BadInput("discord_unreachable") from error

    def invite_link(self) -> str:
        """Where an admin adds the bot to a server, with ``PERMISSIONS``. Known once logged in."""
        assert self.application_id is not None
        return discord.utils.oauth_url(
            self.application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
        )

    async def close(self) -> None:
        """Let the message under way arrive, stop the ticker, then leave Discord."""
        if self.drops is not None:
            try:
                await asyncio.wait_for(self.drops.stop(), _PATIENCE)
            except TimeoutError:
                _log.warning("a message is still under way; the next start finds out whether it arrived")
        self._ticker.cancel()
        await super().close()

    async def on_message(self, message: discord.Message, /) -> None:
        """Read nobody's messages."""

    async def refused(self, interaction: discord.Interaction[InglenookClient], error: BaseException) -> None:
        """Answer an error; every command, button and form comes here with its own."""
        if self.on_refusal is not None:
            self.on_refusal(error)
        await answer_error(interaction, error)

    async def send_quote(self, interaction: discord.Interaction[InglenookClient], story_id: StoryId | None) -> None:
        """Answer with a quote and count reactions to it for its scene."""
        async with self.places.turn(interaction) as where:
            passage = await self.quotes.draw(where, story_id)
            hidden = (await self.settings.of(where.guild_id)).hide_warnings
            answer = await interaction.response.send_message(
                embed=render.quote(passage, hide_warnings=hidden),
                view=quote_buttons(story_id, passage.item.line_id),
                ephemeral=where.reader is not None,
            )
        if answer.message_id is not None:
            await self.reactions.remember(answer.message_id, where, passage.item.heading.scene_id)

    async def run_drops(self) -> None:
        """Post what is due, tell moderators what needs them, and let the ticker look again at the right moment. Never
        raises.
        """
        if self.drops is None:
            return
        next_moment: datetime | None = None
        try:
            next_moment = await self.drops.run_due()
        except Exception:  # noqa: BLE001 (a ticker that dies loses every drop after it)
            _log.exception("looking for due drops failed; it is tried again in %s", self._poll)
        if self.notices is not None:
            try:
                if (again := await self.notices.tell()) is not None:
                    next_moment = min(next_moment or again, again)
            except Exception:  # noqa: BLE001 (as above)
                _log.exception("telling moderators failed; it is tried again in %s", self._poll)
        wait = self._poll if next_moment is None else min(self._poll, next_moment - self._now())
        self._ticker.change_interval(seconds=max(_SOONEST, wait).total_seconds())

    @tasks.loop()
    async def _ticker(self) -> None:
        await self.run_drops()

    @_ticker.before_loop
    async def _before_ticker(self) -> None:
        await self.wait_until_ready()

    async def _sync_commands(self) -> None:
        """Discord allows 200 new commands a day, so it is told only of what changed."""
        assert self.application_id is not None
        payload: list[Any] = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        if await self._sync_memory.synced(self.application_id) == digest:
            known = {command.name for command in await self.tree.fetch_commands()}
            if known == {command.name for command in self.tree.get_commands()}:
                return
        await self.tree.sync()
        await self._sync_memory.remember_synced(self.application_id, digest)
