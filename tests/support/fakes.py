"""Small in-memory stand-ins for the ports of the services, each keeping its port's promises."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.access import EVERYTHING, Cleared, Place, Released, Scope, visible_to
from bot.domain.corrections import Correction
from bot.domain.passages import MovedScene, Passage, SerialCard, StoredChapter, StoredScene, StoryCard
from bot.domain.settings import Settings
from bot.domain.stated import Stated
from bot.domain.story import LineId, Manuscript, Owner, SceneId, StoryId
from bot.services.library import Kept, Outline
from bot.services.lookup import Allowed
from bot.services.serials import NewSerial
from tests.support.builders import NOON


class Clock:
    """Time that moves when told to."""

    def __init__(self, start: datetime = NOON) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **how_far: float) -> None:
        self.time += timedelta(**how_far)


class FakeShelf:
    """A shelf of any stories; it filters no better than it must, so that the gate has work to do."""

    def __init__(self, *cards: StoryCard) -> None:
        self.cards = cards

    async def shelf(self, scope: Scope) -> list[StoryCard]:
        fitting = [c for c in self.cards if c.terms.rating in scope.ratings]
        return sorted(fitting, key=lambda card: card.title)


class FakePassages:
    """Passages by line, with what is released of each; like the store it filters nothing."""

    def __init__(self, *passages: Passage, released: Released = EVERYTHING) -> None:
        self.by_line = {passage.line_id: passage for passage in passages}
        self.released = released
        self.asked: list[tuple[int, tuple[LineId, ...], int, int]] = []

    async def passages(
        self, scope: Scope, line_ids: Sequence[LineId], *, before: int = 0, after: int = 0
    ) -> list[tuple[Passage, Released]]:
        self.asked.append((scope.guild_id, tuple(line_ids), before, after))
        return [(self.by_line[line], self.released) for line in line_ids if line in self.by_line]


class FakeBag:
    """Draws without putting back; a round begins anew when all that may be shown have been."""

    def __init__(self, *passages: Passage) -> None:
        self.passages = passages
        self.shown: dict[int, set[LineId]] = {}

    async def draw(self, scope: Scope, story_id: StoryId | None) -> LineId | None:
        allowed = {
            p.line_id
            for p in self.passages
            if visible_to(p.terms.owner, scope.guild_id)
            and p.terms.rating in scope.ratings
            and story_id in (None, p.heading.story_id)
        }
        if not allowed:
            return None
        shown = self.shown.setdefault(scope.guild_id, set())
        if allowed <= shown:
            shown -= allowed
        drawn = random.choice(sorted(allowed - shown))
        shown.add(drawn)
        return drawn


class FakeIndex:
    """Finds whatever it was given, in that order, as far as it is allowed."""

    def __init__(self, *hits: tuple[int, float], stories: Iterable[int] = (1,), scenes: Iterable[int] = ()) -> None:
        self.hits = [(LineId(line), score) for line, score in hits]
        self.may = (frozenset(map(StoryId, stories)), frozenset(map(SceneId, scenes)))
        self.scopes: list[tuple[Scope, StoryId | None]] = []
        self.searched: list[tuple[str, int, Allowed]] = []
        self.typists: list[int | None] = []

    async def allowed(self, scope: Scope, story_id: StoryId | None) -> tuple[frozenset[StoryId], frozenset[SceneId]]:
        self.scopes.append((scope, story_id))
        return self.may

    async def search(
        self, query: str, limit: int, allowed: Allowed, *, typist: int | None = None
    ) -> Sequence[tuple[LineId, float]]:
        self.typists.append(typist)
        self.searched.append((query, limit, allowed))
        return self.hits[:limit]


@dataclass
class _Serial:
    card: SerialCard
    story_id: StoryId
    guild_id: int
    chapters_left: bool = True
    due: datetime | None = None
    standing: str = "a1"


class FakeSerialStore:
    """Serials of any servers."""

    def __init__(self) -> None:
        self.rows: list[_Serial] = []
        self.started: list[NewSerial] = []
        self.left = 20

    def hold(self, card: SerialCard, *, story_id: int = 1, guild_id: int = 100, chapters_left: bool = True) -> None:
        """Have this serial running already."""
        self.rows.append(_Serial(card, StoryId(story_id), guild_id, chapters_left))

    async def start(self, serial: NewSerial, now: datetime) -> int | None:
        if any((s.story_id, s.channel_id) == (serial.story_id, serial.channel_id) for s in self.started):
            return None
        self.started.append(serial)
        return len(self.started)

    async def chapters_left(self, story_id: StoryId, channel_id: int) -> int:
        return self.left

    async def was_serialised(self, guild_id: int, story_id: StoryId) -> bool:
        return any((s.story_id, s.guild_id) == (story_id, guild_id) for s in [*self.started, *self.rows])

    async def end(self, guild_id: int, serial_id: int, now: datetime) -> bool:
        left = [row for row in self.rows if (row.card.id, row.guild_id) != (serial_id, guild_id)]
        ended, self.rows = len(left) < len(self.rows), left
        return ended

    async def make_due(self, serial_id: int, now: datetime, standing: str | None = None) -> bool:
        row = next(row for row in self.rows if row.card.id == serial_id)
        if not row.chapters_left or (standing or row.standing) != row.standing:
            return False
        row.due = now
        return True

    async def serials(self, guild_id: int) -> list[tuple[SerialCard, StoryId]]:
        return [(row.card, row.story_id) for row in self.rows if row.guild_id == guild_id]


class FakeMarkStore:
    """Marks as a set, so that adding one twice is adding it once."""

    def __init__(self, *top: tuple[MovedScene, Released]) -> None:
        self.moved = top
        self.posted: dict[int, tuple[int, int, SceneId, datetime]] = {}
        self.marks: set[tuple[int, int, str, bool]] = set()
        self.gone: set[int] = set()
        self.scopes: list[Scope] = []

    async def remember(self, message_id: int, guild_id: int, channel_id: int, scene_id: SceneId, now: datetime) -> None:
        self.posted.setdefault(message_id, (guild_id, channel_id, scene_id, now))

    async def mark(self, message_id: int, user_id: int, emoji: str, *, burst: bool, now: datetime) -> None:
        if message_id in self.posted:
            self.marks.add((message_id, user_id, emoji, burst))

    async def unmark(self, message_id: int, user_id: int, emoji: str, *, burst: bool) -> None:
        self.marks.discard((message_id, user_id, emoji, burst))

    async def clear(self, message_id: int, emoji: str | None) -> None:
        self.marks = {m for m in self.marks if m[0] != message_id or emoji not in (None, m[2])}

    async def channel_gone(self, channel_id: int) -> None:
        self.gone |= {message for message, (_, channel, *_) in self.posted.items() if channel == channel_id}

    async def message_gone(self, message_id: int) -> None:
        self.gone.add(message_id)

    async def posted_at(self, guild_id: int, scene_id: SceneId) -> tuple[int, int] | None:
        standing = [
            (channel, message)
            for message, (guild, channel, scene, _) in sorted(self.posted.items())
            if (guild, scene) == (guild_id, scene_id) and message not in self.gone
        ]
        return standing[0] if standing else None

    async def top(self, scope: Scope, limit: int) -> list[tuple[MovedScene, Released]]:
        self.scopes.append(scope)
        return list(self.moved[:limit])


@dataclass
class FakeImportStore:
    """One story at most, as it was stored last."""

    former: Outline | None = None
    stored: list[tuple[Manuscript, Owner, Kept, datetime]] = field(default_factory=list)
    remembered: Stated | None = None

    async def outline(self, owner: Owner, slug: str) -> Outline | None:
        return self.former

    async def store(
        self,
        manuscript: Manuscript,
        owner: Owner,
        kept: Kept,
        now: datetime,
        corrections: Sequence[Correction] | None = None,
        told: Callable[[float], None] | None = None,
        stated: Stated | None = None,
    ) -> StoryId:
        self.stored.append((manuscript, owner, kept, now))
        self.remembered = stated
        return StoryId(1)


class PlainTypesetter:
    """Messages of at most ``limit`` characters, without any markup."""

    def __init__(self, limit: int = 40) -> None:
        self.limit = limit

    def opening_card(self, chapter: Cleared[StoredChapter], settings: Settings) -> str:
        return f"[chapter {chapter.item.number}]"

    def part(self, chapter: Cleared[StoredChapter], scene: StoredScene, start: int, end: int) -> str:
        return scene.text[start:end].strip()

    def scene_break(self) -> str:
        return "[break]"

    def end_card(self, chapter: Cleared[StoredChapter], next_due: datetime | None) -> str:
        return f"[end of {chapter.item.number}]" + (f"[next {next_due:%d %H:%M}]" if next_due else "")

    def width(self, content: str) -> int:
        return len(content)


def ids(cleared: Iterable[Cleared[StoryCard]]) -> list[int]:
    """The stories' ids, in order."""
    return [card.item.id for card in cleared]


def at(place: Place) -> tuple[int, bool]:
    return place.guild_id, place.age_restricted
