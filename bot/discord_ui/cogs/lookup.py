"""``/find``, and the message menu that finds where a message is from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.cogs.options import CHOICES, StoryName, chosen_story, suggest_stories
from bot.domain.errors import NothingFound, UserFacingError
from bot.domain.ranking import highlight
from bot.domain.story import LineId
from bot.services.lookup import MAX_QUERY

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

_PICKED = re.compile(r"line:(\d{1,18})")
_TOO_SHORT = 3


class LookupCog(commands.Cog):
    """The line that somebody half remembers."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client
        self._menu = app_commands.ContextMenu(name=strings.MENU_WHICH_SCENE, callback=self.which_scene)
        self._menu.guild_only = True

    async def cog_load(self) -> None:
        """Offer the message menu (discord.py takes no menus from a cog by itself)."""
        self.client.tree.add_command(self._menu)

    async def which_scene(self, interaction: discord.Interaction[InglenookClient], message: discord.Message) -> None:
        """Say, privately, which scene a message quotes."""
        where = await self.client.places.privately(interaction)
        words = _words_of(message)
        if not words:
            raise NothingFound
        found = await self.client.lookup.find(where, words)
        hidden = (await self.client.settings.of(where.guild_id)).hide_warnings
        await interaction.response.send_message(
            embed=render.matches(found, highlight(found[0].text, words), hide_warnings=hidden), ephemeral=True
        )

    @app_commands.command(name="find", description=strings.COMMANDS["find"])
    @app_commands.describe(words=strings.COMMANDS["find_words"], story=strings.COMMANDS["find_story"])
    @app_commands.autocomplete(story=suggest_stories)
    @app_commands.guild_only()
    async def find(
        self,
        interaction: discord.Interaction[InglenookClient],
        words: app_commands.Range[str, 1, MAX_QUERY],
        story: StoryName | None = None,
    ) -> None:
        """Answer with the best matches, or say that there are none."""
        async with self.client.places.turn(interaction) as where:
            chosen = await chosen_story(interaction, story, where)
            if picked := _PICKED.fullmatch(words):
                found = [await self.client.lookup.line(where, LineId(int(picked[1])))]
                span = None
            else:
                found = await self.client.lookup.find(where, words, chosen.item.id if chosen else None)
                span = highlight(found[0].text, words)
            hidden = (await self.client.settings.of(where.guild_id)).hide_warnings
            embed = render.matches(found, span, hide_warnings=hidden)
            await interaction.response.send_message(embed=embed, ephemeral=where.reader is not None)

    @find.autocomplete("words")
    async def suggest(
        self, interaction: discord.Interaction[InglenookClient], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Lines that fit what has been typed so far. Discord skips a command's checks here, so
        everything is asked again when one is picked.
        """
        if interaction.guild_id is None or len(typed.strip()) < _TOO_SHORT:
            return []
        where = await self.client.places.privately(interaction)
        try:
            chosen = await chosen_story(interaction, interaction.namespace.story, where)
            found = await self.client.lookup.find(
                where, typed, chosen.item.id if chosen else None, limit=CHOICES, around=0
            )
        except UserFacingError:
            return []
        return [
            app_commands.Choice(
                name=render.suggestion(match, highlight(match.text, typed)),
                value=f"line:{match.passage.item.line_id}",
            )
            for match in found
        ]


def _words_of(message: discord.Message) -> str:
    """What a message says, in its text or its embeds, without markup."""
    texts = [message.content, *(embed.description or "" for embed in message.embeds)]
    return discord.utils.remove_markdown("\n".join(filter(None, texts))).strip()
