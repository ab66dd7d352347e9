"""The simulated server: four channels, three people, and the bot as the invite link brings it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.stage.gaps import Gaps, StageBroken

if TYPE_CHECKING:
    from bot.stage.world import Channel, Guild, Member, SimEnv

INVITE_PERMISSIONS = 309237763136
"""What the invite link asks for: see, send, embed, attach, read history, react, open and write in
threads; nothing else."""


@dataclass(frozen=True, slots=True)
class Server:
    """One simulated server: who is in it, and where one talks."""

    guild: Guild
    actors: dict[str, Member]
    channels: dict[str, Channel]


def build(env: SimEnv, gaps: Gaps, name: str) -> Server:
    """A new server with the bot in it."""
    if env.backend.bot_user.name != "Inglenook":
        env.backend.edit_bot_profile("Inglenook")
    guild = env.create_guild(name)
    bot_role = next(role for role in guild.roles.values() if role.name == "Inglenook")
    env.backend.edit_role(guild.id, bot_role.id, {"permissions": INVITE_PERMISSIONS})
    moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    actors = {
        "reader": guild.add_member(env.create_user("robin", global_name="Robin (reader)")),
        "moderator": guild.add_member(
            env.create_user("marguerite", global_name="Marguerite (moderator)"), roles=[moderators]
        ),
        "author": guild.add_member(env.create_user("ansel", global_name="Ansel (author)")),
    }
    seen = discord.PermissionOverwrite(view_channel=True)
    channels = {
        "chapters": guild.create_text_channel("chapters", topic="New chapters, scene by scene."),
        "talk": guild.create_text_channel("talk", topic="Everything else."),
        "late-night": guild.create_text_channel("late-night", topic="For adults."),
        "mods": guild.create_text_channel(
            "mods",
            overwrites={
                guild.default_role: discord.PermissionOverwrite(view_channel=False),
                moderators: seen,
                bot_role: seen,
            },
        ),
    }
    server = Server(guild, actors, channels)
    gaps.restrict(channels["late-night"].id)
    return server


def check(server: Server, env: SimEnv, gaps: Gaps) -> None:
    """See that the bot sees what was built.

    Raises:
        StageBroken: it does not.
    """
    guild = env.bot.get_guild(server.guild.id)
    if guild is None:
        raise StageBroken("the bot does not see its server")
    for name, handle in server.channels.items():
        seen = guild.get_channel(handle.id)
        if not isinstance(seen, discord.TextChannel):
            raise StageBroken(f"the bot does not see #{name}")
        if seen.is_nsfw() != (gaps.is_restricted(handle.id)):
            raise StageBroken("channels can no longer be made age-restricted from here")
    backend = env.backend
    everyone = backend.get_role(guild.id, guild.id).permissions
    mine = backend.compute_permissions(guild.id, backend.bot_user.id)
    if mine | everyone != INVITE_PERMISSIONS | everyone or guild.me.guild_permissions.value != mine:
        raise StageBroken("the bot's permissions cannot be set")
