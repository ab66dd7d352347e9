"""Brings stories in, keeping the ids of what is recognisably the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.identity import match_lines, match_scenes
from bot.domain.story import OPERATOR, ChapterId, LineId, Manuscript, Owner, Rating, SceneId, StoryId


@dataclass(frozen=True, slots=True)
class Outline:
    """A stored story as identity sees it: ids in order, with what they are recognised by."""

    chapters: Sequence[tuple[ChapterId, int]]
    scenes: Sequence[tuple[SceneId, ChapterId, str]]
    lines: Sequence[tuple[LineId, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """For each chapter, scene and line of a manuscript, the stored id that it keeps, or None."""

    chapters: Sequence[ChapterId | None]
    scenes: Sequence[SceneId | None]
    lines: Sequence[LineId | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What an import did."""

    story_id: StoryId
    slug: str
    title: str
    rating: Rating
    chapters: int
    scenes: int
    words: int
    new: bool
    """Whether the story was not there before."""
    kept_scenes: int
    """Scenes that kept their id from the former revision."""


class ImportStore(Protocol):
    """Where stories are written."""

    async def outline(self, owner: Owner, slug: str) -> Outline | None:
        """The story as it stands, or None where there is none."""
        ...

    async def store(self, manuscript: Manuscript, owner: Owner, kept: Kept, now: datetime) -> StoryId:
        """Store it as the new revision, visible all at once."""
        ...


class Library:
    """The stories of this bot."""

    def __init__(self, store: ImportStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def add(self, manuscript: Manuscript, owner: Owner = OPERATOR) -> Added:
        """Bring ``manuscript`` in as a new story, or as the new text of the one with its slug."""
        former = await self._store.outline(owner, manuscript.slug)
        # Matching a novel against its former text takes longer than the event loop may wait.
        kept = await asyncio.to_thread(keep_ids, manuscript, former)
        story_id = await self._store.store(manuscript, owner, kept, self._now())
        return Added(
            story_id=story_id,
            slug=manuscript.slug,
            title=manuscript.title,
            rating=manuscript.rating,
            chapters=len(manuscript.chapters),
            scenes=sum(len(chapter.scenes) for chapter in manuscript.chapters),
            words=manuscript.words,
            new=former is None,
            kept_scenes=sum(scene is not None for scene in kept.scenes),
        )


def keep_ids(manuscript: Manuscript, former: Outline | None) -> Kept:
    """Which ids the pieces of ``manuscript`` keep from the story's former text."""
    scenes = [scene for chapter in manuscript.chapters for scene in chapter.scenes]
    lines = [scene.text[line.start : line.end] for scene in scenes for line in scene.lines]
    if former is None:
        return Kept([None] * len(manuscript.chapters), [None] * len(scenes), [None] * len(lines))
    kept_scenes = match_scenes([(scene, text) for scene, _, text in former.scenes], [s.text for s in scenes])
    return Kept(
        chapters=_keep_chapters(manuscript, former, kept_scenes),
        scenes=kept_scenes,
        lines=match_lines(former.lines, lines),
    )


def _keep_chapters(
    manuscript: Manuscript, former: Outline, kept_scenes: Sequence[SceneId | None]
) -> list[ChapterId | None]:
    """A chapter keeps the id under which most of its scenes stood; else the one of its number."""
    home = {scene: chapter for scene, chapter, _ in former.scenes}
    by_number = {number: chapter for chapter, number in former.chapters}
    votes: list[tuple[int, int, ChapterId]] = []
    first = 0
    for index, chapter in enumerate(manuscript.chapters):
        kept = kept_scenes[first : first + len(chapter.scenes)]
        first += len(chapter.scenes)
        homes = Counter(home[scene] for scene in kept if scene is not None)
        votes.extend((count, index, chapter_id) for chapter_id, count in homes.items())
        if (same_number := by_number.get(chapter.number)) is not None:
            votes.append((0, index, same_number))
    ids: list[ChapterId | None] = [None] * len(manuscript.chapters)
    taken: set[ChapterId] = set()
    for _, index, chapter_id in sorted(votes, key=lambda vote: (-vote[0], vote[1])):
        if ids[index] is None and chapter_id not in taken:
            ids[index] = chapter_id
            taken.add(chapter_id)
    return ids
