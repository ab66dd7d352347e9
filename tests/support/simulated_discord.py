"""Discord at the publisher's port: channels, messages, a window of nonces, and everything that goes wrong.

Also what kills a worker: a ``Fate`` counts the calls that cross a port, and the one that it names is
never made. Between two calls nothing leaves the worker, so that the one before has taken effect, and
nobody was told.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeVar, cast

from bot.domain.access import Place
from bot.domain.story import ChapterId
from bot.services.drops import PublishImpossible, PublishLater, PublishUnclear

MESSAGE_LIMIT = 2_000


class Fault(Enum):
    """What may happen to one attempt to post."""

    BUSY = "not taken, and said so"
    REFUSED = "refused for good"
    LOST = "a server error, nothing was posted"
    UNANSWERED = "posted, but no answer came back"


class Crash(BaseException):
    """The process is gone; nothing catches it."""


@dataclass
class Channel:
    guild_id: int
    age_restricted: bool = False
    gone: bool = False
    readable: bool = True
    hidden: bool = False


@dataclass(frozen=True)
class Message:
    id: int
    channel_id: int
    content: str
    nonce: str
    at: datetime
    silent: bool


@dataclass
class SimulatedDiscord:
    """The publisher port. ``faults`` names by number the attempts to post (the first is 1) that fail."""

    clock: Callable[[], datetime]
    nonce_window: timedelta = timedelta(minutes=3)
    channels: dict[int, Channel] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    attempts: int = 0
    repeats: int = 0
    """Attempts that a nonce showed to be the repetition of an earlier one."""
    history_asked: int = 0
    after_post: Callable[[Message], None] | None = None
    """Called when a message has been posted, before the poster hears of it."""
    hold_up: dict[int, asyncio.Event] = field(default_factory=dict)
    """Attempts that do not reach Discord before their event."""

    def transcript(self, channel_id: int) -> list[str]:
        """What people read in a channel."""
        return [message.content for message in self.messages if message.channel_id == channel_id]

    async def place(self, guild_id: int, channel_id: int) -> Place:
        channel = self._channel(channel_id)
        return Place(guild_id, channel_id, channel.age_restricted)

    async def is_seen_by_readers(self, channel_id: int, talk_channel: int | None) -> bool:
        return not self._channel(channel_id).hidden

    async def send(
        self, channel_id: int, content: str, nonce: str, *, silent: bool, ping: int | None, read: ChapterId | None
    ) -> int:
        self.attempts += 1
        attempt = self.attempts
        if attempt in self.hold_up:
            await self.hold_up[attempt].wait()
        fault = self.faults.get(attempt)
        if fault is Fault.BUSY:
            raise PublishLater("slow down")
        if fault is Fault.LOST:
            raise PublishUnclear("502")
        self._channel(channel_id)
        if fault is Fault.REFUSED or not content.strip() or len(content) > MESSAGE_LIMIT:
            raise PublishImpossible("discord_refused")
        message = self._remembered(channel_id, nonce)
        if message is None:
            message = Message(len(self.messages) + 1, channel_id, content.strip(), nonce, self.clock(), silent)
            self.messages.append(message)
            if self.after_post is not None:
                self.after_post(message)
        else:
            self.repeats += 1
        if fault is Fault.UNANSWERED:
            raise PublishUnclear("timed out")
        return message.id

    async def find(self, channel_id: int, content: str, since: datetime, known: frozenset[int]) -> int | None:
        self.history_asked += 1
        if not self._channel(channel_id).readable:
            raise PublishImpossible("channel_unreadable")
        for message in self.messages:
            if (
                message.channel_id == channel_id
                and message.at >= since
                and message.content == content.strip()
                and message.id not in known
            ):
                return message.id
        return None

    def _channel(self, channel_id: int) -> Channel:
        channel = self.channels.get(channel_id)
        if channel is None or channel.gone:
            raise PublishImpossible("channel_gone")
        return channel

    def _remembered(self, channel_id: int, nonce: str) -> Message | None:
        for message in self.messages:
            same = (message.channel_id, message.nonce) == (channel_id, nonce)
            if same and self.clock() - message.at < self.nonce_window:
                return message
        return None


class Fate:
    """Lets a worker live until its ``dies_at``-th call."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.dies_at = dies_at
        self.calls = 0

    async def call(self) -> None:
        self.calls += 1
        if self.calls == self.dies_at:
            raise Crash


T = TypeVar("T")


def mortal(port: T, fate: Fate) -> T:
    """``port``, with every call subject to ``fate``."""
    return cast(T, _Wrapped(port, before=fate.call))


def shuffled(port: T, dice: random.Random) -> T:
    """``port``, with every call waiting a while, so that workers on it overtake each other."""

    async def wait() -> None:
        for _ in range(dice.randrange(4)):
            await asyncio.sleep(0)

    return cast(T, _Wrapped(port, before=wait))


class _Wrapped:
    def __init__(self, port: Any, before: Callable[[], Awaitable[None]]) -> None:
        self._port = port
        self._before = before

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        async def call(*arguments: Any, **named: Any) -> Any:
            await self._before()
            return await method(*arguments, **named)

        return call
