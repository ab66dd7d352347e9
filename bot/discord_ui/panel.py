"""Draws ``/setup``: always anew from the database, so that it shows what other moderators have changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

import discord

from bot import strings
from bot.discord_ui import panel_items, panel_serial, panel_zones, render
from bot.discord_ui.markdown import escape
from bot.discord_ui.panel_items import PAGES, row
from bot.discord_ui.panel_serial import layout
from bot.discord_ui.permissions import NEEDED, can_ping, lacking
from bot.discord_ui.places import is_age_restricted
from bot.domain.access import OPEN_RATINGS
from bot.domain.settings import Settings, restored, stored
from bot.domain.story import Rating
from bot.services.settings import Change
from bot.services.zones import OTHER, page_of, regions

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]
    Part: TypeAlias = discord.ui.Item[Any] | str

PANEL_ITEMS = (*panel_items.ITEMS, *panel_zones.ITEMS, *panel_serial.ITEMS)
"""Everything in the panel that can be pressed."""

_NAMED = 5
"""Channels that a line names; the others are counted."""

_CHANGES = 4
"""Changes under a page."""


class Panel:
    """The one panel, for everybody who has it open."""

    def __init__(self, client: InglenookClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

    async def open(self, interaction: Interaction) -> None:
        """Show it to the one who asks."""
        await interaction.response.send_message(view=await self.draw(interaction), ephemeral=True)

    async def redraw(self, interaction: Interaction, page: str, *, region: str = "", number: int = 0) -> None:
        """Show a page in place of what was pressed."""
        await interaction.response.edit_message(view=await self.draw(interaction, page, region=region, number=number))

    async def draw(
        self, interaction: Interaction, page: str = "channels", *, region: str = "", number: int = 0, told: str = ""
    ) -> discord.ui.LayoutView:
        """A page as everything stands now; ``told`` is news to put on top."""
        guild = interaction.guild
        assert guild is not None
        settings = await self._client.settings.of(guild.id)
        changes = await self._client.settings.changes(guild.id)
        parts: list[Part] = [f"{strings.SETUP_TITLE}\n-# {strings.SETUP_SAVED}"]
        if told:
            parts.append(told)
        if empty := await self._is_empty(interaction):
            parts.append(strings.SETUP_SHELF_EMPTY)
            parts.append(row(panel_serial.SamplesButton()))
        if page == "time":
            parts += self._time(settings, region, number)
        else:
            for name in PAGES[page]:
                parts += _setting(guild, settings, name)
        parts.append(discord.ui.Separator())
        parts.append(_changes(changes))
        parts.append(row(*(panel_items.PageButton(other, here=other == page) for other in PAGES)))
        if not empty:
            first = not await self._client.serials.any(guild.id)
            parts.append(row(panel_serial.FirstSerialButton(first=first), panel_serial.SampleSceneButton()))
        return layout(*parts)

    async def _is_empty(self, interaction: Interaction) -> bool:
        """Whether the server has no story at all, of whatever rating."""
        place = await self._client.places.privately(interaction)
        everywhere = replace(place, age_restricted=True, ratings=frozenset(Rating))
        return not await self._client.shelf.stories(everywhere)

    def _time(self, settings: Settings, region: str, number: int) -> Iterator[Part]:
        clock = self._now().astimezone(ZoneInfo(settings.zone))
        yield _row(settings, "zone") + "\n-# " + strings.SETUP_CLOCK.format(time=f"{clock:%H:%M}")
        home = next((name for name, zones in regions().items() if settings.zone in zones), OTHER)
        if not region:
            region = home
            number = _page_with(regions()[home], settings.zone)
        zones, number, pages = page_of(regions()[region], number)
        yield row(panel_zones.RegionMenu(region))
        yield row(panel_zones.ZoneMenu(region, number, settings.zone))
        if pages > 1:
            yield "-# " + strings.SETUP_ZONES_PAGE.format(
                first=_plain_zone(zones[0]), last=_plain_zone(zones[-1]), page=number + 1, pages=pages
            )
            yield row(
                panel_zones.ZonesButton(region, str(max(0, number - 1)), "back", disabled=number == 0),
                panel_zones.ZonesButton(region, str(number + 1), "on", disabled=number == pages - 1),
            )


def _setting(guild: discord.Guild, settings: Settings, name: str) -> Iterator[Part]:
    """A setting's line with what is wrong about it, and its menu."""
    value: Any = getattr(settings, name)
    text = _row(settings, name)
    if name in NEEDED:
        channel = guild.get_channel(value) if value else None
        remarks = list(_channel_remarks(guild, channel, settings, name)) if value else []
        yield "\n".join([text, *remarks])
        yield row(panel_items.ChannelMenu(name, channel.id if channel else None))
        if value and channel is None:
            yield row(panel_items.ForgetButton(name))
    elif name in PAGES["people"]:
        role = guild.get_role(value) if value else None
        if value and role is None:
            text += "\n" + strings.SETUP_ROLE_GONE.format(name=strings.SETTING_NAMES[name])
        elif role is not None and name == "ping_role" and not can_ping(role):
            text += "\n" + strings.SETUP_NOT_MENTIONABLE.format(role=role.mention)
        yield text
        yield row(panel_items.RoleMenu(name, role.id if role else None))
        if value and role is None:
            yield row(panel_items.ForgetButton(name))
    elif name == "public_channels":
        there = sorted(one for one in value or () if guild.get_channel(one) is not None)
        yield text
        yield row(panel_items.PublicMenu(there))
        yield row(
            panel_items.PublicButton("everywhere", disabled=value is None),
            panel_items.PublicButton("nowhere", disabled=value == frozenset()),
        )
    else:
        yield text
        yield row(panel_items.ChoiceMenu(name, settings))


def _channel_remarks(
    guild: discord.Guild, channel: discord.abc.GuildChannel | None, settings: Settings, name: str
) -> Iterator[str]:
    if channel is None:
        yield strings.SETUP_CHANNEL_GONE.format(name=strings.SETTING_NAMES[name])
        return
    mention = render.channel(channel.id)
    if lacks := lacking(channel, NEEDED[name]):
        me = escape(guild.me.display_name)
        yield strings.SETUP_LACKING.format(channel=mention, permissions=", ".join(lacks), me=me)
    if name == "chapters_channel" and settings.ratings - OPEN_RATINGS and not is_age_restricted(channel):
        yield "-# " + strings.SETUP_NOT_RESTRICTED.format(channel=mention)
    if name == "notices_channel" and channel.permissions_for(guild.default_role).view_channel:
        yield "-# " + strings.SETUP_NOTICES_PUBLIC.format(channel=mention)


def _row(settings: Settings, name: str) -> str:
    return strings.SETUP_ROW.format(
        name=strings.SETTING_NAMES[name],
        value=_shown(name, getattr(settings, name)),
        means=strings.SETTING_MEANS[name],
    )


def _changes(changes: list[Change]) -> str:
    """Who changed what last, and when. Nobody is notified: an interaction's answer mentions no one."""
    if not changes:
        return strings.SETUP_NO_CHANGES
    rows = [
        strings.SETUP_CHANGE.format(
            who=f"<@{change.user_id}>",
            name=strings.SETTING_NAMES.get(change.name, change.name),
            value=_changed_to(change),
            when=f"<t:{int(change.at.timestamp())}:R>",
        )
        for change in changes[:_CHANGES]
    ]
    return "\n".join([strings.SETUP_CHANGES, *rows])


def _changed_to(change: Change) -> str:
    settings, unusable = restored({change.name: change.value})
    if unusable or change.name not in strings.SETTING_NAMES:
        return strings.SETUP_UNREADABLE
    return _shown(change.name, getattr(settings, change.name))


def _shown(name: str, value: Any) -> str:
    """A setting's value in words."""
    match name:
        case "chapters_channel" | "talk_channel" | "notices_channel":
            return render.channel(value) if value else strings.SETUP_NOBODY
        case "ping_role" | "team_role":
            return f"<@&{value}>" if value else strings.SETUP_NOBODY
        case "ratings":
            return ", ".join(rating.value for rating in Rating if rating in value)
        case "hide_warnings":
            return strings.WARNINGS_SHOWN[value]
        case "pace":
            return strings.PACE_SHOWN[value]
        case "public_channels":
            return _channels(value)
        case _:
            return escape(_plain_zone(str(stored(value))))


def _channels(value: frozenset[int] | None) -> str:
    if value is None:
        return strings.EVERYWHERE
    if not value:
        return strings.NOWHERE
    listed = ", ".join(map(render.channel, sorted(value)[:_NAMED]))
    more = len(value) - _NAMED
    return strings.SETUP_AND_MORE.format(list=listed, count=more) if more > 0 else listed


def _plain_zone(zone: str) -> str:
    return zone.replace("_", " ")


def _page_with(zones: tuple[str, ...], zone: str) -> int:
    return next((number for number in range(page_of(zones, 0)[2]) if zone in page_of(zones, number)[0]), 0)
