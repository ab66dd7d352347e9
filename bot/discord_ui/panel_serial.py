"""The last step of ``/setup``: the first serial, a sample scene, the bundled stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import discord

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.markdown import escape
from bot.discord_ui.panel_items import PageButton, PanelItem, chosen, chosen_channels, number_of, row
from bot.discord_ui.permissions import lacking
from bot.discord_ui.places import is_age_restricted
from bot.discord_ui.startings import hidden, started
from bot.domain.access import EVERYTHING, Cleared, Place, may_show
from bot.domain.errors import Refused
from bot.domain.excerpt import opening
from bot.domain.passages import StoryCard
from bot.domain.schedule import Every
from bot.domain.story import Owner
from bot.services.serials import First
from bot.services.zones import MENU

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]

_LABEL = 100
"""The most characters of a menu's option (Discord)."""

_TEXT = [discord.ChannelType.text, discord.ChannelType.news]
_DRAFT = (
    r"(?P<story>\d{1,18})\.(?P<channel>\d{1,20})"
    rf"\.(?P<every>{'|'.join(strings.DRAFT_EVERY_SHOWN)})\.(?P<first>{'|'.join(strings.DRAFT_FIRST_SHOWN)})"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A serial that is not started yet; it stands in the ids of its menus, and nowhere else."""

    story: int = 0
    channel: int = 0
    every: str = "week"
    first: str = "tomorrow"

    def __str__(self) -> str:
        return f"{self.story}.{self.channel}.{self.every}.{self.first}"


class _DraftItem(PanelItem):
    """Something that belongs to a draft."""

    draft: Draft
    what: ClassVar[str]

    def _read(self, story: str | int, channel: str | int, every: str, first: str) -> str:
        self.draft = Draft(int(story), int(channel), every, first)
        return f"setup:1:draft:{self.what}:{self.draft}"


class StoryMenu(_DraftItem, discord.ui.DynamicItem[discord.ui.Select[Any]], template=rf"setup:1:draft:story:{_DRAFT}"):
    """Chooses the story."""

    what = "story"

    def __init__(self, *draft: Any, stories: Sequence[Cleared[StoryCard]] = ()) -> None:
        custom_id = self._read(*draft)
        options = [
            discord.SelectOption(
                label=opening(card.item.title, _LABEL),
                value=str(card.item.id),
                description=strings.DRAFT_STORY_DETAILS.format(
                    rating=card.item.terms.rating.value, chapters=card.item.chapters
                ),
                default=card.item.id == self.draft.story,
            )
            for card in stories[:MENU]
        ]
        super().__init__(
            discord.ui.Select(
                custom_id=custom_id, id=number_of(custom_id), placeholder=strings.DRAFT_STORY, options=options
            )
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Draw the draft with it."""
        values = chosen(interaction)
        if not values or not values[0].isascii() or not values[0].isdecimal():
            raise Refused("setup_value")
        await show_draft(interaction, replace(self.draft, story=int(values[0])))


class TargetMenu(
    _DraftItem, discord.ui.DynamicItem[discord.ui.ChannelSelect[Any]], template=rf"setup:1:draft:channel:{_DRAFT}"
):
    """Chooses the channel."""

    what = "channel"

    def __init__(self, *draft: Any) -> None:
        custom_id = self._read(*draft)
        kind = discord.SelectDefaultValueType.channel
        default = [discord.SelectDefaultValue(id=self.draft.channel, type=kind)] if self.draft.channel else []
        menu = discord.ui.ChannelSelect[Any](
            custom_id=custom_id,
            id=number_of(custom_id),
            placeholder=strings.DRAFT_CHANNEL,
            channel_types=_TEXT,
            default_values=default,
        )
        super().__init__(menu)

    async def pressed(self, interaction: Interaction) -> None:
        """Draw the draft with it."""
        found = chosen_channels(interaction, _TEXT)
        await show_draft(interaction, replace(self.draft, channel=found[0] if found else 0))


class RhythmMenu(_DraftItem, discord.ui.DynamicItem[discord.ui.Select[Any]], template=rf"setup:1:draft:every:{_DRAFT}"):
    """Chooses how often a chapter comes."""

    what = "every"

    def __init__(self, *draft: Any) -> None:
        custom_id = self._read(*draft)
        options = _options(strings.DRAFT_EVERY_SHOWN, self.draft.every)
        super().__init__(
            discord.ui.Select(
                custom_id=custom_id, id=number_of(custom_id), placeholder=strings.DRAFT_EVERY, options=options
            )
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Draw the draft with it."""
        await show_draft(interaction, replace(self.draft, every=_one_of(strings.DRAFT_EVERY_SHOWN, interaction)))


class FirstMenu(_DraftItem, discord.ui.DynamicItem[discord.ui.Select[Any]], template=rf"setup:1:draft:first:{_DRAFT}"):
    """Chooses when the first chapter comes."""

    what = "first"

    def __init__(self, *draft: Any) -> None:
        custom_id = self._read(*draft)
        options = _options(strings.DRAFT_FIRST_SHOWN, self.draft.first)
        super().__init__(
            discord.ui.Select(
                custom_id=custom_id, id=number_of(custom_id), placeholder=strings.DRAFT_FIRST, options=options
            )
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Draw the draft with it."""
        await show_draft(interaction, replace(self.draft, first=_one_of(strings.DRAFT_FIRST_SHOWN, interaction)))


class StartButton(
    _DraftItem, discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"setup:1:draft:start:{_DRAFT}"
):
    """Starts the serial."""

    what = "start"

    def __init__(self, *draft: Any) -> None:
        button = discord.ui.Button[Any](
            label=strings.BUTTON_START,
            custom_id=self._read(*draft),
            style=discord.ButtonStyle.success,
            disabled=not (self.draft.story and self.draft.channel),
        )
        super().__init__(button)

    async def pressed(self, interaction: Interaction) -> None:
        """Start it and say when its first chapters come; the same as ``/serial start``."""
        client, draft = interaction.client, self.draft
        assert interaction.guild is not None
        where = await client.places.privately(interaction)
        channel = interaction.guild.get_channel(draft.channel)
        if not isinstance(channel, discord.TextChannel):
            raise Refused("setup_channel_unknown")
        if lacks := lacking(channel):
            raise Refused("channel_unusable", channel=channel.id, permissions=", ".join(lacks))
        story = next((card.item for card in await client.shelf.stories(where) if card.item.id == draft.story), None)
        if story is None:
            raise Refused("setup_story_gone")
        target = Place(channel.guild.id, channel.id, is_age_restricted(channel), where.ratings)
        begun = await client.serials.start(
            story,
            story.title,
            target,
            every=Every(draft.every),
            first=First(draft.first),
            user_id=interaction.user.id,
        )
        settings = await client.settings.of(channel.guild.id)
        said = started(begun, story.title, channel, settings, at_once=draft.first == First.NOW)
        await interaction.response.edit_message(view=layout(said, row(_back())))
        await client.run_drops()


class FirstSerialButton(PanelItem, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"setup:1:serial"):
    """Opens the draft of a serial."""

    def __init__(self, *, first: bool = True) -> None:
        label = strings.BUTTON_FIRST_SERIAL if first else strings.BUTTON_NEXT_SERIAL
        button = discord.ui.Button[Any](label=label, custom_id="setup:1:serial", style=discord.ButtonStyle.success)
        super().__init__(button)

    async def pressed(self, interaction: Interaction) -> None:
        """Draw one with everything filled in that is known."""
        assert interaction.guild is not None
        settings = await interaction.client.settings.of(interaction.guild.id)
        channel = interaction.guild.get_channel(settings.chapters_channel or 0)
        await show_draft(interaction, Draft(channel=channel.id if channel else 0))


class SampleSceneButton(PanelItem, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"setup:1:scene"):
    """Shows everybody in the channel how a scene looks."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label=strings.BUTTON_SAMPLE_SCENE, custom_id="setup:1:scene"))

    async def pressed(self, interaction: Interaction) -> None:
        """Post the opening of a story that may stand here."""
        client = interaction.client
        # What everybody sees goes by the server's release, not by what its presser may see.
        where = replace(await client.places.privately(interaction), reader=None, ahead=False)
        _, passage = await client.samples.opening(where)
        hidden = (await client.settings.of(where.guild_id)).hide_warnings
        answer = await interaction.response.send_message(
            strings.SAMPLE_CARD, embed=render.quote(passage, hide_warnings=hidden)
        )
        if answer.message_id is not None:
            await client.reactions.remember(answer.message_id, where, passage.item.heading.scene_id)


class SamplesButton(PanelItem, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"setup:1:samples"):
    """Brings the bundled stories in."""

    def __init__(self) -> None:
        button = discord.ui.Button[Any](
            label=strings.BUTTON_SAMPLES, custom_id="setup:1:samples", style=discord.ButtonStyle.primary
        )
        super().__init__(button)

    async def pressed(self, interaction: Interaction) -> None:
        """Store them and draw the panel again."""
        assert interaction.guild_id is not None
        # Reading and storing takes longer than Discord waits for a first answer.
        await interaction.response.defer()
        count = await interaction.client.samples.add(Owner(interaction.guild_id))
        told = strings.SAMPLES_ADDED.format(count=count) if count else strings.SAMPLES_THERE
        await interaction.edit_original_response(view=await interaction.client.panel.draw(interaction, told=told))


async def show_draft(interaction: Interaction, draft: Draft) -> None:
    """Draw a serial's draft in place of the panel: only stories that may be named here and posted there."""
    client = interaction.client
    assert interaction.guild is not None
    where = await client.places.privately(interaction)
    channel = interaction.guild.get_channel(draft.channel)
    stories = [card for card in await client.shelf.stories(where) if card.item.permission.full_text]
    if channel is None:
        draft = replace(draft, channel=0)
    else:
        target = Place(channel.guild.id, channel.id, is_age_restricted(channel), where.ratings)
        stories = [card for card in stories if may_show(card.item, target, EVERYTHING)]
    known = [int(card.item.id) for card in stories]
    if draft.story not in known:
        draft = replace(draft, story=known[0] if len(known) == 1 else 0)
    parts = (draft.story, draft.channel, draft.every, draft.first)
    title = strings.DRAFT_NEXT_TITLE if await client.serials.any(interaction.guild.id) else strings.DRAFT_TITLE
    items: list[discord.ui.Item[Any] | str] = [
        "\n".join([title, strings.DRAFT_INTRO, *([] if where.age_restricted else [strings.DRAFT_ADULT])])
    ]
    if stories:
        items += [f"**{strings.DRAFT_STORY}**", row(StoryMenu(*parts, stories=stories))]
        if len(stories) > MENU:
            items.append(strings.DRAFT_MORE.format(count=len(stories) - MENU))
    else:
        items.append(strings.DRAFT_NO_STORY)
    items += [f"**{strings.DRAFT_CHANNEL}**", row(TargetMenu(*parts))]
    if channel is not None and (lacks := lacking(channel)):
        me = escape(interaction.guild.me.display_name)
        items.append(
            strings.SETUP_LACKING.format(channel=render.channel(channel.id), permissions=", ".join(lacks), me=me)
        )
    if channel is not None:
        items += hidden(channel, await client.settings.of(channel.guild.id))
    items += [f"**{strings.DRAFT_EVERY}**", row(RhythmMenu(*parts))]
    items += [f"**{strings.DRAFT_FIRST}**", row(FirstMenu(*parts))]
    items.append(row(StartButton(*parts), _back()))
    await interaction.response.edit_message(view=layout(*items))


def layout(*items: discord.ui.Item[Any] | str) -> discord.ui.LayoutView:
    """One framed message of texts and rows, in order."""
    container = discord.ui.Container[discord.ui.LayoutView](accent_colour=render.EMBER)
    for item in items:
        container.add_item(discord.ui.TextDisplay(item) if isinstance(item, str) else item)
    view = discord.ui.LayoutView(timeout=None)
    return view.add_item(container)


def _back() -> PageButton:
    return PageButton("channels", label=strings.BUTTON_TO_SETUP)


def _options(shown: dict[str, str], now: str) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=label, value=value, default=value == now) for value, label in shown.items()]


def _one_of(shown: dict[str, str], interaction: discord.Interaction) -> str:
    values = chosen(interaction)
    if not values or values[0] not in shown:
        raise Refused("setup_value")
    return values[0]


ITEMS = (
    StoryMenu,
    TargetMenu,
    RhythmMenu,
    FirstMenu,
    StartButton,
    FirstSerialButton,
    SampleSceneButton,
    SamplesButton,
)
