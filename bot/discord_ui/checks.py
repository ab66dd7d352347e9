"""``/check`` as a message: what it found, and a button for most of it. And the notices that moderators get unasked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.markdown import escape
from bot.discord_ui.startings import named
from bot.domain.access import Cleared
from bot.domain.errors import Refused
from bot.domain.excerpt import opening
from bot.domain.passages import SerialCard
from bot.domain.story import ChapterId
from bot.services.checks import Action, Finding, Fix, Report, ShownSerial
from bot.services.notices import Notice

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

    Interaction: TypeAlias = discord.Interaction[InglenookClient]

FINDINGS = 8
"""Findings in one answer: a screen or two of a phone."""

SERIALS = 5
"""Serials in one answer."""

_TITLE = 80

_COMMANDS = {
    Action.GO_ON: "serial",
    Action.POST_BEHIND: "serial",
    Action.END: "serial",
    Action.SETUP: "setup",
    Action.FORGET: "setup",
}
"""The moderators' command that one must be allowed for what a button does; otherwise it is the check's own."""


class CheckButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"check:1:(?P<action>go|end|behind|index|forget|setup|again)(?::(?P<what>[a-z0-9_]{0,20}):(?P<id>\d{1,20}))?",
):
    """Mends one finding and looks again."""

    def __init__(self, fix: Fix | None, label: str, *, primary: bool = False) -> None:
        self.fix = fix
        custom_id = f"check:1:{fix.action}:{fix.what}:{fix.id}" if fix else "check:1:again"
        style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=style))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild it from a pressed button's id."""
        if match["action"] == "again":
            return cls(None, strings.BUTTON_CHECK_AGAIN)
        return cls(Fix(Action(match["action"]), match["what"] or "", int(match["id"] or 0)), match["action"])

    async def callback(self, interaction: Interaction) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Do it, if whoever presses may, and show how it stands now."""
        client = interaction.client
        try:
            await client.moderators.check(interaction, _COMMANDS.get(self.fix.action, "check") if self.fix else "check")
            if self.fix is not None and self.fix.action is Action.SETUP:
                await client.panel.open(interaction)
                return
            await interaction.response.defer()
            done = await self._mend(interaction, self.fix) if self.fix is not None else None
            await show(interaction, done)
        except Exception as error:  # noqa: BLE001 (discord.py would only log it; a person waits for an answer)
            await client.refused(interaction, error)

    async def _mend(self, interaction: Interaction, fix: Fix) -> str | None:
        client = interaction.client
        where = await client.places.privately(interaction)
        if fix.action is Action.GO_ON:
            before = await client.checks.go_on(where, fix.id, fix.what)
        elif fix.action is Action.POST_BEHIND:
            if not fix.what.isdigit():
                raise Refused("check_old")
            before = await client.checks.post_behind(where, int(fix.what), ChapterId(fix.id))
        elif fix.action is Action.END:
            title = await _called(interaction, fix.id)
            ended = await client.checks.end(where, fix.id)
            return strings.SERIAL_ENDED.format(title=title, channel=render.channel(ended.channel_id))
        elif fix.action is Action.INDEX:
            await client.checks.rebuild_index()
            return strings.CHECK_DONE["index"]
        else:
            await client.checks.forget(where, fix.what, fix.id, interaction.user.id)
            return strings.CHECK_DONE["forget"].format(setting=strings.SETTING_NAMES[fix.what])
        await client.run_drops()
        return await _posted(interaction, before)


async def show(interaction: Interaction, done: str | None = None) -> None:
    """Put what a check finds now in place of the answer under way."""
    client = interaction.client
    where = await client.places.privately(interaction)
    report = await client.checks.check(where, interaction.created_at)
    await interaction.edit_original_response(content=done, embeds=page(report), view=buttons(report))


async def _posted(interaction: Interaction, before: SerialCard) -> str:
    """How it went with a chapter that was to be posted at once."""
    client = interaction.client
    where = await client.places.privately(interaction)
    title = await _called(interaction, before.id)
    after = await client.serials.progress(before.id, where)
    values = {"title": title, "channel": render.channel(before.channel_id)}
    if after.reason is not None:
        return strings.CHECK_DONE["paused"].format(**values, reason=strings.PAUSES[after.reason])
    return strings.CHECK_DONE["posted" if after.posted > before.posted else "waiting"].format(**values)


async def _called(interaction: Interaction, serial_id: int) -> str:
    """How a serial's story may be called in the answer."""
    client = interaction.client
    cleared, _ = await client.serials.serials(await client.places.privately(interaction))
    return next((_title(card) for card in cleared if card.item.id == serial_id), strings.UNNAMED)


def page(report: Report) -> list[discord.Embed]:
    """The findings, gravest first, then where each serial stands."""
    shown = report.findings[:FINDINGS]
    rows = [_heading(len(report.findings))]
    for group, found in groupby(enumerate(shown, 1), key=lambda one: one[1].key.partition("_")[0]):
        rows.append(strings.CHECK_GROUP.format(group=strings.CHECK_GROUPS[group]))
        rows += [
            strings.CHECK_ROW.format(number=number, sentence=_sentence(one, report.place.guild_id))
            for number, one in found
        ]
    if more := len(report.findings) - len(shown):
        rows.append(strings.CHECK_MORE.format(count=more))
    soonest = sorted(report.serials, key=_soonest)
    lines = [_serial(one, report.place.guild_id) for one in soonest[:SERIALS]]
    if more := len(soonest) - len(lines):
        lines.append(strings.CHECK_SERIALS_MORE.format(count=more))
    return [
        discord.Embed(title=strings.CHECK_TITLE, description="\n".join(rows), colour=render.EMBER),
        discord.Embed(
            title=strings.CHECK_SERIALS, description="\n".join(lines) or strings.CHECK_NO_SERIAL, colour=render.EMBER
        ),
    ]


def buttons(report: Report) -> discord.ui.View:
    """One for each finding that can be mended so, and one to look again."""
    view = discord.ui.View(timeout=None)
    fixes: dict[Fix, str] = {}
    for number, found in enumerate(report.findings[:FINDINGS], 1):
        if found.fix is not None and found.fix not in fixes:
            label = strings.CHECK_BUTTONS[found.fix.action].format(chapter=found.values.get("number"))
            fixes[found.fix] = strings.CHECK_BUTTON.format(number=number, label=label)
    for fix, label in fixes.items():
        view.add_item(CheckButton(fix, label, primary=True))
    view.add_item(CheckButton(None, strings.BUTTON_CHECK_AGAIN))
    return view


class DiscordWriter:
    """The writer port of the notices."""

    def notice(self, notice: Notice, serial: SerialCard, title: Cleared[SerialCard] | None) -> str:
        """The sentence of a notice."""
        count = notice.fields.get("count")
        return strings.NOTICES[notice.key].format(
            title=_title(title),
            channel=render.channel(serial.channel_id),
            reason=strings.PAUSES.get(str(notice.fields.get("reason")), ""),
            chapters=strings.ONE_INSERTED if count == 1 else strings.SEVERAL_INSERTED.format(count=count),
        )


def _heading(count: int) -> str:
    if not count:
        return strings.CHECK_GOOD
    return strings.CHECK_ONE if count == 1 else strings.CHECK_SEVERAL.format(count=count)


def _sentence(found: Finding, guild_id: int) -> str:
    values = {name: _value(name, value, guild_id) for name, value in found.values.items()}
    return strings.FINDINGS[found.key].format(
        **values,
        title=_title(found.title),
        channel=render.channel(found.channel_id or 0),
        **_counted(found.values),
    )


def _value(name: str, value: object, guild_id: int) -> str:
    if isinstance(value, datetime):
        return f"<t:{int(value.timestamp())}:R>"
    if name == "reason":
        return strings.PAUSES[str(value)]
    if name == "role":
        return f"<@&{value}>"
    if name == "setting":
        return strings.SETTING_NAMES[str(value)]
    if name == "roles" and isinstance(value, tuple):
        return named(value, guild_id)
    if isinstance(value, tuple):
        return _list([str(one) for one in value])
    return str(value)


def _counted(values: Mapping[str, object]) -> dict[str, str]:
    """The words for what there is one or several of."""
    counted: dict[str, str] = {}
    if isinstance(numbers := values.get("numbers"), tuple):
        several = len(numbers) > 1
        shown = _list([str(one) for one in numbers])
        counted["chapters"] = (strings.SEVERAL_BEHIND if several else strings.ONE_BEHIND).format(
            number=shown, numbers=shown
        )
    if "count" in values:
        one = values["count"] == 1
        counted["posted"] = (strings.ONE_UNSHOWN if one else strings.SEVERAL_UNSHOWN).format(count=values["count"])
        counted["notices"] = (strings.ONE_NOTICE if one else strings.SEVERAL_NOTICES).format(count=values["count"])
    return counted


def _list(items: Sequence[str], limit: int = 10) -> str:
    return ", ".join([*items[:limit], "…"] if len(items) > limit else items)


def _soonest(one: ShownSerial) -> float:
    card = one.standing.card
    return card.next_due.timestamp() if card.state == "active" and card.next_due is not None else float("inf")


def _serial(one: ShownSerial, guild_id: int) -> str:
    standing, card = one.standing, one.standing.card
    values = {"title": _title(one.title), "channel": render.channel(card.channel_id), "posted": card.posted}
    if card.state == "paused":
        line = strings.CHECK_PAUSED.format(**values)
    elif standing.posting_since is not None:
        line = strings.CHECK_POSTING.format(**values)
    elif standing.next_number is not None and card.next_due is not None:
        line = strings.CHECK_COMING.format(**values, number=standing.next_number, when=render.moment(card.next_due))
    else:
        line = strings.CHECK_RESTING.format(**values)
    if standing.last is None:
        return line
    last = standing.last
    when = f"<t:{int(last.at.timestamp())}:R>"
    if last.number is None:
        said = strings.CHECK_LAST_GONE
    else:
        said = strings.CHECK_LAST if last.message_id else strings.CHECK_LAST_NO_LINK
    link = f"https://discord.com/channels/{guild_id}/{card.channel_id}/{last.message_id}"
    return f"{line} {said.format(number=last.number, when=when, link=link)}"


def _title(card: Cleared[SerialCard] | None) -> str:
    if card is None:
        return strings.UNNAMED
    return strings.NAMED.format(title=escape(opening(card.item.story_title, _TITLE)))
