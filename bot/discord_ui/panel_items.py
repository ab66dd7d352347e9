"""The menus and buttons of ``/setup``: they outlive a restart, and every press is judged anew."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

import discord

from bot import strings
from bot.domain.errors import Refused, UserFacingError
from bot.domain.settings import PACES, Settings
from bot.domain.story import Rating
from bot.services.zones import MENU

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]

PAGES = {
    "channels": ("chapters_channel", "talk_channel", "notices_channel"),
    "people": ("ping_role", "team_role"),
    "readers": ("ratings", "hide_warnings", "public_channels", "pace"),
    "time": ("zone",),
}
"""The settings by the page of the panel on which they stand."""

PAGE_OF = {name: page for page, names in PAGES.items() for name in names}

_TEXT = [discord.ChannelType.text, discord.ChannelType.news]
_ASKED_IN = [*_TEXT, discord.ChannelType.forum, discord.ChannelType.voice, discord.ChannelType.stage_voice]
_CHANNEL = r"chapters_channel|talk_channel|notices_channel"
_ROLE = r"ping_role|team_role"
_CHOICE = r"ratings|hide_warnings|pace"


class PanelItem:
    """Anything that is pressed in the panel."""

    page: ClassVar[str] = "channels"
    """Where it stands, for drawing that page again when a press is refused."""

    command: ClassVar[str] = "setup"
    """The moderators' command that whoever presses must be allowed."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from what its id says."""
        return cls(*match.groups())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the press asks for, if whoever presses may."""
        client = interaction.client
        try:
            await client.moderators.check(interaction, self.command)
            try:
                await self.pressed(interaction)
            except UserFacingError:
                # The person's Discord shows what they chose; the panel shows what holds.
                if not interaction.response.is_done():
                    await client.panel.redraw(interaction, self.where())
                raise
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await client.refused(interaction, error)

    def where(self) -> str:
        """The page that it stands on."""
        return self.page

    async def pressed(self, interaction: Interaction) -> None:
        """Do it."""
        raise NotImplementedError


def number_of(*what: object) -> int:
    """A component's number within its message, another one wherever a menu shows something else. By these numbers
    Discord's clients know a menu again: without one, what was chosen on one page would seem chosen on the next.
    """
    return (zlib.crc32(repr(what).encode()) >> 1) + 1


def row(*items: discord.ui.Item[Any]) -> discord.ui.ActionRow[Any]:
    """Items side by side."""
    made = discord.ui.ActionRow[Any]()
    for item in items:
        made.add_item(item)
    return made


async def save(interaction: Interaction, name: str, value: object) -> None:
    """Give a setting its value, and draw its page again as everything stands then.

    Raises:
        Refused: it cannot have that value, or somebody would hand on rights that are not theirs to give.
    """
    assert interaction.guild_id is not None
    if name == "team_role" and not interaction.permissions.manage_guild:
        raise Refused("setup_team")
    settings = interaction.client.settings
    if getattr(await settings.of(interaction.guild_id), name) != value:
        try:
            await settings.change(interaction.guild_id, name, value, interaction.user.id)
        except ValueError as error:
            raise Refused("setup_value") from error
    await interaction.client.panel.redraw(interaction, PAGE_OF[name])


def chosen(interaction: discord.Interaction) -> list[str]:
    """What was chosen in a menu, as it was sent: not to be trusted."""
    values: Any = (interaction.data or {}).get("values") or []
    return [str(value) for value in values][:MENU]


def chosen_channels(interaction: discord.Interaction, kinds: Sequence[discord.ChannelType]) -> list[int]:
    """The channels that were chosen, each a real one of this server.

    Raises:
        Refused: one is not, or of another kind.
    """
    assert interaction.guild is not None
    found: list[int] = []
    for value in chosen(interaction):
        channel = interaction.guild.get_channel(_id(value))
        if channel is None or channel.type not in kinds:
            raise Refused("setup_channel_unknown")
        found.append(channel.id)
    return found


def _id(value: str) -> int:
    return int(value) if re.fullmatch(r"[0-9]{1,20}", value) else 0


class PageButton(
    PanelItem, discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"setup:1:page:(?P<page>{'|'.join(PAGES)})"
):
    """Turns to a page of the panel."""

    def __init__(self, page: str, *, here: bool = False, label: str | None = None) -> None:
        self.target = page
        style = discord.ButtonStyle.primary if here else discord.ButtonStyle.secondary
        button = discord.ui.Button[Any](
            label=label or strings.SETUP_PAGES[page], custom_id=f"setup:1:page:{page}", style=style
        )
        super().__init__(button)

    async def pressed(self, interaction: Interaction) -> None:
        """Show it."""
        await interaction.client.panel.redraw(interaction, self.target)


class ChannelMenu(
    PanelItem, discord.ui.DynamicItem[discord.ui.ChannelSelect[Any]], template=rf"setup:1:channel:(?P<name>{_CHANNEL})"
):
    """Chooses the channel of a setting, or none."""

    def __init__(self, name: str, now: int | None = None) -> None:
        self.name = name
        menu = discord.ui.ChannelSelect[Any](
            custom_id=f"setup:1:channel:{name}",
            id=number_of(name, now),
            channel_types=_TEXT,
            placeholder=strings.SETTING_NAMES[name],
            min_values=0,
            default_values=_defaults([now] if now else [], discord.SelectDefaultValueType.channel),
        )
        super().__init__(menu)

    def where(self) -> str:
        """The page of its setting."""
        return PAGE_OF[self.name]

    async def pressed(self, interaction: Interaction) -> None:
        """Save it."""
        found = chosen_channels(interaction, _TEXT)
        await save(interaction, self.name, found[0] if found else None)


class PublicMenu(PanelItem, discord.ui.DynamicItem[discord.ui.ChannelSelect[Any]], template=r"setup:1:public"):
    """Chooses the channels in which readers' commands answer for all to see; none is nowhere."""

    page = "readers"

    def __init__(self, now: Sequence[int] = ()) -> None:
        menu = discord.ui.ChannelSelect[Any](
            custom_id="setup:1:public",
            id=number_of("public", *now),
            channel_types=_ASKED_IN,
            placeholder=strings.SETTING_NAMES["public_channels"],
            min_values=0,
            max_values=MENU,
            default_values=_defaults(now[:MENU], discord.SelectDefaultValueType.channel),
        )
        super().__init__(menu)

    async def pressed(self, interaction: Interaction) -> None:
        """Save it."""
        await save(interaction, "public_channels", frozenset(chosen_channels(interaction, _ASKED_IN)))


class PublicButton(
    PanelItem, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"setup:1:public:(?P<where>everywhere|nowhere)"
):
    """Lets readers' commands answer for all to see everywhere, or nowhere."""

    page = "readers"

    def __init__(self, where: str, *, disabled: bool = False) -> None:
        self.to = where
        label = strings.BUTTON_EVERYWHERE if where == "everywhere" else strings.BUTTON_NOWHERE
        super().__init__(
            discord.ui.Button(label=label, custom_id=f"setup:1:public:{where}", disabled=disabled),
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Save it."""
        await save(interaction, "public_channels", None if self.to == "everywhere" else frozenset())


class RoleMenu(
    PanelItem, discord.ui.DynamicItem[discord.ui.RoleSelect[Any]], template=rf"setup:1:role:(?P<name>{_ROLE})"
):
    """Chooses the role of a setting, or none."""

    page = "people"

    def __init__(self, name: str, now: int | None = None) -> None:
        self.name = name
        menu = discord.ui.RoleSelect[Any](
            custom_id=f"setup:1:role:{name}",
            id=number_of(name, now),
            placeholder=strings.SETTING_NAMES[name],
            min_values=0,
            default_values=_defaults([now] if now else [], discord.SelectDefaultValueType.role),
        )
        super().__init__(menu)

    async def pressed(self, interaction: Interaction) -> None:
        """Save it."""
        assert interaction.guild is not None
        values = chosen(interaction)
        role = interaction.guild.get_role(_id(values[0])) if values else None
        if values and role is None:
            raise Refused("setup_role_unknown")
        if role is not None and role.is_default():
            raise Refused("setup_role_everyone")
        await save(interaction, self.name, role.id if role else None)


class ForgetButton(
    PanelItem, discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"setup:1:forget:(?P<name>{_CHANNEL}|{_ROLE})"
):
    """Forgets a channel or role that is gone."""

    def __init__(self, name: str) -> None:
        self.name = name
        label = strings.BUTTON_FORGET.format(name=strings.SETTING_NAMES[name])
        super().__init__(discord.ui.Button(label=label, custom_id=f"setup:1:forget:{name}"))

    def where(self) -> str:
        """The page of its setting."""
        return PAGE_OF[self.name]

    async def pressed(self, interaction: Interaction) -> None:
        """Save it."""
        await save(interaction, self.name, None)


class ChoiceMenu(
    PanelItem, discord.ui.DynamicItem[discord.ui.Select[Any]], template=rf"setup:1:choice:(?P<name>{_CHOICE})"
):
    """Chooses one of a setting's few values; of the ratings, some."""

    page = "readers"

    def __init__(self, name: str, now: Settings | None = None) -> None:
        self.name = name
        options = [
            discord.SelectOption(label=label, value=value, default=now is not None and _holds(now, name, value))
            for value, label in _OPTIONS[name].items()
        ]
        menu = discord.ui.Select[Any](
            custom_id=f"setup:1:choice:{name}",
            id=number_of(name, [option.value for option in options if option.default]),
            placeholder=strings.SETTING_NAMES[name],
            options=options,
            max_values=len(options) if name == "ratings" else 1,
        )
        super().__init__(menu)

    async def pressed(self, interaction: Interaction) -> None:
        """Save it."""
        values = chosen(interaction)
        if not values or not set(values) <= _OPTIONS[self.name].keys():
            raise Refused("setup_value")
        value: object = frozenset(map(Rating, values)) if self.name == "ratings" else int(values[0])
        await save(interaction, self.name, bool(value) if self.name == "hide_warnings" else value)


def _defaults(ids: Sequence[int], kind: discord.SelectDefaultValueType) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=one, type=kind) for one in ids]


def _holds(settings: Settings, name: str, value: str) -> bool:
    if name == "ratings":
        return value in settings.ratings
    return int(getattr(settings, name)) == int(value)


_OPTIONS: dict[str, dict[str, str]] = {
    "ratings": {rating.value: rating.value for rating in Rating},
    "hide_warnings": {str(int(hidden)): shown for hidden, shown in strings.WARNINGS_SHOWN.items()},
    "pace": {str(pace): strings.PACE_SHOWN[pace] for pace in PACES},
}
"""By setting, what may be sent and how it is called."""

ITEMS = (
    PageButton,
    ChannelMenu,
    PublicMenu,
    PublicButton,
    RoleMenu,
    ForgetButton,
    ChoiceMenu,
)
