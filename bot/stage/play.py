"""Performs steps in a world, and says what the person saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import strings
from bot.stage.commands import Call, Kind, read, read_half
from bot.stage.sight import Select, Sight
from bot.stage.steps import As, Choose, In, Menu, Press, React, Restart, Slash, Step, Suggest, Wait
from bot.stage.world import IMPOSSIBLE, Channel, Member, World, is_refusal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step."""

    actor: str
    channel: str
    sights: tuple[Sight, ...] = ()
    """Messages of the bot that came or changed, as the person sees them; the answer first."""
    suggestions: tuple[str, ...] = ()
    error: str | None = None
    """The sentence of a refusal or failure."""

    @property
    def private(self) -> bool:
        """Whether only this person saw the answer."""
        return bool(self.sights) and self.sights[0].private


class _Undoable(Exception):
    """The person cannot do that; the message says why."""


class Play:
    """Somebody doing one thing after another somewhere in a world."""

    def __init__(self, world: World, *, actor: str = "reader", channel: str = "talk") -> None:
        self._world = world
        self._actor = actor
        self._channel = channel

    async def perform(self, step: Step) -> Outcome:
        """Do it and wait until the bot has done its part."""
        world, me = self._world, self._me
        before = {sight.message_id: sight for sight in world.sights(me)}
        mark = len(world.errors())
        answer: int | None = None
        suggestions: tuple[str, ...] = ()
        impossible: str | None = None
        try:
            if not isinstance(step, As | In | Wait | Restart):
                self._seen()
            match step:
                case Slash(typed):
                    name, values = self._sent(read(typed, world.bill.commands))
                    self._offered(name)
                    answer = self._answer(await me.slash(self._here, name, **values))
                case Suggest(typed):
                    suggestions = await self._suggest(typed)
                case Press(label, back):
                    answer = await self._press(label, back)
                case Choose(menu, entries, back):
                    answer = await self._choose(menu, entries, back)
                case React(emoji, back):
                    await me.react(world.message(self._here, self._last(back, private=False)), emoji)
                case Menu(name, back):
                    message = world.message(self._here, self._last(back, private=False))
                    answer = self._answer(await me.context_menu(self._here, name, message))
                case Wait(seconds):
                    await world.advance(timedelta(seconds=seconds))
                case Restart():
                    await world.restart()
                case As(actor):
                    self._actor = actor
                case In(channel):
                    self._channel = channel
        except _Undoable as error:
            impossible = str(error)
        except TimeoutError:
            impossible = strings.STAGE_SLOW
        except IMPOSSIBLE as error:
            impossible = strings.STAGE_IMPOSSIBLE.format(reason=error)
        sights = [
            sight
            for sight in world.sights(me)
            if sight != before.get(sight.message_id) and sight.author_id == self._bot_id
        ]
        sights.sort(key=lambda sight: sight.message_id != answer)
        return Outcome(
            actor=self._actor,
            channel=self._channel,
            sights=tuple(sights),
            suggestions=suggestions,
            error=impossible or self._failure(mark, sights),
        )

    @property
    def _me(self) -> Member:
        return self._world.server.actors[self._actor]

    @property
    def _here(self) -> Channel:
        return self._world.server.channels[self._channel]

    @property
    def _bot_id(self) -> int:
        return self._world.env.backend.bot_user.id

    def _seen(self) -> None:
        if not self._world.sees(self._me, self._here):
            raise _Undoable(strings.STAGE_UNSEEN.format(actor=self._actor, channel=self._channel))

    def _offered(self, command: str) -> None:
        if command not in self._me.available_commands(self._here):
            raise _Undoable(strings.STAGE_NOT_OFFERED.format(command=command, actor=self._actor))

    def _mine(self) -> list[Sight]:
        """The bot's messages here, the last first."""
        seen = self._world.sights(self._me, self._here)
        return [sight for sight in reversed(seen) if sight.author_id == self._bot_id]

    def _last(self, back: int, *, private: bool = True) -> Sight:
        """A message counted from the last; Discord has no reactions and menus on private ones."""
        mine = [sight for sight in self._mine() if private or not sight.private]
        if len(mine) < back:
            raise _Undoable(strings.STAGE_NO_MESSAGE.format(channel=self._channel, count=len(mine), back=back))
        return mine[back - 1]

    async def _press(self, label: str, back: int | None) -> int | None:
        if back is None:
            sight = next((sight for sight in self._mine() if label in sight.buttons), None) or self._last(1)
        else:
            sight = self._last(back)
        if label not in sight.buttons:
            names = ", ".join(sight.buttons) or "—"
            raise _Undoable(strings.STAGE_NO_BUTTON.format(label=label, names=names))
        message = self._world.message(self._here, sight)
        return self._answer(await self._me.click(message, label=label))

    async def _choose(self, menu: str, entries: tuple[str, ...], back: int | None) -> int | None:
        def has(sight: Sight) -> bool:
            return any(select.name == menu for select in sight.selects)

        mine = self._mine() if back is None else [self._last(back)]
        sight = next(filter(has, mine), None) or self._last(1)
        select = next((select for select in sight.selects if select.name == menu), None)
        if select is None:
            names = ", ".join(select.name for select in sight.selects) or "—"
            raise _Undoable(strings.STAGE_NO_SELECT.format(name=menu, names=names))
        values = [self._entry(select, entry) for entry in entries]
        message = self._world.message(self._here, sight)
        return self._answer(await self._me.select(message, values, custom_id=select.custom_id))

    def _entry(self, select: Select, entry: str) -> Any:
        """What is sent for an entry: its value, or SimCord's handle of the channel or role."""
        known: Mapping[str, Any] = dict(select.options)
        if select.of == "channel":
            known = {f"#{name}": channel for name, channel in self._world.server.channels.items()}
        elif select.of == "role":
            known = {f"@{role.name.removeprefix('@')}": role for role in self._world.server.guild.roles.values()}
        if entry not in known:
            raise _Undoable(strings.STAGE_NO_ENTRY.format(name=select.name, entry=entry, names=", ".join(known)))
        return known[entry]

    async def _suggest(self, typed: str) -> tuple[str, ...]:
        half = read_half(typed, self._world.bill.commands)
        name, values = self._sent(half.call)
        choices = await self._me.autocomplete(self._here, name, half.option.name, half.text, **values)
        return tuple(str(choice["name"]) for choice in choices)

    def _sent(self, call: Call) -> tuple[str, dict[str, Any]]:
        """The command's name and values as SimCord takes them: channels and people as its handles."""
        values: dict[str, Any] = {}
        for option in call.command.options:
            if option.name in call.values:
                value: Any = call.values[option.name]
                if option.kind is Kind.CHANNEL:
                    value = self._world.server.channels[value]
                elif option.kind is Kind.MEMBER:
                    value = self._world.server.actors[value]
                elif option.kind is Kind.FILE:
                    value = _attached(Path(value))
                values[option.name] = value
        return " ".join(call.command.path), values

    def _answer(self, result: Any) -> int | None:
        """The message that answered, if any did."""
        if not result.acknowledged:
            raise _Undoable(strings.STAGE_NO_ANSWER)
        return result.response.id if result.response is not None else None

    def _failure(self, mark: int, sights: list[Sight]) -> str | None:
        """The sentence for what the bot raised during the step; a refusal's as the person saw it."""
        errors = self._world.errors(mark)
        bugs = [error for error in errors if not is_refusal(error)]
        if bugs:
            return strings.STAGE_BUG.format(error=f"{type(bugs[0]).__name__}: {bugs[0]}")
        if not errors:
            return None
        told = [sight.texts[0] for sight in sights if sight.private and sight.texts]
        return told[-1] if told else str(errors[0])


def _attached(path: Path) -> tuple[str, bytes]:
    """A file from this machine's disk as Discord would take it."""
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise _Undoable(strings.STAGE_IMPOSSIBLE.format(reason=f"{path}: {error.strerror}")) from None
