"""Buttons that outlive a restart: everything that they need stands in their id."""

from __future__ import annotations

import functools
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

import discord

from bot import strings
from bot.discord_ui import render
from bot.domain.access import Place
from bot.domain.errors import NothingFound, UserFacingError
from bot.domain.story import ChapterId, LineId, StoryId
from bot.services.progress import EVERY, NONE, Progress

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]

Item = TypeVar("Item")


def answered(
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


class AnotherButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"quote:1:another:(?P<story>\d{1,18})"):
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

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Answer with a new message, so that the earlier quote stays where people reacted to it."""
        await interaction.client.send_quote(interaction, self.story_id)


class ContextButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"quote:1:context:(?P<line>\d{1,18})"):
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

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Show the surroundings to the one who asks."""
        try:
            where = await interaction.client.places.privately(interaction)
            passage = await interaction.client.quotes.context(where, self.line_id)
        except NothingFound as gone:
            raise UserFacingError("old_button") from gone
        hidden = (await interaction.client.settings.of(where.guild_id)).hide_warnings
        await interaction.response.send_message(embed=render.context(passage, hide_warnings=hidden), ephemeral=True)


class ReadButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"read:1:(?P<chapter>\d{1,18})"):
    """Says that its presser has read up to the end of a chapter."""

    def __init__(self, chapter_id: ChapterId) -> None:
        self.chapter_id = chapter_id
        super().__init__(discord.ui.Button(label=strings.BUTTON_READ, custom_id=f"read:1:{chapter_id}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(ChapterId(int(match["chapter"])))

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Remember it, and say so to the presser alone."""
        where = await interaction.client.places.privately(interaction)
        set_to = await interaction.client.progress.read_up_to(where, self.chapter_id)
        await send_progress(interaction, where, set_to)


class LimitButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"progress:1:(?P<story>\d{1,18}):(?P<said>none|every)"
):
    """Hides nothing of a story any more, or all of it, from its presser."""

    def __init__(self, story_id: StoryId, said: str) -> None:
        self.story_id = story_id
        self.said = said
        label = strings.BUTTON_LIFT if said == "every" else strings.BUTTON_NOTHING_READ
        super().__init__(discord.ui.Button(label=label, custom_id=f"progress:1:{story_id}:{said}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(StoryId(int(match["story"])), match["said"])

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Do it, and say so in place of what stood there."""
        where = await interaction.client.places.privately(interaction)
        said = EVERY if self.said == "every" else NONE
        try:
            set_to = await interaction.client.progress.set(where, self.story_id, said)
        except NothingFound as gone:
            raise UserFacingError("old_button") from gone
        await interaction.response.edit_message(content=render.progress(set_to, where), view=_progress_buttons(set_to))


async def send_progress(interaction: Interaction, where: Place, set_to: Progress) -> None:
    """Tell a reader how far they have come, and how to change it."""
    await interaction.response.send_message(
        render.progress(set_to, where), view=_progress_buttons(set_to), ephemeral=True
    )


def _progress_buttons(set_to: Progress) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    story_id = set_to.story.item.id
    if set_to.limited:
        view.add_item(LimitButton(story_id, "every"))
    if not set_to.limited or set_to.chapter is not None:
        view.add_item(LimitButton(story_id, "none"))
    return view


def chapter_buttons(chapter_id: ChapterId) -> discord.ui.View:
    """The row under the end of a chapter."""
    view = discord.ui.View(timeout=None)
    view.add_item(ReadButton(chapter_id))
    return view


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

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Say what became of the story, in place of the buttons."""
        await interaction.client.moderators.check(interaction, "library")
        uploads, user_id = interaction.client.uploads, interaction.user.id
        where = await interaction.client.places.privately(interaction)
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


DYNAMIC_ITEMS = (AnotherButton, ContextButton, ReadButton, LimitButton, UploadButton)
