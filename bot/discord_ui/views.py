"""Buttons that outlive a restart: everything that they need stands in their id."""

from __future__ import annotations

import functools
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

import discord

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.places import check_moderator, place
from bot.domain.errors import NothingFound, UserFacingError
from bot.domain.story import LineId, StoryId

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]

Item = TypeVar("Item")


def _answered(
    callback: Callable[[Item, Interaction], Awaitable[None]],
) -> Callable[[Item, Interaction], Awaitable[None]]:
    """A button's callback whose every failure is told: discord.py would only log it, and a person waits."""

    @functools.wraps(callback)
    async def answering(item: Item, interaction: Interaction) -> None:
        try:
            await callback(item, interaction)
        except Exception as error:  # noqa: BLE001 (said above)
            await interaction.client.refused(interaction, error)

    return answering


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

    @_answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Answer with a new message, so that the earlier quote stays where people reacted to it."""
        await interaction.client.send_quote(interaction, self.story_id)


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

    @_answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Show the surroundings to the one who asks."""
        try:
            passage = await interaction.client.quotes.context(place(interaction), self.line_id)
        except NothingFound as gone:
            raise UserFacingError("old_button") from gone
        await interaction.response.send_message(embed=render.context(passage), ephemeral=True)


def quote_buttons(story_id: StoryId | None, line_id: LineId) -> discord.ui.View:
    """The row under a quote."""
    view = discord.ui.View(timeout=None)
    view.add_item(AnotherButton(story_id))
    view.add_item(ContextButton(line_id))
    return view


class UploadButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"upload:1:(?P<does>accept|discard):(?P<token>[0-9a-f]{16})",
):
    """Stores an attached story, or forgets it."""

    def __init__(self, does: str, token: str) -> None:
        self.does = does
        self.token = token
        accepts = does == "accept"
        super().__init__(
            discord.ui.Button(
                label=strings.BUTTON_ACCEPT if accepts else strings.BUTTON_DISCARD,
                style=discord.ButtonStyle.success if accepts else discord.ButtonStyle.secondary,
                custom_id=f"upload:1:{does}:{token}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(match["does"], match["token"])

    @_answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Say what became of the story, in place of the buttons."""
        check_moderator(interaction)
        uploads, where, user_id = interaction.client.uploads, place(interaction), interaction.user.id
        if self.does == "discard":
            said = render.discarded(uploads.discard(self.token, where, user_id))
            await interaction.response.edit_message(content=said, embed=None, view=None)
            return
        # Storing may take longer than Discord waits for a first answer.
        await interaction.response.defer()
        said = render.accepted(*await uploads.accept(self.token, where, user_id))
        await interaction.edit_original_response(content=said, embed=None, view=None)


def upload_buttons(token: str) -> discord.ui.View:
    """The row under what was understood of an attached file."""
    view = discord.ui.View(timeout=None)
    view.add_item(UploadButton("accept", token))
    view.add_item(UploadButton("discard", token))
    return view


DYNAMIC_ITEMS = (AnotherButton, ContextButton, UploadButton)
