"""Brings stories in, keeping the ids of what is recognisably the same."""

from __future__ import annotations

import asyncio
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import eq
from typing import Protocol

from bot.domain.corrections import Correction
from bot.domain.counting import words_in
from bot.domain.errors import BadInput
from bot.domain.identity import match_lines, match_scenes
from bot.domain.minors import refused_tag
from bot.domain.stated import Stated
from bot.domain.story import OPERATOR, ChapterId, LineId, Manuscript, Owner, Rating, SceneId, StoryId

MOST_WORDS_LOST = 0.1
"""The share of a story's words that an import may take away without being told that this is meant."""


_TRIES = 4
"""How often an import begins anew where others of the same story are done before it."""


class Lines(Sequence[str]):
    """The texts of lines, cut from their scenes when they are asked for: all at once they are a story's size again."""

    def __init__(self) -> None:
        self._scenes: list[str] = []
        self._scene, self._start, self._end = array("l"), array("l"), array("l")

    def scene(self, text: str) -> None:
        """Go on with the lines of another scene."""
        self._scenes.append(text)

    def add(self, start: int, end: int) -> None:
        """The next line of the scene."""
        self._scene.append(len(self._scenes) - 1)
        self._start.append(start)
        self._end.append(end)

    def __len__(self) -> int:
        return len(self._scene)

    def __getitem__(self, at: int) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._scenes[self._scene[at]][self._start[at] : self._end[at]]


class StoredLines(Sequence[tuple[LineId, str]]):
    """Lines with their ids."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.texts = Lines()

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, at: int) -> tuple[LineId, str]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return LineId(self.ids[at]), self.texts[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredLines) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class Outline:
    """A stored story as identity sees it: ids in order, with what they are recognised by."""

    chapters: Sequence[tuple[ChapterId, int]]
    scenes: Sequence[tuple[SceneId, ChapterId, str]]
    lines: Sequence[tuple[LineId, str]]
    revision: int | None = None
    """Which version it is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """For each chapter, scene and line of a manuscript, the stored id that it keeps, or None.

    The rest says where text went that did not stay under its id; see ``domain.identity.Matched``.
    """

    chapters: Sequence[ChapterId | None]
    scenes: Sequence[SceneId | None]
    lines: Sequence[LineId | None]
    scene_aliases: Sequence[tuple[SceneId, SceneId]] = ()
    line_aliases: Sequence[tuple[LineId, LineId]] = ()
    holds: Sequence[tuple[int, SceneId]] = ()
    pieces: frozenset[int] = frozenset()
    since: int | None = None
    """The version from which they are kept; None: there was none."""


class Overtaken(Exception):
    """Another import of the story was done between the matching and the storing."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a story would lose by an import."""

    chapters: tuple[int, ...]
    """Numbers of the chapters that would be gone, text and all."""
    words_before: int
    words_after: int

    @property
    def too_much(self) -> bool:
        """Whether somebody should say that they mean it."""
        return bool(self.chapters) or self.words_after < self.words_before * (1 - MOST_WORDS_LOST)


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
    former: Outline | None = field(default=None, repr=False, compare=False)
    """The story as it stood before."""
    kept: Kept | None = field(default=None, repr=False, compare=False)


class ImportStore(Protocol):
    """Where stories are written."""

    async def outline(self, owner: Owner, slug: str) -> Outline | None:
        """The story as it stands, or None where there is none."""
        ...

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
        """Store it as the new revision, visible all at once and together with what is remembered of it.

        Args:
            manuscript: the story.
            owner: whose it is.
            kept: the ids that its pieces keep.
            now: when.
            corrections: those that hold from now on; ``None``: those that held before.
            told: hears now and then which share of the work is done.
            stated: what persons said of it; ``None``: what they had said before.

        Raises:
            Overtaken: what is stored is not the version any more from which ``kept`` keeps ids; nothing changed.
        """
        ...


class Library:
    """The stories of this bot."""

    def __init__(self, store: ImportStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def check(self, manuscript: Manuscript, owner: Owner = OPERATOR) -> bool:
        """Whether ``manuscript`` would be the new text of a story that is there.

        Raises:
            BadInput: that story would lose chapters, or more than a tenth of its words; or its tags say that it
                sexualises minors.
        """
        await asyncio.to_thread(refuse_tagged, manuscript)
        former, _ = await self._matched(manuscript, owner, allow_shrink=False)
        return former is not None

    async def add(
        self,
        manuscript: Manuscript,
        owner: Owner = OPERATOR,
        *,
        allow_shrink: bool = False,
        corrections: Sequence[Correction] | None = None,
        told: Callable[[float], None] | None = None,
        stated: Stated | None = None,
    ) -> Added:
        """Bring ``manuscript`` in as a new story, or as the new text of the one with its slug.

        Args:
            manuscript: the story, corrected.
            owner: whose it is.
            allow_shrink: whether it may lose chapters or much of its text.
            corrections: those that are remembered with it; ``None``: those that were.
            told: hears now and then which share of the storing is done.
            stated: what is remembered of what persons said; ``None``: what was.

        Raises:
            BadInput: the story would lose chapters or more than a tenth of its words, and
                ``allow_shrink`` does not say that this is meant; or its tags say that it sexualises minors.
        """
        await asyncio.to_thread(refuse_tagged, manuscript)
        left = _TRIES
        while True:
            former, kept = await self._matched(manuscript, owner, allow_shrink=allow_shrink)
            try:
                story_id = await self._store.store(manuscript, owner, kept, self._now(), corrections, told, stated)
                break
            except Overtaken:
                if not left:
                    raise BadInput("import_overtaken", title=manuscript.title) from None
                left -= 1
        return Added(
            story_id=story_id,
            slug=manuscript.slug,
            title=manuscript.title,
            rating=manuscript.rating,
            chapters=len(manuscript.chapters),
            scenes=sum(len(chapter.scenes) for chapter in manuscript.chapters),
            words=await asyncio.to_thread(lambda: manuscript.words),
            new=former is None,
            kept_scenes=sum(scene is not None for scene in kept.scenes),
            former=former,
            kept=kept,
        )

    async def _matched(
        self, manuscript: Manuscript, owner: Owner, *, allow_shrink: bool
    ) -> tuple[Outline | None, Kept]:
        former = await self._store.outline(owner, manuscript.slug)
        # Matching a novel against its former text takes longer than the event loop may wait.
        kept = await asyncio.to_thread(keep_ids, manuscript, former)
        if former is not None and not allow_shrink:
            lost = await asyncio.to_thread(loss, manuscript, former, kept)
            if lost.chapters:
                numbers = ", ".join(map(str, lost.chapters))
                raise BadInput(
                    "story_loses_chapters",
                    title=manuscript.title,
                    numbers=numbers,
                    before=lost.words_before,
                    after=lost.words_after,
                )
            if lost.too_much:
                raise BadInput(
                    "story_loses_words",
                    title=manuscript.title,
                    before=lost.words_before,
                    after=lost.words_after,
                )
        return former, kept


def refuse_tagged(manuscript: Manuscript, file: str | None = None) -> None:
    """Refuse a story that says of itself that it sexualises minors; ``file`` is what it is called (its title).

    Raises:
        BadInput: it does.
    """
    if (tag := refused_tag(manuscript)) is not None:
        raise BadInput("story_sexualises_minors", file=file or manuscript.title, tag=tag)


def keep_ids(manuscript: Manuscript, former: Outline | None) -> Kept:
    """Which ids the pieces of ``manuscript`` keep from the story's former text."""
    scenes = [scene for chapter in manuscript.chapters for scene in chapter.scenes]
    lines = Lines()
    for scene in scenes:
        lines.scene(scene.text)
        for line in scene.lines:
            lines.add(line.start, line.end)
    if former is None:
        return Kept([None] * len(manuscript.chapters), [None] * len(scenes), [None] * len(lines))
    found_scenes = match_scenes([(scene, text) for scene, _, text in former.scenes], [s.text for s in scenes])
    found_lines = match_lines(former.lines, lines)
    return Kept(
        chapters=_keep_chapters(manuscript, former, found_scenes.ids),
        scenes=found_scenes.ids,
        lines=found_lines.ids,
        scene_aliases=found_scenes.aliases,
        line_aliases=found_lines.aliases,
        holds=found_scenes.holds,
        pieces=found_scenes.pieces,
        since=former.revision,
    )


def loss(manuscript: Manuscript, former: Outline, kept: Kept) -> Loss:
    """What the story would lose if ``manuscript`` became its text.

    A chapter is not lost where most of its words stand in another one now.
    """
    found = {scene for scene in kept.scenes if scene is not None} | {scene for scene, _ in kept.scene_aliases}
    words: Counter[ChapterId] = Counter()
    words_found: Counter[ChapterId] = Counter()
    for scene, chapter, text in former.scenes:
        count = words_in(text)
        words[chapter] += count
        words_found[chapter] += count if scene in found else 0
    return Loss(
        chapters=tuple(
            number
            for chapter, number in former.chapters
            if chapter not in kept.chapters and words_found[chapter] * 2 <= words[chapter]
        ),
        words_before=words.total(),
        words_after=manuscript.words,
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
