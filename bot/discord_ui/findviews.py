"""The answer to what somebody half remembers, and the buttons under it. Every press asks the gate again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

import discord

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.views import answered
from bot.domain.access import Place
from bot.domain.errors import NothingFound, Refused, UserFacingError
from bot.domain.ranking import FOUND, highlight
from bot.domain.story import LineId
from bot.services.lookup import AROUND, OTHERS, Match, is_sure

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]

SURE, UNSURE, AS_WELL, HARDLY = "sure", "unsure", "aswell", "hardly"

_TITLES = {SURE: strings.FOUND, UNSURE: strings.UNSURE, AS_WELL: strings.OTHER_FOUND, HARDLY: strings.OTHER_UNSURE}

_PICK = r"(?P<line>\d{1,18}):(?P<start>\d{1,6}):(?P<end>\d{1,6}):(?P<how>sure|unsure|aswell|hardly)"
_ASKER = r"(?P<asker>\d{1,20})"
_PICKED = re.compile(_PICK)

_AROUND: Final = (10, 6, 4, 2)
"""Lines before and after that “More around it” shows: the most that fit into one message."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A line that was found, in the words of a button's id: ids and places alone, none of its text."""

    line_id: LineId
    start: int
    end: int
    """The part of the line that answers, ``[start, end)``; empty for the whole line."""
    how: str
    """How sure it was."""

    def __str__(self) -> str:
        return f"{self.line_id}:{self.start}:{self.end}:{self.how}"

    @classmethod
    def of(cls, match: Match, words: str, how: str) -> Self:
        """The match that answers these words."""
        start, end = highlight(match.text, words) or (0, 0)
        return cls(match.line_id, min(start, 999_999), min(end, 999_999), how)

    @classmethod
    def read(cls, found: re.Match[str]) -> Self:
        """What stands in an id."""
        return cls(LineId(int(found["line"])), int(found["start"]), int(found["end"]), found["how"])

    @classmethod
    def parse(cls, value: str) -> Self | None:
        """What somebody picked; None where it is anything else."""
        found = _PICKED.fullmatch(value)
        return cls.read(found) if found else None

    def span(self, match: Match) -> tuple[int, int] | None:
        """The part to be shown in bold, if the line still has it."""
        return (self.start, self.end) if self.start < self.end <= len(match.text) else None


def picks(found: Sequence[Match], words: str) -> list[Pick]:
    """Every match in a button's words, the best first."""
    best = Pick.of(found[0], words, SURE if is_sure(found) else UNSURE)
    return [best, *(Pick.of(m, words, AS_WELL if m.score >= FOUND else HARDLY) for m in found[1:])]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: the match, and what its asker can do with it."""

    match: Match
    embed: discord.Embed
    view: discord.ui.View


async def answer(interaction: Interaction, where: Place, found: Sequence[Match], picked: Sequence[Pick]) -> Answer:
    """The first match among the lines around it, the others in a menu. Whoever acts is the asker."""
    return await _answer(interaction, where, found[0], picked[0], list(zip(found[1:], picked[1:], strict=True)), found)


async def _answer(
    interaction: Interaction,
    where: Place,
    match: Match,
    pick: Pick,
    others: Sequence[tuple[Match, Pick]],
    named: Sequence[Match] = (),
) -> Answer:
    embed = render.matches(
        named or [match],
        pick.span(match),
        hide_warnings=(await interaction.client.settings.of(where.guild_id)).hide_warnings,
        title=_TITLES[pick.how],
        link=await _link(interaction, where, match),
    )
    view = discord.ui.View(timeout=None)
    asker = interaction.user.id
    if others:
        view.add_item(OthersMenu(asker, pick, [_option(other, its) for other, its in others[:OTHERS]]))
    view.add_item(MoreButton(pick))
    if where.reader is not None:
        view.add_item(ShareButton(pick))
    view.add_item(RemoveButton(asker))
    return Answer(match, embed, view)


async def send(interaction: Interaction, where: Place, given: Answer) -> None:
    """Give an answer, and count reactions to it for its scene where all can see it."""
    sent = await interaction.response.send_message(
        embed=given.embed, view=given.view, ephemeral=where.reader is not None
    )
    if where.reader is None and sent.message_id is not None:
        await interaction.client.reactions.remember(sent.message_id, where, given.match.scene_id)


async def _link(interaction: Interaction, where: Place, match: Match) -> str | None:
    """The way to where the scene was posted, for whom that channel is no secret."""
    posted = await interaction.client.reactions.posted_at(match.passage)
    if posted is None or interaction.guild is None or not isinstance(interaction.user, discord.Member):
        return None
    channel_id, message_id = posted
    channel = interaction.guild.get_channel_or_thread(channel_id)
    try:
        if channel is None or not channel.permissions_for(interaction.user).view_channel:
            return None
    except discord.ClientException:  # a thread whose channel is not known: nobody can say who sees it
        return None
    return render.message_link(where, channel_id, message_id)


def _option(match: Match, pick: Pick) -> discord.SelectOption:
    return discord.SelectOption(label=render.suggestion(match, pick.span(match)), value=str(pick))


class OthersMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=rf"find:1:others:{_ASKER}:{_PICK}"):
    """Shows another match instead: in place of the first for the asker, privately for all others."""

    def __init__(self, asker: int, shown: Pick, options: Sequence[discord.SelectOption]) -> None:
        self.asker = asker
        self.shown = shown
        super().__init__(
            discord.ui.Select(
                placeholder=strings.OTHERS_MENU, options=list(options), custom_id=f"find:1:others:{asker}:{shown}"
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a used menu, with the lines that it offers."""
        options = item.options if isinstance(item, discord.ui.Select) else []
        return cls(int(match["asker"]), Pick.read(match), options)

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Show it, with what was shown before among the others."""
        values: Any = (interaction.data or {}).get("values") or [""]
        chosen = Pick.parse(str(values[0]))
        message = interaction.message
        if chosen is None or message is None:
            raise UserFacingError("old_button")
        places = interaction.client.places
        if interaction.user.id == self.asker and not message.flags.ephemeral:
            where = await places.standing(interaction)
        else:
            where = await places.privately(interaction)
        offered = (Pick.parse(option.value) for option in self.item.options)
        rest = [self.shown, *(pick for pick in offered if pick is not None and pick != chosen)]
        found = await _standing(interaction, where, [chosen, *rest])
        match = found.get(chosen)
        if match is None:
            raise UserFacingError("old_button")
        others = [(found[pick], pick) for pick in rest if pick in found]
        given = await _answer(interaction, where, match, chosen, others)
        if where.reader is not None and not message.flags.ephemeral:
            await send(interaction, where, given)
            return
        former = found.get(self.shown)
        if where.reader is not None or (former is not None and former.scene_id == match.scene_id):
            await interaction.response.edit_message(embed=given.embed, view=given.view)
            return
        # Reactions to the message count for the scene that it showed: another scene gets a message of its own.
        await interaction.response.defer()
        sent = await interaction.followup.send(embed=given.embed, view=given.view, wait=True)
        await interaction.client.reactions.remember(sent.id, where, match.scene_id)
        await _delete(interaction)


class MoreButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"find:1:more:{_PICK}"):
    """Shows more of the lines around a match, privately."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        super().__init__(discord.ui.Button(label=strings.BUTTON_MORE, custom_id=f"find:1:more:{pick}", row=1))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(Pick.read(match))

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Show as many lines as one message holds to the one who asks."""
        where = await interaction.client.places.privately(interaction)
        hidden = (await interaction.client.settings.of(where.guild_id)).hide_warnings
        for around in _AROUND:
            match = await _line(interaction, where, self.pick, around)
            if render.fits(match, hide_warnings=hidden):
                break
        else:
            match = await _line(interaction, where, self.pick, 0)
        embed = render.matches(
            [match],
            self.pick.span(match),
            hide_warnings=hidden,
            title=strings.AROUND_IT,
            link=await _link(interaction, where, match),
        )
        await interaction.response.send_message(embed=embed, ephemeral=True)


class ShareButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"find:1:share:{_PICK}"):
    """Posts a private answer for all to see, where the channel may show it."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        super().__init__(discord.ui.Button(label=strings.BUTTON_SHARE, custom_id=f"find:1:share:{pick}", row=1))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(Pick.read(match))

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Ask the gate once more, as everybody in the channel."""
        async with interaction.client.places.turn(interaction) as where:
            if where.reader is not None:
                raise Refused("no_sharing_here")
            match = await _line(interaction, where, self.pick)
            await send(interaction, where, await _answer(interaction, where, match, self.pick, []))


class RemoveButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"find:1:remove:{_ASKER}"):
    """Deletes an answer, for its asker and for moderators."""

    def __init__(self, asker: int) -> None:
        self.asker = asker
        super().__init__(discord.ui.Button(label=strings.BUTTON_REMOVE, custom_id=f"find:1:remove:{asker}", row=1))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        return cls(int(match["asker"]))

    @answered
    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Delete it, or say who can."""
        if interaction.user.id != self.asker and not await interaction.client.moderators.may(interaction):
            raise Refused("not_your_answer")
        await interaction.response.defer()
        await _delete(interaction)


async def _delete(interaction: Interaction) -> None:
    """Delete the message of a button that has been answered already; somebody may have been faster."""
    try:
        await interaction.delete_original_response()
    except discord.NotFound:
        return


async def _line(interaction: Interaction, where: Place, pick: Pick, around: int = AROUND) -> Match:
    try:
        return await interaction.client.lookup.line(where, pick.line_id, around=around)
    except NothingFound as gone:
        raise UserFacingError("old_button") from gone


async def _standing(interaction: Interaction, where: Place, asked: Iterable[Pick]) -> dict[Pick, Match]:
    """Those of the picked lines that stand and may be shown here now."""
    wanted = {pick.line_id: pick for pick in asked}
    found = await interaction.client.lookup.lines(where, list(wanted))
    return {wanted[match.line_id]: match for match in found if match.line_id in wanted}


FIND_ITEMS = (OthersMenu, MoreButton, ShareButton, RemoveButton)
