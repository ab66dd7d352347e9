"""``/find``, and the message menu that finds where a message is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui import findviews, render
from bot.discord_ui.cogs.options import CHOICES, StoryName, chosen_story, suggest_stories
from bot.domain.errors import NothingFound, UserFacingError
from bot.services.lookup import MAX_QUERY

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

_LINE = "line:"
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
        found = await self.client.lookup.scenes(where, words)
        await findviews.send(
            interaction, where, await findviews.answer(interaction, where, found, findviews.picks(found, words))
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
            if picked := _picked(words):
                found, picks = [await self.client.lookup.line(where, picked.line_id)], [picked]
            else:
                found = await self.client.lookup.find(where, words, chosen.item.id if chosen else None)
                picks = findviews.picks(found, words)
            await findviews.send(interaction, where, await findviews.answer(interaction, where, found, picks))

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
                where, typed, chosen.item.id if chosen else None, limit=CHOICES, around=0, typist=interaction.user.id
            )
        except UserFacingError:
            return []
        picks = [findviews.Pick.of(match, typed, findviews.SURE) for match in found]
        return [
            app_commands.Choice(name=render.suggestion(match, pick.span(match)), value=f"{_LINE}{pick}")
            for match, pick in zip(found, picks, strict=True)
        ]


def _picked(words: str) -> findviews.Pick | None:
    """The suggestion that was picked, if what was sent is one."""
    return findviews.Pick.parse(words.removeprefix(_LINE)) if words.startswith(_LINE) else None


def _words_of(message: discord.Message) -> str:
    """What a message says, in its text or its embeds, without markup."""
    texts = [message.content, *(embed.description or "" for embed in message.embeds)]
    return discord.utils.remove_markdown("\n".join(filter(None, texts))).strip()
