"""The menus of ``/setup`` that lead to a time zone: there are hundreds, and a menu holds 25."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import discord

from bot import strings
from bot.discord_ui.panel_items import PanelItem, chosen, number_of, save
from bot.domain.errors import Refused
from bot.services.zones import MENU, OTHER, page_of, regions

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]


class RegionMenu(PanelItem, discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"setup:1:region"):
    """Chooses the part of the world whose zones are offered."""

    page = "time"

    def __init__(self, region: str = "") -> None:
        options = [
            discord.SelectOption(
                label=strings.REGION_OTHER if name == OTHER else name, value=name, default=name == region
            )
            for name in list(regions())[:MENU]
        ]
        super().__init__(
            discord.ui.Select(
                custom_id="setup:1:region",
                id=number_of("region", region),
                placeholder=strings.SETUP_REGION,
                options=options,
            )
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Offer its zones."""
        values = chosen(interaction)
        if not values or values[0] not in regions():
            raise Refused("setup_value")
        await interaction.client.panel.redraw(interaction, "time", region=values[0])


class ZoneMenu(
    PanelItem, discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"setup:1:zone:(?P<region>\w{1,20})"
):
    """Chooses the zone."""

    page = "time"

    def __init__(self, region: str, number: int = 0, now: str = "") -> None:
        zones, _, _ = page_of(regions().get(region, ()), number)
        options = [
            discord.SelectOption(label=zone.replace("_", " "), value=zone, default=zone == now) for zone in zones
        ]
        menu = discord.ui.Select[Any](
            custom_id=f"setup:1:zone:{region}",
            id=number_of("zone", region, number, now),
            placeholder=strings.SETUP_ZONE_IN.format(region=strings.REGION_OTHER if region == OTHER else region),
            options=options,
        )
        super().__init__(menu)

    async def pressed(self, interaction: Interaction) -> None:
        """Save it."""
        values = chosen(interaction)
        if not values or not any(values[0] in zones for zones in regions().values()):
            raise Refused("setup_value")
        await save(interaction, "zone", values[0])


class ZonesButton(
    PanelItem,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"setup:1:zones:(?P<region>\w{1,20}):(?P<number>\d{1,3}):(?P<way>back|on)",
):
    """Turns to a region's earlier or later zones."""

    page = "time"

    def __init__(self, region: str, number: str, way: str, *, disabled: bool = False) -> None:
        self.region, self.number = region, int(number)
        label = strings.BUTTON_ZONES_BACK if way == "back" else strings.BUTTON_ZONES_ON
        custom_id = f"setup:1:zones:{region}:{number}:{way}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled))

    async def pressed(self, interaction: Interaction) -> None:
        """Show them."""
        if self.region not in regions():
            raise Refused("setup_value")
        await interaction.client.panel.redraw(interaction, "time", region=self.region, number=self.number)


ITEMS = (RegionMenu, ZoneMenu, ZonesButton)
