"""How far a reader has come: what lies behind it is kept from what they alone are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.access import EVERYTHING, Cleared, Place, Released, Scope, clear_all, scope
from bot.domain.errors import NothingFound
from bot.domain.passages import ListedChapter, StoryCard
from bot.domain.story import ChapterId, StoryId

_PICKED = re.compile(r"chapter:(\d{1,18})")
_NUMBER = re.compile(r"(?:chapter\s+)?(\d{1,9})")

EVERY = "everything"
NONE = "nothing yet"


@dataclass(frozen=True, slots=True)
class KeptLimit:
    """Up to where a reader wants to be shown a story: the end of a chapter, or None for nothing of it."""

    chapter: ChapterId | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Up to where a reader is shown a story."""

    story: Cleared[StoryCard]
    limited: bool
    """Whether they keep a limit at all."""
    chapter: Cleared[ListedChapter] | None
    """The last one of those that they have read which may be named; None where there is none."""
    stayed: bool = False
    """Whether they had come further already."""


class ProgressStore(Protocol):
    """Where limits are kept."""

    async def limit(self, guild_id: int, user_id: int, story_id: StoryId) -> KeptLimit | None:
        """The one that a reader keeps for a story; None where they keep none."""
        ...

    async def set_limit(
        self, guild_id: int, user_id: int, story_id: StoryId, chapter_id: ChapterId | None, *, only_on: bool
    ) -> None:
        """Keep a limit, or move it; ``only_on``: never back."""
        ...

    async def lift(self, guild_id: int, user_id: int, story_id: StoryId) -> None:
        """Keep none any more."""
        ...


class ChapterLister(Protocol):
    """Where chapters are listed."""

    async def shelf(self, scope: Scope) -> list[StoryCard]:
        """The stories that a place may know of."""
        ...

    async def chapters(self, scope: Scope, story_id: StoryId) -> list[tuple[ListedChapter, Released]]:
        """The chapters of a story as it stands, in order. Nothing is filtered."""
        ...

    async def story_of(self, chapter_id: ChapterId) -> StoryId | None:
        """The story that a chapter stands in, or stood in."""
        ...


class ReadersProgress:
    """Keeps, moves and lifts readers' own limits. Every place here is one that one reader alone sees."""

    def __init__(self, store: ProgressStore, lister: ChapterLister) -> None:
        self._store = store
        self._lister = lister

    async def read_up_to(self, place: Place, chapter_id: ChapterId) -> Progress:
        """The reader has read a chapter: their limit moves on to its end, and never back.

        Raises:
            NothingFound: there is no such chapter that this server may show here.
        """
        story_id = await self._lister.story_of(chapter_id)
        if story_id is None:
            raise NothingFound("no_chapter_to_read")
        try:
            story = await self._story(place, story_id)
        except NothingFound as gone:
            raise NothingFound("no_chapter_to_read") from gone
        if all(chapter.item.id != chapter_id for chapter in await self._of_server(place, story_id)):
            raise NothingFound("no_chapter_to_read")
        await self._store.set_limit(place.guild_id, _reader(place), story_id, chapter_id, only_on=True)
        now = await self._now(place, story)
        return replace(now, stayed=now.chapter is None or now.chapter.item.id != chapter_id)

    async def of(self, place: Place, story_id: StoryId) -> Progress:
        """Up to where the reader is shown a story.

        Raises:
            NothingFound: no such story may be named here.
        """
        return await self._now(place, await self._story(place, story_id))

    async def chapters(self, place: Place, story_id: StoryId) -> list[Cleared[ListedChapter]]:
        """The chapters that may be named to the reader, in order."""
        return clear_all(await self._lister.chapters(scope(place), story_id), place)

    async def set(self, place: Place, story_id: StoryId, said: str) -> Progress:
        """Move the limit to where the reader says: a suggestion's value, a chapter's number or title, ``NONE``, or
        ``EVERY``, which lifts it.

        Raises:
            NothingFound: there is no such chapter that this server may show here.
        """
        story = await self._story(place, story_id)
        reader, wanted = _reader(place), " ".join(said.casefold().split())
        if wanted == EVERY:
            await self._store.lift(place.guild_id, reader, story_id)
        else:
            chapter_id = None if wanted == NONE else await self._meant(place, story_id, wanted)
            await self._store.set_limit(place.guild_id, reader, story_id, chapter_id, only_on=False)
        return await self._now(place, story)

    async def _meant(self, place: Place, story_id: StoryId, wanted: str) -> ChapterId:
        posted = await self._of_server(place, story_id)
        if picked := _PICKED.fullmatch(wanted):
            found = [c.item.id for c in posted if c.item.id == int(picked[1])]
        elif number := _NUMBER.fullmatch(wanted):
            found = [c.item.id for c in posted if c.item.number == int(number[1])]
        else:
            # A title behind the limit is not to be guessed.
            found = [c.item.id for c in await self.chapters(place, story_id) if _title(c.item) == wanted]
        if not found:
            raise NothingFound("chapter_not_found")
        return found[0]

    async def _of_server(self, place: Place, story_id: StoryId) -> list[Cleared[ListedChapter]]:
        """What the server has released of it, wherever the reader is."""
        return await self.chapters(replace(place, reader=None, ahead=False), story_id)

    async def _story(self, place: Place, story_id: StoryId) -> Cleared[StoryCard]:
        cards = [card for card in await self._lister.shelf(scope(place)) if card.id == story_id]
        if not (found := clear_all([(card, EVERYTHING) for card in cards], place)):
            raise NothingFound
        return found[0]

    async def _now(self, place: Place, story: Cleared[StoryCard]) -> Progress:
        limit = await self._store.limit(place.guild_id, _reader(place), story.item.id)
        if limit is None:
            return Progress(story, limited=False, chapter=None)
        # What was read and may not be named here (any more) is passed over, as if it did not exist.
        named = await self.chapters(place, story.item.id)
        return Progress(story, limited=True, chapter=named[-1] if named else None)


def option_value(chapter_id: ChapterId) -> str:
    """The opaque value of a suggested chapter."""
    return f"chapter:{chapter_id}"


def _title(chapter: ListedChapter) -> str | None:
    return " ".join(chapter.title.casefold().split()) if chapter.title else None


def _reader(place: Place) -> int:
    if place.reader is None:
        raise ValueError("a limit is one reader's own")
    return place.reader
