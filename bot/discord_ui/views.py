"""Buttons that outlive a restart: everything that they need stands in their id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.places import place
from bot.domain.errors import NothingFound, UserFacingError
from bot.domain.story import LineId, StoryId

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]


class AnotherButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"quote:1:another:(?P<story>\d+)"):
    """Draws another quote, from the same story where one was chosen (0: from all)."""

    def __init__(self, story_id: StoryId | None) -> None:
        self.story_id = story_id
        super().__init__(discord.ui.Button(label=strings.BUTTON_ANOTHER, custom_id=f"quote:1:another:{story_id or 0}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(StoryId(int(match["story"])) or None)

    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Answer with a new message, so that the earlier quote stays where people reacted to it."""
        try:
            await interaction.client.send_quote(interaction, self.story_id)
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await interaction.client.refused(interaction, error)


class ContextButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"quote:1:context:(?P<line>\d+)"):
    """Shows the lines around a quote, privately."""

    def __init__(self, line_id: LineId) -> None:
        self.line_id = line_id
        super().__init__(discord.ui.Button(label=strings.BUTTON_CONTEXT, custom_id=f"quote:1:context:{line_id}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(LineId(int(match["line"])))

    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Show the surroundings to the one who asks."""
        try:
            try:
                passage = await interaction.client.quotes.context(place(interaction), self.line_id)
            except NothingFound as gone:
                raise UserFacingError("old_button") from gone
            await interaction.response.send_message(embed=render.context(passage), ephemeral=True)
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await interaction.client.refused(interaction, error)


def quote_buttons(story_id: StoryId | None, line_id: LineId) -> discord.ui.View:
    """The row under a quote."""
    view = discord.ui.View(timeout=None)
    view.add_item(AnotherButton(story_id))
    view.add_item(ContextButton(line_id))
    return view


class AcceptButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"upload:1:accept:(?P<token>[0-9a-f]{16})"):
    """Stores an attached story."""

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__(
            discord.ui.Button(
                label=strings.BUTTON_ACCEPT, custom_id=f"upload:1:accept:{token}", style=discord.ButtonStyle.success
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(match["token"])

    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Store the story and say so in place of the buttons."""
        try:
            await interaction.response.defer()
            added, called = await interaction.client.uploads.accept(self.token, place(interaction), interaction.user.id)
            await interaction.edit_original_response(content=render.accepted(added, called), embed=None, view=None)
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await interaction.client.refused(interaction, error)


class DiscardButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"upload:1:discard:(?P<token>[0-9a-f]{16})"
):
    """Forgets an attached story."""

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__(discord.ui.Button(label=strings.BUTTON_DISCARD, custom_id=f"upload:1:discard:{token}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(match["token"])

    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Say that nothing was stored in place of the buttons."""
        try:
            name = interaction.client.uploads.discard(self.token, place(interaction), interaction.user.id)
            await interaction.response.edit_message(content=render.discarded(name), embed=None, view=None)
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await interaction.client.refused(interaction, error)


def upload_buttons(token: str) -> discord.ui.View:
    """The row under what was understood of an attached file."""
    view = discord.ui.View(timeout=None)
    view.add_item(AcceptButton(token))
    view.add_item(DiscardButton(token))
    return view


DYNAMIC_ITEMS = (AnotherButton, ContextButton, AcceptButton, DiscardButton)
