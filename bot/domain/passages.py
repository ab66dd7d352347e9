"""Pieces of stored stories on their way to a person: each knows its terms, so the gate can judge it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.access import Terms
from bot.domain.counting import words_in
from bot.domain.story import ChapterId, Emphasis, LineId, Permission, SceneId, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCard:
    """A story as the shelf shows it, counted over released scenes only."""

    id: StoryId
    slug: str
    title: str
    authors: tuple[str, ...]
    warnings: tuple[str, ...]
    summary: str
    language: str
    source: str
    permission: Permission
    chapters: int
    words: int
    terms: Terms

    @property
    def shows(self) -> Iterable[SceneId]:
        """A card shows no scene."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Where a passage stands: its story, chapter and scene."""

    story_id: StoryId
    story_title: str
    authors: tuple[str, ...]
    chapter_id: ChapterId
    chapter_number: int
    chapter_title: str | None
    scene_id: SceneId
    scene_number: int
    """1-based within its chapter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one scene with its lines; ``focus`` is the line that was asked for."""

    heading: Heading
    text: str
    """Text of the stretch alone; the offsets of ``emphasis`` and ``focus`` count into it."""
    emphasis: tuple[Emphasis, ...]
    focus: tuple[int, int]
    line_id: LineId
    terms: Terms
    warnings: tuple[str, ...] = ()
    """Its story's."""

    @property
    def shows(self) -> Iterable[SceneId]:
        """The scene that the passage stands in."""
        return (self.heading.scene_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScene:
    """A scene as it stands at the story's present revision."""

    id: SceneId
    text: str
    emphasis: tuple[Emphasis, ...]
    line_ends: tuple[int, ...]
    """Offsets at which its lines end: the places where it is best cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChapter:
    """A chapter as it stands at the story's present revision, ready to be posted."""

    id: ChapterId
    story_id: StoryId
    story_title: str
    authors: tuple[str, ...]
    warnings: tuple[str, ...]
    number: int
    title: str | None
    date: date | None
    scenes: tuple[StoredScene, ...]
    terms: Terms

    @property
    def shows(self) -> Iterable[SceneId]:
        """All its scenes: posting a chapter is what releases them, so the caller says they are."""
        return tuple(scene.id for scene in self.scenes)

    @property
    def words(self) -> int:
        """Words in its scenes."""
        return sum(words_in(scene.text) for scene in self.scenes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChapter:
    """A chapter in a list of a story's chapters: its name, without its text."""

    id: ChapterId
    story_id: StoryId
    number: int
    title: str | None
    words: int
    scenes: tuple[SceneId, ...]
    terms: Terms

    @property
    def shows(self) -> Iterable[SceneId]:
        """All its scenes: its name gives them away."""
        return self.scenes


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedScene:
    """A scene with what readers felt at it: a row of ``/top``."""

    heading: Heading
    opening: str
    """Its first words."""
    tallies: tuple[tuple[str, int], ...]
    """(emoji, readers), most first."""
    total: int
    message_id: int | None
    channel_id: int | None
    """A message in this server that shows it, if one still stands."""
    terms: Terms

    @property
    def shows(self) -> Iterable[SceneId]:
        """The scene itself."""
        return (self.heading.scene_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialCard:
    """A serial as moderators see it."""

    id: int
    channel_id: int
    story_title: str
    state: str
    reason: str | None
    next_due: datetime | None
    posted: int
    chapters: int
    terms: Terms

    @property
    def shows(self) -> Iterable[SceneId]:
        """A card shows no scene."""
        return ()


def cut_emphasis(runs: Iterable[Emphasis], start: int, end: int) -> tuple[Emphasis, ...]:
    """The runs inside ``[start, end)``, their offsets counted from ``start``."""
    return tuple(
        replace(run, start=max(run.start, start) - start, end=min(run.end, end) - start)
        for run in runs
        if run.start < end and run.end > start
    )
