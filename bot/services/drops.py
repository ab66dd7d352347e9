"""Posts what is due: each chapter once, in order, and none lost.

A drop is written down whole before its first message is sent. Each message is marked as under way,
sent under a name (nonce) that is the same at every attempt, and recorded with its Discord id. Whoever
finds a message under way, after a crash or a time-out, first finds out whether it arrived.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.access import EVERYTHING, Cleared, Place, clear, may_show
from bot.domain.drops import REPLAY, MessageKind, MessageState, PlannedMessage, nonce
from bot.domain.excerpt import parts
from bot.domain.passages import StoredChapter, StoredScene
from bot.domain.settings import Settings
from bot.domain.story import ChapterId, SceneId

_log = logging.getLogger(__name__)

RETRY = timedelta(seconds=10)
"""How long to wait before looking again after something that passes by itself."""


class PublishLater(Exception):
    """Discord did not take the message, and will later."""


class PublishUnclear(Exception):
    """Nobody knows whether the message arrived: a time-out, a server error, a lost connection."""


class PublishImpossible(Exception):
    """The message cannot be posted until somebody mends ``reason`` (a key of the sentences)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDrop:
    """A drop that this worker alone may post until its lease runs out."""

    id: int
    serial_id: int
    guild_id: int
    channel_id: int
    chapter_id: ChapterId
    next_due: datetime | None
    """When the chapter after this one comes; None where there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropMessage:
    """One message of a drop as it stands."""

    position: int
    kind: MessageKind
    content: str
    scene_id: SceneId | None
    state: MessageState
    sending_at: datetime | None
    message_id: int | None


class DropStore(Protocol):
    """Where drops stand. Every method is one durable transaction.

    Those that take ``worker`` return False where its lease is lost: it must stop at once.
    """

    async def plan_due(self, now: datetime) -> bool:
        """Turn one due serial into a drop of its next chapter, or let it rest where there is none.
        False: none is due.
        """
        ...

    async def claim(self, worker: str, now: datetime) -> ClaimedDrop | None:
        """Lease one open drop that nobody holds."""
        ...

    async def write_down(self, drop_id: int, worker: str, messages: Sequence[PlannedMessage]) -> bool:
        """Store the messages of a drop that has none yet."""
        ...

    async def arrived(self, channel_id: int) -> frozenset[int]:
        """The ids of all messages of all drops that are known to stand in a channel."""
        ...

    async def messages(self, drop_id: int) -> list[DropMessage]:
        """The messages of a drop, in order."""
        ...

    async def sending(self, drop_id: int, position: int, worker: str, now: datetime) -> bool:
        """A message is about to be sent; the lease is renewed. The time of the first attempt stays."""
        ...

    async def sent(self, drop: ClaimedDrop, message: DropMessage, message_id: int, now: datetime) -> None:
        """A message has arrived; reactions to a part count for its scene from now on."""
        ...

    async def finish(self, drop: ClaimedDrop, now: datetime, *, release: bool) -> None:
        """All messages have arrived. ``release``: readers have seen them, so the chapter's scenes are released."""
        ...

    async def pause(self, drop: ClaimedDrop, worker: str, reason: str, now: datetime) -> bool:
        """The drop waits until its cause is mended, and so does its serial; the moderators will be told."""
        ...

    async def hold(self, drop_id: int, worker: str, until: datetime) -> None:
        """Give the lease back; nobody looks again before ``until``."""
        ...

    async def next_moment(self) -> datetime | None:
        """When something is next to be done."""
        ...


class ChapterSource(Protocol):
    """Where chapters stand."""

    async def chapter(self, chapter_id: ChapterId) -> StoredChapter | None:
        """The chapter as it stands now."""
        ...


class SettingsSource(Protocol):
    """Where the servers' settings stand."""

    async def settings(self, guild_id: int) -> Settings:
        """Those of a server, as they are at this moment."""
        ...


class Publisher(Protocol):
    """Posts to channels."""

    async def place(self, guild_id: int, channel_id: int) -> Place:
        """The channel as it is now.

        Raises:
            PublishImpossible: it is gone, or cannot be seen.
        """
        ...

    async def is_seen_by_readers(self, channel_id: int, talk_channel: int | None) -> bool:
        """Whether readers see the channel: those for whom the one where they talk is (None: all in the server).

        Raises:
            PublishLater: that cannot be told now.
        """
        ...

    async def send(
        self, channel_id: int, content: str, nonce: str, *, silent: bool, ping: int | None, read: ChapterId | None
    ) -> int:
        """Post and return the message's id; the same nonce within minutes returns the same message.

        ``ping`` is the one role that the message may mention. ``read`` puts a button under it with which readers
        say that they have read that chapter.

        Raises:
            PublishLater, PublishUnclear, PublishImpossible: see there.
        """
        ...

    async def find(self, channel_id: int, content: str, since: datetime, known: frozenset[int]) -> int | None:
        """The bot's oldest message of that content since then that is not among the known ones.

        Raises:
            PublishLater, PublishImpossible: the channel cannot be read.
        """
        ...


class Typesetter(Protocol):
    """Makes messages of what the gate has let through."""

    limit: int

    def opening_card(self, chapter: Cleared[StoredChapter], settings: Settings) -> str:
        """What stands before a chapter: also the role to mention, and warnings as the server wants them."""
        ...

    def part(self, chapter: Cleared[StoredChapter], scene: StoredScene, start: int, end: int) -> str:
        """A span of a scene as its author wrote it."""
        ...

    def scene_break(self) -> str:
        """What stands between two scenes."""
        ...

    def end_card(self, chapter: Cleared[StoredChapter], next_due: datetime | None) -> str:
        """What stands after a chapter."""
        ...

    def width(self, content: str) -> int:
        """The length of ``content`` in the unit of ``limit``."""
        ...


class Drops:
    """Posts due drops, as one of perhaps several workers on one database."""

    def __init__(
        self,
        store: DropStore,
        chapters: ChapterSource,
        publisher: Publisher,
        typesetter: Typesetter,
        settings: SettingsSource,
        now: Callable[[], datetime],
        worker: str,
    ) -> None:
        self._store = store
        self._chapters = chapters
        self._publisher = publisher
        self._typesetter = typesetter
        self._settings = settings
        self._now = now
        self._worker = worker
        self._turn = asyncio.Lock()
        self._stopping = False

    async def stop(self) -> None:
        """Let the message that is under way arrive, give the drop back, and post nothing more."""
        self._stopping = True
        async with self._turn:
            pass

    async def run_due(self) -> datetime | None:
        """Post all that is due; returns when to look again (None: nothing is planned)."""
        async with self._turn:
            while await self._store.plan_due(self._now()):
                pass
            while not self._stopping and (drop := await self._store.claim(self._worker, self._now())):
                await self._post(drop)
            return await self._store.next_moment()

    async def _post(self, drop: ClaimedDrop) -> None:
        try:
            await self._post_messages(drop)
        except PublishImpossible as stop:
            if await self._store.pause(drop, self._worker, stop.reason, self._now()):
                _log.warning("drop %s is paused: %s", drop.id, stop.reason)
        except (PublishLater, PublishUnclear) as delay:
            _log.info("drop %s waits: %s", drop.id, delay)
            await self._store.hold(drop.id, self._worker, self._now() + RETRY)

    async def _post_messages(self, drop: ClaimedDrop) -> None:
        messages = await self._store.messages(drop.id)
        settings = await self._settings.settings(drop.guild_id)
        if not messages:
            chapter = await self._cleared(drop)
            planned = await asyncio.to_thread(plan, chapter, self._typesetter, settings, drop.next_due)
            if not await self._store.write_down(drop.id, self._worker, planned):
                return
            messages = await self._store.messages(drop.id)
        for message in messages:
            if message.state is MessageState.SENT:
                continue
            if self._stopping:
                await self._store.hold(drop.id, self._worker, self._now())
                return
            await self._cleared(drop)
            message_id = await self._find_out(drop, message)
            if message_id is None:
                if not await self._store.sending(drop.id, message.position, self._worker, self._now()):
                    return
                message_id = await self._publisher.send(
                    drop.channel_id,
                    message.content,
                    nonce(drop.id, message.position),
                    silent=message.position > 0,
                    ping=settings.ping_role if message.kind is MessageKind.OPENING else None,
                    read=drop.chapter_id if message.kind is MessageKind.END else None,
                )
            await self._store.sent(drop, message, message_id, self._now())
        seen = await self._publisher.is_seen_by_readers(drop.channel_id, settings.talk_channel)
        await self._store.finish(drop, self._now(), release=seen)

    async def _cleared(self, drop: ClaimedDrop) -> Cleared[StoredChapter]:
        """The chapter, if it may stand in its channel at this moment."""
        channel = await self._publisher.place(drop.guild_id, drop.channel_id)
        place = replace(channel, ratings=(await self._settings.settings(drop.guild_id)).ratings)
        chapter = await self._chapters.chapter(drop.chapter_id)
        if chapter is None:
            raise PublishImpossible("chapter_gone")
        # Posting is what releases a chapter, so here release is not asked; all the rest is.
        if not may_show(chapter, place, EVERYTHING):
            if chapter.terms.withdrawn:
                raise PublishImpossible("story_withdrawn")
            if chapter.terms.rating not in place.ratings:
                raise PublishImpossible("rating_not_allowed")
            raise PublishImpossible("channel_not_restricted")
        return clear(chapter, place, EVERYTHING)

    async def _find_out(self, drop: ClaimedDrop, message: DropMessage) -> int | None:
        """The id under which a message already stands, if an earlier attempt got it through."""
        if message.sending_at is None or self._now() - message.sending_at < REPLAY:
            # Never tried, or so recently that the same nonce brings the same message back.
            return None
        known = await self._store.arrived(drop.channel_id)
        return await self._publisher.find(drop.channel_id, message.content, message.sending_at, known)


def plan(
    chapter: Cleared[StoredChapter], typesetter: Typesetter, settings: Settings, next_due: datetime | None
) -> list[PlannedMessage]:
    """All messages of a drop: card, parts scene by scene with a break between, card."""
    messages = [PlannedMessage(kind=MessageKind.OPENING, content=typesetter.opening_card(chapter, settings))]
    for index, scene in enumerate(chapter.item.scenes):
        if index:
            messages.append(PlannedMessage(kind=MessageKind.BREAK, content=typesetter.scene_break()))
        messages.extend(_scene_parts(chapter, scene, typesetter))
    messages.append(PlannedMessage(kind=MessageKind.END, content=typesetter.end_card(chapter, next_due)))
    return messages


def _scene_parts(chapter: Cleared[StoredChapter], scene: StoredScene, typesetter: Typesetter) -> list[PlannedMessage]:
    def width(start: int, end: int) -> int:
        return typesetter.width(typesetter.part(chapter, scene, start, end))

    return [
        PlannedMessage(
            kind=MessageKind.PART,
            content=typesetter.part(chapter, scene, start, end),
            scene_id=scene.id,
            start=start,
            end=end,
        )
        for start, end in parts(scene.text, limit=typesetter.limit, width=width, line_ends=scene.line_ends)
    ]
