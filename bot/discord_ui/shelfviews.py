"""The menus of ``/library show``: moderators look ahead, and release chapters by hand.

They are stateless: what they need stands in their ids, and who uses them is asked anew each time.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord

from bot import strings
from bot.discord_ui import render
from bot.domain.access import Cleared, Place
from bot.domain.errors import NothingFound, UserFacingError
from bot.domain.passages import ListedChapter
from bot.domain.story import ChapterId, StoryId
from bot.services.releases import Release, Shown, State

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]

_ROWS = 23
"""Chapters in one menu; two of Discord's 25 lines lead to others."""

_NUMBER = re.compile(r"\d{1,18}")
_TURN = re.compile(r"page:(\d{1,6})")


class ChapterMenu(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=r"shelf:1:(?P<what>look|release):(?P<story>\d{1,18})",
):
    """Chooses one of the chapters that readers are not shown yet, to look at or to release up to."""

    def __init__(self, what: str, story_id: StoryId, chapters: list[Cleared[ListedChapter]], page: int = 0) -> None:
        self.what = what
        self.story_id = story_id
        page = min(page, max(0, (len(chapters) - 1) // _ROWS))
        rows = [
            discord.SelectOption(label=render.chapter_choice(chapter), value=str(chapter.item.id))
            for chapter in chapters[page * _ROWS : (page + 1) * _ROWS]
        ]
        if page:
            rows.insert(0, discord.SelectOption(label=strings.MENU_EARLIER, value=f"page:{page - 1}"))
        if len(chapters) > (page + 1) * _ROWS:
            rows.append(discord.SelectOption(label=strings.MENU_LATER, value=f"page:{page + 1}"))
        super().__init__(
            discord.ui.Select(
                custom_id=f"shelf:1:{what}:{story_id}",
                placeholder=strings.MENU_LOOK if what == "look" else strings.MENU_RELEASE,
                options=rows or [discord.SelectOption(label=strings.SHOWN_ALL, value="none")],
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a used menu's id; what it listed then is asked anew."""
        return cls(match["what"], StoryId(int(match["story"])), [])

    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Show the chosen chapter, ask before it is released, or turn the menus' page."""
        try:
            where = await _ahead(interaction)
            chosen = _chosen(interaction)
            try:
                if turn := _TURN.fullmatch(chosen):
                    found = await interaction.client.releases.show(where, self.story_id)
                    view = _menus(found, int(turn[1]))
                    await interaction.response.edit_message(embed=render.shown(found, where), view=view)
                elif not _NUMBER.fullmatch(chosen):
                    raise NothingFound
                elif self.what == "look":
                    await _look(interaction, where, ChapterId(int(chosen)), 0)
                else:
                    chapter_id = ChapterId(int(chosen))
                    planned = await interaction.client.releases.plan(where, self.story_id, chapter_id)
                    await interaction.response.send_message(
                        render.release_asked(planned, changed=False),
                        view=_release_button(self.story_id, chapter_id, planned),
                        ephemeral=True,
                    )
            except NothingFound as gone:
                raise UserFacingError("old_button") from gone
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await interaction.client.refused(interaction, error)


class ReleaseButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"shelf:1:do:(?P<story>\d{1,18}):(?P<chapter>\d{1,18}):(?P<digest>[0-9a-f]{8})",
):
    """Releases what the sentence above it says, as long as that is still the same."""

    def __init__(self, story_id: StoryId, chapter_id: ChapterId, digest: str) -> None:
        self.story_id = story_id
        self.chapter_id = chapter_id
        self.digest = digest
        super().__init__(
            discord.ui.Button(
                label=strings.BUTTON_RELEASE,
                custom_id=f"shelf:1:do:{story_id}:{chapter_id}:{digest}",
                style=discord.ButtonStyle.danger,
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(StoryId(int(match["story"])), ChapterId(int(match["chapter"])), match["digest"])

    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Release it and say so, or ask again where the story has changed."""
        try:
            where = await _ahead(interaction)
            try:
                planned, done = await interaction.client.releases.release(
                    where, self.story_id, self.chapter_id, self.digest
                )
            except NothingFound as gone:
                raise UserFacingError("old_button") from gone
            if done:
                await interaction.response.edit_message(content=render.released(planned), view=None)
            else:
                await interaction.response.edit_message(
                    content=render.release_asked(planned, changed=True),
                    view=_release_button(self.story_id, self.chapter_id, planned),
                )
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await interaction.client.refused(interaction, error)


class PageButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"shelf:1:(?P<way>back|on):(?P<chapter>\d{1,18}):(?P<page>\d{1,6})",
):
    """Turns to a page of a chapter that a moderator reads ahead."""

    def __init__(self, way: str, chapter_id: ChapterId, page: int, *, there: bool = True) -> None:
        self.chapter_id = chapter_id
        self.page = page
        super().__init__(
            discord.ui.Button(
                label=strings.BUTTON_BACK if way == "back" else strings.BUTTON_ON,
                custom_id=f"shelf:1:{way}:{chapter_id}:{page}",
                disabled=not there,
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(match["way"], ChapterId(int(match["chapter"])), int(match["page"]))

    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Show that page in place of the one that stood there."""
        try:
            try:
                await _look(interaction, await _ahead(interaction), self.chapter_id, self.page, turn=True)
            except NothingFound as gone:
                raise UserFacingError("old_button") from gone
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await interaction.client.refused(interaction, error)


async def send_shown(interaction: Interaction, where: Place, story_id: StoryId) -> None:
    """Answer with a story's card, all its chapters, and the menus to look ahead and to release."""
    found = await interaction.client.releases.show(where, story_id)
    settings = await interaction.client.settings.of(where.guild_id)
    embeds = [render.story(found.story, where, hide_warnings=settings.hide_warnings), render.shown(found, where)]
    await interaction.response.send_message(embeds=embeds, view=_menus(found, 0), ephemeral=True)


def _menus(found: Shown, page: int) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    if held := found.held_back:
        view.add_item(ChapterMenu("look", found.story.item.id, held, page))
        view.add_item(ChapterMenu("release", found.story.item.id, held, page))
    return view


def _release_button(story_id: StoryId, chapter_id: ChapterId, planned: Release) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(ReleaseButton(story_id, chapter_id, planned.digest))
    return view


async def _look(
    interaction: Interaction, where: Place, chapter_id: ChapterId, page: int, *, turn: bool = False
) -> None:
    chapter = await interaction.client.releases.chapter(where, chapter_id)
    pages = await asyncio.to_thread(render.ahead_pages, chapter)
    page = min(page, len(pages) - 1)
    found = await interaction.client.releases.show(where, chapter.item.story_id)
    settings = await interaction.client.settings.of(where.guild_id)
    shown = any(s.chapter.item.id == chapter_id and s.state is not State.NOT_YET for s in found.chapters)
    embed = render.ahead(chapter, pages, page, settings, shown=shown)
    view = discord.ui.View(timeout=None)
    if len(pages) > 1:
        view.add_item(PageButton("back", chapter_id, max(0, page - 1), there=page > 0))
        view.add_item(PageButton("on", chapter_id, page + 1, there=page + 1 < len(pages)))
    if turn:
        await interaction.response.edit_message(embed=embed, view=view)
    else:
        await interaction.response.send_message(embed=embed, view=view, ephemeral=True)


async def _ahead(interaction: Interaction) -> Place:
    """Where a moderator looks ahead, who must still be one."""
    await interaction.client.moderators.check(interaction, "library")
    return await interaction.client.places.privately(interaction, ahead=True)


def _chosen(interaction: Interaction) -> str:
    values: Any = (interaction.data or {}).get("values") or [""]
    return str(values[0])


SHELF_ITEMS = (ChapterMenu, ReleaseButton, PageButton)
