"""``/library``: the stories of a server, for moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.cogs.options import StoryName, suggest_to_moderators
from bot.discord_ui.shelfviews import send_shown
from bot.discord_ui.views import upload_buttons
from bot.domain.errors import BadInput
from bot.domain.story import Permission, PermissionFor, PermissionFrom, Rating
from bot.services.uploads import MAX_BYTES, Said

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

_PERMISSIONS = {
    "author: full text": Permission(PermissionFrom.AUTHOR, PermissionFor.FULL_TEXT),
    "author: quotes and search only": Permission(PermissionFrom.AUTHOR, PermissionFor.EXCERPTS),
    "licence: full text": Permission(PermissionFrom.LICENCE, PermissionFor.FULL_TEXT),
    "licence: quotes and search only": Permission(PermissionFrom.LICENCE, PermissionFor.EXCERPTS),
    "public domain": Permission(PermissionFrom.PUBLIC_DOMAIN, PermissionFor.FULL_TEXT),
    "unknown": Permission(),
}


@app_commands.guild_only()
class LibraryCog(commands.GroupCog, group_name="library", group_description=strings.COMMANDS["library"]):
    """Brings stories into a server."""

    def __init__(self, client: InglenookClient) -> None:
        self.client = client
        super().__init__()

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let moderators through, and nobody else."""
        return await self.client.moderators.gate(interaction)

    @app_commands.command(name="show", description=strings.COMMANDS["library_show"])
    @app_commands.describe(story=strings.COMMANDS["library_show_story"])
    @app_commands.autocomplete(story=suggest_to_moderators)
    async def show(self, interaction: discord.Interaction[InglenookClient], story: StoryName) -> None:
        """Show a story with all its chapters, those that were not posted among them."""
        where = await self.client.places.privately(interaction, ahead=True)
        chosen = await self.client.shelf.find(where, story)
        await send_shown(interaction, where, chosen.item.id)

    @app_commands.command(name="add", description=strings.COMMANDS["library_add"])
    @app_commands.describe(
        file=strings.COMMANDS["library_add_file"],
        title=strings.COMMANDS["library_add_title"],
        rating=strings.COMMANDS["library_add_rating"],
        permission=strings.COMMANDS["library_add_permission"],
        shorter=strings.COMMANDS["library_add_shorter"],
    )
    async def add(
        self,
        interaction: discord.Interaction[InglenookClient],
        file: discord.Attachment,
        title: app_commands.Range[str, 1, 200] | None = None,
        rating: Literal["general", "teen", "mature", "explicit", "unrated"] | None = None,
        permission: Literal[
            "author: full text",
            "author: quotes and search only",
            "licence: full text",
            "licence: quotes and search only",
            "public domain",
            "unknown",
        ]
        | None = None,
        shorter: bool = False,
    ) -> None:
        """Say what the file holds, and store it if that is accepted."""
        where = await self.client.places.privately(interaction)
        if file.size > MAX_BYTES:
            raise BadInput("upload_too_large", file=file.filename, limit=MAX_BYTES // 1024 // 1024)
        # Reading takes longer than Discord waits for a first answer.
        await interaction.response.defer(ephemeral=True, thinking=True)
        said = Said(
            title=" ".join(title.split()) or None if title else None,
            rating=Rating(rating) if rating else None,
            permission=_PERMISSIONS[permission] if permission else None,
            shorter=shorter,
        )
        offer = await self.client.uploads.offer(await file.read(), file.filename, said, where, interaction.user.id)
        await interaction.edit_original_response(embed=render.offer(offer), view=upload_buttons(offer.token))
