"""What moderators release by hand, and what they read ahead of everybody."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from bot.domain.access import EVERYTHING, Cleared, Place, Released, Scope, clear_all, may_show, scope
from bot.domain.errors import NothingFound, Refused
from bot.domain.passages import ListedChapter, StoredChapter, StoryCard
from bot.domain.story import ChapterId, SceneId, StoryId


class State(Enum):
    """How a chapter stands with the readers of a server."""

    POSTED = "posted"
    RELEASED = "released"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Standing:
    """A chapter as moderators see it."""

    chapter: Cleared[ListedChapter]
    state: State


@dataclass(frozen=True, slots=True)
class Shown:
    """A story as moderators see it."""

    story: Cleared[StoryCard]
    chapters: Sequence[Standing]

    @property
    def held_back(self) -> list[Cleared[ListedChapter]]:
        """The chapters that readers are not shown yet."""
        return [standing.chapter for standing in self.chapters if standing.state is State.NOT_YET]


@dataclass(frozen=True, slots=True)
class Release:
    """What would be released together."""

    story: Cleared[StoryCard]
    chapters: Sequence[Cleared[ListedChapter]]

    @property
    def digest(self) -> str:
        """Tells this release from any other of the same story."""
        scenes = (str(scene) for chapter in self.chapters for scene in chapter.item.scenes)
        return f"{zlib.crc32(','.join(scenes).encode()):08x}"


class ReleaseStore(Protocol):
    """Where it is written what a server has released."""

    async def posted(self, guild_id: int, story_id: StoryId) -> frozenset[ChapterId]:
        """The chapters of a story that stand in a server, posted completely."""
        ...

    async def release(self, guild_id: int, story_id: StoryId, scenes: Sequence[SceneId]) -> None:
        """Release scenes of a story that has, or had, a serial there."""
        ...


class Chapters(Protocol):
    """Where stories and their chapters stand."""

    async def shelf(self, scope: Scope) -> list[StoryCard]:
        """The stories that a place may know of."""
        ...

    async def chapters(self, scope: Scope, story_id: StoryId) -> list[tuple[ListedChapter, Released]]:
        """The chapters of a story as it stands, in order. Nothing is filtered."""
        ...

    async def chapter(self, chapter_id: ChapterId) -> StoredChapter | None:
        """A chapter as it stands now."""
        ...


class Releases:
    """For moderators: every place here is one that one of them alone sees, looking ahead."""

    def __init__(self, store: ReleaseStore, chapters: Chapters) -> None:
        self._store = store
        self._chapters = chapters

    async def show(self, place: Place, story_id: StoryId) -> Shown:
        """A story with all its chapters, and which of them readers are shown.

        Raises:
            NothingFound: no such story may be named here.
        """
        story = await self._story(place, story_id)
        posted = await self._store.posted(place.guild_id, story_id)
        server = replace(place, reader=None, ahead=False)
        open_to_readers = {
            chapter.id
            for chapter, released in await self._chapters.chapters(scope(server), story_id)
            if may_show(chapter, server, released)
        }

        def state(chapter: ListedChapter) -> State:
            if chapter.id not in open_to_readers:
                return State.NOT_YET
            return State.POSTED if chapter.id in posted else State.RELEASED

        listed = clear_all(await self._chapters.chapters(scope(place), story_id), place)
        return Shown(story, [Standing(chapter, state(chapter.item)) for chapter in listed])

    async def plan(self, place: Place, story_id: StoryId, chapter_id: ChapterId) -> Release:
        """What would be released if everything up to the end of a chapter were.

        Raises:
            NothingFound: no such chapter stands in a story that may be named here.
            Refused: readers are shown all of that already.
        """
        shown = await self.show(place, story_id)
        ids = [standing.chapter.item.id for standing in shown.chapters]
        if chapter_id not in ids:
            raise NothingFound
        upto = shown.chapters[: ids.index(chapter_id) + 1]
        chapters = [standing.chapter for standing in upto if standing.state is State.NOT_YET]
        if not chapters:
            raise Refused("released_already")
        return Release(shown.story, chapters)

    async def release(
        self, place: Place, story_id: StoryId, chapter_id: ChapterId, digest: str
    ) -> tuple[Release, bool]:
        """Release everything up to the end of a chapter, if it is still what ``digest`` names.

        Returns:
            What is to be released, and whether it was: the story may have changed since somebody agreed.

        Raises:
            NothingFound: no such chapter stands in a story that may be named here.
            Refused: readers are shown all of that already.
        """
        planned = await self.plan(place, story_id, chapter_id)
        if planned.digest != digest:
            return planned, False
        scenes = [scene for chapter in planned.chapters for scene in chapter.item.scenes]
        await self._store.release(place.guild_id, story_id, scenes)
        return planned, True

    async def chapter(self, place: Place, chapter_id: ChapterId) -> Cleared[StoredChapter]:
        """A chapter, read ahead of everybody.

        Raises:
            NothingFound: there is no such chapter that may be shown here.
        """
        chapter = await self._chapters.chapter(chapter_id)
        if chapter is None:
            raise NothingFound
        released = [r for _, r in await self._chapters.chapters(scope(place), chapter.story_id)]
        if not (found := clear_all([(chapter, r) for r in released[:1]], place)):
            raise NothingFound
        return found[0]

    async def _story(self, place: Place, story_id: StoryId) -> Cleared[StoryCard]:
        cards = [card for card in await self._chapters.shelf(scope(place)) if card.id == story_id]
        if not (found := clear_all([(card, EVERYTHING) for card in cards], place)):
            raise NothingFound
        return found[0]
