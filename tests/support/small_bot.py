"""A bot small enough to show one thing at a time: what stands on stage where the real one is not asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import tasks

from bot.domain.errors import NothingFound


class SmallBot(discord.Client):
    """Says what it sees, refuses on request, breaks on request, and ticks once an hour."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True, guild_reactions=True))
        self.tree = app_commands.CommandTree(self)
        self.now = now
        self.awake = threading.Event()
        self.ticks: list[datetime] = []
        self.reactions: list[str] = []
        self.on_refusal: Callable[[BaseException], None] | None = None
        self._commands()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(RefusingButton)
        await self.tree.sync()
        self.tick.start()

    async def close(self) -> None:
        self.tick.cancel()
        await super().close()

    @tasks.loop(hours=1)
    async def tick(self) -> None:
        self.ticks.append(self.now())

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.reactions.append(str(event.emoji))

    def _commands(self) -> None:
        tree = self.tree

        @tree.error
        async def answer(interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
            await interaction.response.send_message("Sorry.", ephemeral=True)

        @tree.command(description="-")
        async def look(interaction: discord.Interaction) -> None:
            channel = interaction.channel
            assert isinstance(channel, discord.TextChannel | discord.Thread)
            embed = discord.Embed(title="Adults" if channel.is_nsfw() else "Everybody")
            view = discord.ui.View(timeout=None).add_item(RefusingButton())
            await interaction.response.send_message("Here: **all** of it", embed=embed, view=view)

        @tree.command(description="-")
        async def refuse(interaction: discord.Interaction) -> None:
            raise NothingFound

        @tree.command(description="-")
        async def fail(interaction: discord.Interaction) -> None:
            raise RuntimeError("spilt ink")

        @tree.command(description="-")
        async def sulk(interaction: discord.Interaction) -> None:
            pass

        @tree.command(description="-")
        async def dawdle(interaction: discord.Interaction) -> None:
            await asyncio.to_thread(self.awake.wait, 10)

        @tree.command(description="-")
        async def post(
            interaction: discord.Interaction, channel: discord.TextChannel, words: str, every: str = ""
        ) -> None:
            await interaction.response.send_message("It is posted.", ephemeral=True)
            await channel.send(words)

        @post.autocomplete("words")
        async def offer(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed}, and so on", value="1")]

        @tree.command(description="-")
        @app_commands.default_permissions(manage_guild=True)
        async def rule(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("You do.", ephemeral=True)

        @tree.context_menu(name="Count the letters")
        async def count(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"{len(message.content)} letters", ephemeral=True)


class RefusingButton(discord.ui.DynamicItem[discord.ui.Button], template="small:refuse"):
    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Refuse", custom_id="small:refuse"))

    @classmethod
    async def from_custom_id(cls, interaction, item, match) -> RefusingButton:
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        client = interaction.client
        assert isinstance(client, SmallBot)
        assert client.on_refusal is not None
        client.on_refusal(NothingFound())
        await interaction.response.send_message("There is nothing.", ephemeral=True)


@dataclass(frozen=True)
class Small:
    client: SmallBot


@asynccontextmanager
async def open_small(database: Path, now: Callable[[], datetime]) -> AsyncIterator[Small]:
    client = SmallBot(now)
    await asyncio.to_thread(database.touch)
    yield Small(client)
    await client.close()
