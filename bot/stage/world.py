"""The bot on SimCord's simulated Discord: the only module that imports simcord."""

from __future__ import annotations

import asyncio
import inspect
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import discord
import simcord
from simcord.backend import serializers
from simcord.backend.access import channel_accessible, message_accessible
from simcord.backend.errors import BackendError
from simcord.enums import AppCommandType, OptionType
from simcord.http import router
from simcord.http.routes import messages as message_routes
from simcord.interactions import command_leaves
from simcord.results import to_discord_message

from bot.app import App, open_app
from bot.config import Config
from bot.domain.access import Place
from bot.domain.errors import BadInput, UserFacingError
from bot.domain.story import OPERATOR
from bot.ingest.reading import read
from bot.ops import backup
from bot.services.library import Added
from bot.stage.commands import Command, Kind, Option
from bot.stage.gaps import Gaps, Internals, StageBroken
from bot.stage.page import Page
from bot.stage.server import Server, build, check
from bot.stage.sight import Sight, see
from bot.stage.steps import Bill

SimEnv = simcord.Env
Guild = simcord.GuildHandle
Member = simcord.MemberActor
Channel = simcord.ChannelHandle

IMPOSSIBLE = (simcord.SetupError, BackendError)
"""What SimCord raises where a person could not do such a thing in Discord."""

START = datetime(2026, 1, 1, tzinfo=UTC)
"""When a world begins unless it is told otherwise (a Thursday)."""

_POLL = timedelta(hours=1)
"""No other process plans anything on a stage's database, so the bot need not look often."""

_SETTLE_CHUNK = timedelta(hours=6)
"""The most simulated time that is let pass in one go."""


_KINDS: dict[int, Kind] = {
    OptionType.INTEGER: Kind.WHOLE,
    OptionType.NUMBER: Kind.NUMBER,
    OptionType.BOOLEAN: Kind.TRUTH,
    OptionType.CHANNEL: Kind.CHANNEL,
    OptionType.USER: Kind.MEMBER,
    OptionType.ATTACHMENT: Kind.FILE,
}


class Staged(Protocol):
    """What is put on stage: anything that has a discord.py client."""

    @property
    def client(self) -> discord.Client:
        """The client, not logged in."""
        ...


Opener = Callable[[Path, Callable[[], datetime]], AbstractAsyncContextManager[Staged]]


def open_bot(database: Path, now: Callable[[], datetime]) -> AbstractAsyncContextManager[App]:
    """The real bot on that database and clock."""
    return open_app(Config(database=database), now=now, poll=_POLL)


class World:
    """A simulated Discord with the bot in it.

    ``database`` is copied and never touched; without one the library is empty. ``start`` is when it
    begins. ``opener`` makes what is put on stage (tests may bring a client of their own).
    """

    def __init__(self, database: Path | None = None, *, start: datetime = START, opener: Opener = open_bot) -> None:
        self._source = database
        self._start = start
        self._opener = opener
        self._errors: list[BaseException] = []
        self._env: SimEnv | None = None
        self._staged: Staged | None = None
        self._bot = AsyncExitStack()
        self._rest = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as rest:
            folder = Path(rest.enter_context(tempfile.TemporaryDirectory(prefix="inglenook-")))
            self.database = folder / "inglenook.db"
            if self._source is not None:
                await asyncio.to_thread(backup.clone, self._source, self.database)
            rest.push_async_callback(self._bot.aclose)
            await self._open_bot()
            self._env = SimEnv(self.client)
            self.gaps = Gaps(self._env, Internals(serializers, router, message_routes, BackendError))
            rest.enter_context(self.gaps.filled(self._start))
            self._sort_errors()
            self.server = build(self._env, self.gaps, "The Long Gallery")
            rest.push_async_callback(self._end)
            await self._env.start()
            check(self.server, self._env, self.gaps)
            self._rest = rest.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._rest.__aexit__(kind, error, trace)

    # The bot

    @property
    def env(self) -> SimEnv:
        """SimCord's own handle, for what is not wrapped here."""
        assert self._env is not None, "the world is not open"
        return self._env

    @property
    def client(self) -> discord.Client:
        """The bot's client; a new one after each restart."""
        assert self._staged is not None, "the world is not open"
        return self._staged.client

    @property
    def app(self) -> App:
        """The bot; a new one after each restart."""
        assert isinstance(self._staged, App), "something else is on stage"
        return self._staged

    def now(self) -> datetime:
        """What the simulated clock says."""
        return self._env.now() if self._env is not None else self._start

    async def restart(self) -> None:
        """Close the bot as a process would end, and start a new one on the same database."""
        await self.env.settle()
        await self._bot.aclose()
        await self._open_bot()
        await self.env.restart_bot(self.client)

    async def _open_bot(self) -> None:
        self._staged = await self._bot.enter_async_context(self._opener(self.database, self.now))
        # The client reports here what it answers with a sentence; an exception inside a persistent
        # button would reach nobody else, for discord.py only logs it.
        self.client.on_refusal = self._note  # pyright: ignore[reportAttributeAccessIssue]

    async def _end(self) -> None:
        with suppress(TimeoutError):
            await self.env.settle()
        await self._bot.aclose()
        await self.env.shutdown()

    async def load(self, path: Path) -> list[Added]:
        """Bring the stories of a file or folder in, offered to all servers.

        Raises:
            BadInput: there is none.
        """
        manuscripts = await asyncio.to_thread(read, path)
        if not manuscripts:
            raise BadInput("corpus_empty", path=path)
        added = [await self.app.library.add(manuscript, OPERATOR) for manuscript in manuscripts]
        await self.index()
        return added

    async def index(self) -> None:
        """Make the library ready to be searched, so that nobody waits for it at the first question.

        SimCord gives the bot five seconds for an answer, and a large library takes longer.
        """
        await self.app.index.refresh()

    async def titles(self, channel: str) -> list[str]:
        """The stories that may be named in a channel of the first server."""
        handle = self.server.channels[channel]
        place = Place(self.server.guild.id, handle.id, self.gaps.is_restricted(handle.id))
        return [story.item.title for story in await self.app.shelf.stories(place)]

    # Time

    async def advance(self, time: timedelta) -> None:
        """Let that much time pass, and the bot do what falls due."""
        until = self.now() + time
        while (left := until - self.now()) > timedelta():
            before = self.now()
            try:
                await self.env.advance_time(min(left, _SETTLE_CHUNK).total_seconds())
            except TimeoutError:
                # Five seconds of real time were not enough; what has passed has passed.
                if self.now() == before:
                    raise

    # What went wrong

    def errors(self, since: int = 0) -> list[BaseException]:
        """What the bot raised, refusals among them, each once; ``since`` skips that many."""
        return self._errors[since:]

    def bugs(self) -> list[BaseException]:
        """Whatever the bot raised that is not a refusal with a sentence of its own."""
        return [error for error in self._errors if not is_refusal(error)]

    def _note(self, error: BaseException) -> None:
        cause = getattr(error, "original", error)
        if all(cause is not other for other in self._errors):
            self._errors.append(cause)

    def _sort_errors(self) -> None:
        """Keep refusals out of SimCord's own list: it would call every refused command a failure."""
        record: Any = getattr(self.env, "_record_error", None)
        if not inspect.ismethod(record):
            raise StageBroken("its list of errors has moved")

        def sort(error: BaseException) -> None:
            self._note(error)
            if not is_refusal(getattr(error, "original", error)):
                record(error)

        self.env._record_error = sort

    # What one can see and do

    @property
    def bill(self) -> Bill:
        """Whom, where and what steps may name here."""
        known = self.env.backend.commands.get(None, {}).values()
        commands = [
            Command(tuple(path), tuple(_option(option) for option in leaf.get("options") or ()))
            for command in known
            if command["type"] == AppCommandType.CHAT_INPUT
            for path, leaf in command_leaves(command)
        ]
        return Bill(
            actors=tuple(self.server.actors),
            channels=tuple(self.server.channels),
            commands=tuple(sorted(commands, key=lambda command: command.path)),
            menus=tuple(c["name"] for c in known if c["type"] == AppCommandType.MESSAGE),
        )

    @property
    def names(self) -> dict[int, str]:
        """What the channels and people of the first server are called, by id."""
        return {
            **{channel.id: f"#{name}" for name, channel in self.server.channels.items()},
            **{actor.id: f"@{actor.user.global_name}" for actor in self.server.actors.values()},
            **{role.id: f"@{role.name.removeprefix('@')}" for role in self.server.guild.roles.values()},
            self.env.backend.bot_user.id: "@Inglenook",
        }

    def sees(self, actor: Member, channel: Channel) -> bool:
        """Whether somebody sees a channel and what was written there."""
        return channel_accessible(self.env.backend, channel.id, actor.id, history=True)

    def sights(self, actor: Member, channel: Channel | None = None) -> list[Sight]:
        """The messages that somebody sees, oldest first: in one channel, or in all, threads included."""
        backend = self.env.backend
        guild = backend.get_guild(actor.guild.id)
        places = [channel.id] if channel else [*guild.channel_ids, *guild.thread_ids]
        seen = [
            see(serializers.message_payload(backend, message), backend.get_channel(place).name or "")
            for place in places
            for message in backend.messages.get(place, {}).values()
            if message_accessible(backend, place, message, actor.id, history=True)
        ]
        return sorted(seen, key=lambda sight: sight.message_id)

    def message(self, channel: Channel, sight: Sight) -> discord.Message:
        """The message behind a sight, to do something with it."""
        stored = self.env.backend.get_message(channel.id, sight.message_id)
        return to_discord_message(self.env, stored)

    # The server

    async def add_server(self, name: str) -> Server:
        """Invite the bot to one more server, made like the first, with people of its own."""
        server = build(self.env, self.gaps, name)
        await self.env.settle()
        check(server, self.env, self.gaps)
        return server

    def restrict(self, channel: Channel, restricted: bool = True) -> None:
        """Make a channel age-restricted, or open it again; threads inherit it."""
        self.gaps.restrict(channel.id, restricted)

    # What goes wrong outside

    def fail_late(self, method: str, path: str, error: Exception | None = None, *, times: int | None = 1) -> None:
        """Let matching calls be carried out and then fail; see ``Gaps.fail_late``."""
        self.gaps.fail_late(method, path, error, times=times)

    def unheard(self) -> AbstractContextManager[None]:
        """What happens inside never reaches the bot, as when it was not connected."""
        return self.gaps.unheard()

    # The page

    @asynccontextmanager
    async def page(self, channel: str, *, port: int = 0) -> AsyncIterator[Page]:
        """Serve SimCord's page of that channel on this machine, for everybody who may see it.

        Raises:
            BadInput: the port is in use, or the page's own packages are not installed.
        """
        handle = self.server.channels[channel]
        viewers = [actor for actor in self.server.actors.values() if self.sees(actor, handle)]
        preview = self.env.preview(handle, viewers=viewers, layout="channel", port=port)
        try:
            await preview.__aenter__()
        except simcord.SetupError as error:
            if "could not bind" in str(error):
                raise BadInput("port_in_use", port=port) from error
            if "install" in str(error):
                raise BadInput("extra_missing", command="preview") from error
            raise
        if not Page.understands(preview):
            raise StageBroken("the page's actions cannot be made to take turns")

        def latest() -> discord.Message | None:
            seen = self.sights(viewers[0], handle)
            return self.message(handle, seen[-1]) if seen else None

        page = Page(preview, self.advance, latest)
        self.env.backend.subscribers.append(page.notice)
        try:
            yield page
        finally:
            self.env.backend.subscribers.remove(page.notice)
            await preview.close()


def is_refusal(error: BaseException) -> bool:
    """Whether an error is one that a person is meant to meet, and no bug."""
    return isinstance(
        error, UserFacingError | discord.app_commands.CheckFailure | discord.app_commands.TransformerError
    )


def _option(option: dict[str, Any]) -> Option:
    return Option(
        name=option["name"],
        kind=_KINDS.get(option["type"], Kind.TEXT),
        required=bool(option.get("required")),
        suggests=bool(option.get("autocomplete")),
        choices=tuple((choice["name"], choice["value"]) for choice in option.get("choices") or ()),
    )
