"""Who may use the moderators' commands, and press the buttons of their panels."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from bot.domain.errors import Refused

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

_log = logging.getLogger(__name__)

COMMANDS = frozenset({"serial", "library", "check", "setup"})
"""The moderators' commands. Discord lets everybody type them, so that the story team can; the code decides."""

_KEPT = timedelta(seconds=15)
"""How long what admins allowed is taken for unchanged."""

_PATIENCE = 1.5
"""Seconds that Discord has to say what admins allowed; an answer is due within three."""

_ROLE, _USER = 1, 2


@dataclass(frozen=True, slots=True)
class _Overrides:
    """What admins set for one command, or for all of the bot, under Server Settings → Integrations."""

    roles: dict[int, bool]
    users: dict[int, bool]

    def verdict(self, member: discord.Member) -> bool | None:
        """What they say of that member, as Discord reads them: the person goes before the roles, one role that may is
        enough, and what is said of @everyone is for whom nothing else names. A yes for @everyone makes nobody a
        moderator: it is what Discord shows before anyone has chosen.
        """
        if member.id in self.users:
            return self.users[member.id]
        everyone = member.guild.id
        said = {may for role, may in self.roles.items() if role != everyone and member.get_role(role) is not None}
        if said:
            return True in said
        return False if self.roles.get(everyone) is False else None


class Moderators:
    """People who may manage the server, its story team, and whom admins allow a command in Discord's own settings; but
    nobody whom these settings deny it, except administrators.
    """

    def __init__(self, client: InglenookClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._ids: dict[str, int] = {}
        self._kept: dict[tuple[int, int], tuple[datetime, _Overrides]] = {}

    async def check(self, interaction: discord.Interaction[Any], command: str | None = None) -> None:
        """Refuse whoever is no moderator at this moment.

        Args:
            interaction: what they do.
            command: the moderators' command to which it belongs, where it is none itself; without one, any will do.

        Raises:
            Refused: says who may, and what to do.
        """
        if not await self.may(interaction, command):
            raise Refused("moderators_only")

    async def gate(self, interaction: discord.Interaction[Any]) -> bool:
        """``check`` as the ``interaction_check`` of a cog.

        Raises:
            CheckFailure: caused by the refusal, which the one handler of errors answers with.
        """
        try:
            await self.check(interaction)
        except Refused as refusal:
            raise app_commands.CheckFailure from refusal
        return True

    async def may(self, interaction: discord.Interaction[Any], command: str | None = None) -> bool:
        """Whether whoever acts may use that command, the one that they use, or else any of the moderators'."""
        member = interaction.user
        if interaction.guild_id is None or not isinstance(member, discord.Member):
            return False
        if interaction.permissions.administrator:
            return True
        used = interaction.command.qualified_name.split()[0] if interaction.command is not None else None
        asked = {command or used or ""} & COMMANDS or COMMANDS
        manages = interaction.permissions.manage_guild
        team = (await self._client.settings.of(interaction.guild_id)).team_role
        own = manages or (team is not None and member.get_role(team) is not None)
        if own and asked == {used}:
            # Typed as a command: whom admins deny it, Discord has not let through.
            return True
        found = await self._overrides(interaction.guild_id, asked)
        if found is None:
            # Who may manage the server may change what admins allow, too.
            return manages
        whole, single = found
        denied = whole.verdict(member) is False
        if not single:
            return own and not denied
        for overrides in single:
            verdict = overrides.verdict(member)
            # What is said of the command goes before what is said of the whole bot.
            if verdict or (verdict is None and own and not denied):
                return True
        return False

    async def _overrides(self, guild_id: int, names: Iterable[str]) -> tuple[_Overrides, list[_Overrides]] | None:
        """What admins set for the whole bot, and for each of these commands; None: Discord does not say in time."""
        application = self._client.application_id
        assert application is not None
        try:
            async with asyncio.timeout(_PATIENCE):
                if not self._ids:
                    self._ids = {found.name: found.id for found in await self._client.tree.fetch_commands()}
                asked = [self._ids[name] for name in names if name in self._ids]
                whole, *single = await asyncio.gather(*(self._asked(guild_id, one) for one in (application, *asked)))
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            _log.warning("Discord did not say what the admins of server %s allow: %s", guild_id, error)
            return None
        return whole, single

    async def _asked(self, guild_id: int, command_id: int) -> _Overrides:
        """What admins set for a command; by the bot's own id, for all of it."""
        key = (guild_id, command_id)
        kept = self._kept.get(key)
        if kept is not None and timedelta(0) <= self._now() - kept[0] < _KEPT:
            return kept[1]
        assert self._client.application_id is not None
        roles: dict[int, bool] = {}
        users: dict[int, bool] = {}
        try:
            found = await self._client.http.get_application_command_permissions(
                self._client.application_id, guild_id, command_id
            )
            for entry in found["permissions"]:
                for kind, names in ((_ROLE, roles), (_USER, users)):
                    if entry["type"] == kind:
                        names[int(entry["id"])] = bool(entry["permission"])
        except discord.NotFound:
            pass
        if len(self._kept) > 10_000:
            self._kept.clear()
        overrides = _Overrides(roles, users)
        self._kept[key] = (self._now(), overrides)
        return overrides
