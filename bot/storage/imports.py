"""Writes a story under a revision that nobody sees, then shows it all at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from bot.domain.corrections import Correction
from bot.domain.counting import words_in
from bot.domain.stated import Stated
from bot.domain.story import ChapterId, Manuscript, Owner, SceneId, StoryId
from bot.services.library import Kept, Outline, Overtaken, StoredLines
from bot.storage.aliases import parts_held, settle
from bot.storage.corrections import remember
from bot.storage.database import Database, Writing
from bot.storage.moved import moved
from bot.storage.notices import behind, note_grown, note_inserted
from bot.storage.progress import keep_places
from bot.storage.stated import remember_said

T = TypeVar("T")

_BATCH = 500
"""Rows a transaction: a few milliseconds, so that nobody waits for an import."""

_ABANDONED = timedelta(hours=1)
"""After this long an import that never showed its revision is taken for dead and cleared away."""

FIND_STORY = "SELECT id, revision_id FROM story WHERE owner = :owner AND slug = :slug"

OUTLINE_CHAPTERS = """
SELECT c.chapter_id, c.number FROM chapter_revision c
WHERE c.revision_id = :revision_id ORDER BY c.position
"""

OUTLINE_SCENES = """
SELECT sc.scene_id, sc.chapter_id, sc.text FROM scene_revision sc
WHERE sc.revision_id = :revision_id ORDER BY sc.position
"""

OUTLINE_LINES = """
SELECT l.line_id, l.scene_id, l."start", l."end" FROM line_revision l
WHERE l.revision_id = :revision_id AND l.position >= :first AND l.position < :first + :many
ORDER BY l.position
"""
_LINES_AT_ONCE = 4000

ADD_STORY = """
INSERT INTO story (owner, slug, created_at) VALUES (:owner, :slug, :now)
ON CONFLICT (owner, slug) DO UPDATE SET slug = excluded.slug
RETURNING id
"""

ADD_REVISION = """
INSERT INTO revision (story_id, title, authors, rating, warnings, language, summary, source,
    permission_source, permission_covers, created_at)
VALUES (:story_id, :title, :authors, :rating, :warnings, :language, :summary, :source,
    :permission_source, :permission_covers, :now)
RETURNING id
"""

ADD_CHAPTERS = "INSERT INTO chapter (story_id) SELECT :story_id FROM json_each(:slots) RETURNING id"
ADD_SCENES = "INSERT INTO scene (story_id) SELECT :story_id FROM json_each(:slots) RETURNING id"
ADD_LINES = "INSERT INTO line (story_id) SELECT :story_id FROM json_each(:slots) RETURNING id"

ADD_CHAPTER_REVISION = """
INSERT INTO chapter_revision (revision_id, chapter_id, position, number, title, date)
VALUES (:revision_id, :chapter_id, :position, :number, :title, :date)
"""

ADD_SCENE_REVISION = """
INSERT INTO scene_revision
    (revision_id, scene_id, chapter_id, position, number, marker, text, emphasis, words)
VALUES (:revision_id, :scene_id, :chapter_id, :position, :number, :marker, :text, :emphasis, :words)
"""

ADD_LINE_REVISION = """
INSERT INTO line_revision (revision_id, line_id, scene_id, position, "start", "end", quotable)
VALUES (:revision_id, :line_id, :scene_id, :position, :start, :end, :quotable)
"""

MARK_SHOWN = "UPDATE revision SET was_shown = 1 WHERE id = :revision_id"

SHOW_REVISION = """
UPDATE story SET revision_id = :revision_id WHERE id = :story_id AND revision_id IS :since
"""

NEXT_LIBRARY_REVISION = "UPDATE library SET revision = abs(random())"

STALE_REVISIONS = """
SELECT v.id FROM revision v JOIN story s ON s.id = v.story_id
WHERE v.id IS NOT s.revision_id
    AND (v.was_shown = 1 OR v.created_at < :abandoned)
"""

DROP_LINES = """
DELETE FROM line_revision WHERE revision_id = :revision_id AND line_id IN (
    SELECT line_id FROM line_revision WHERE revision_id = :revision_id LIMIT :batch
)
"""

DROP_SCENES = """
DELETE FROM scene_revision WHERE revision_id = :revision_id AND scene_id IN (
    SELECT scene_id FROM scene_revision WHERE revision_id = :revision_id LIMIT :batch
)
"""

DROP_REVISION = "DELETE FROM revision WHERE id = :revision_id"


class Imports:
    """Where the library service writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def outline(self, owner: Owner, slug: str) -> Outline | None:
        """The ids and texts of a story as it stands, or None where there is none."""
        async with self._database.read() as tx:
            story = await tx.one(FIND_STORY, {"owner": owner, "slug": slug})
            if story is None or story["revision_id"] is None:
                return None
            values = {"revision_id": story["revision_id"]}
            chapters = await tx.all(OUTLINE_CHAPTERS, values)
            scenes = [
                (SceneId(scene_id), ChapterId(chapter_id), text)
                for scene_id, chapter_id, text in await tx.all(OUTLINE_SCENES, values)
            ]
            of_scene = {scene_id: text for scene_id, _, text in scenes}
            lines = StoredLines()
            last: int | None = None
            while rows := await tx.all(OUTLINE_LINES, {**values, "first": len(lines), "many": _LINES_AT_ONCE}):
                for line_id, scene_id, start, end in rows:
                    if scene_id != last:
                        last = scene_id
                        lines.texts.scene(of_scene[scene_id])
                    lines.ids.append(line_id)
                    lines.texts.add(start, end)
            return Outline(
                chapters=[(ChapterId(row["chapter_id"]), row["number"]) for row in chapters],
                scenes=scenes,
                lines=lines,
                revision=story["revision_id"],
            )

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
        """Store ``manuscript`` as the story's new revision, with the ids that ``kept`` names.

        Until the last step nobody sees anything of it; a process killed before leaves all as it was.

        Raises:
            Overtaken: another version was stored meanwhile; all is as that left it.
        """
        seconds = int(now.timestamp())
        async with self._database.write() as tx:
            story_id = StoryId(await _new_id(tx, ADD_STORY, owner=owner, slug=manuscript.slug, now=seconds))
            revision_id = await _new_id(
                tx,
                ADD_REVISION,
                story_id=story_id,
                title=manuscript.title,
                authors=json.dumps(manuscript.authors),
                rating=manuscript.rating,
                warnings=json.dumps(manuscript.warnings),
                language=manuscript.language,
                summary=manuscript.summary,
                source=manuscript.source,
                permission_source=manuscript.permission.source,
                permission_covers=manuscript.permission.covers,
                now=seconds,
            )
        done = _Share(2 * (len(kept.chapters) + len(kept.scenes) + len(kept.lines)), told)
        chapter_ids = await self._ids(ADD_CHAPTERS, story_id, kept.chapters, done)
        scene_ids = await self._ids(ADD_SCENES, story_id, kept.scenes, done)
        line_ids = await self._ids(ADD_LINES, story_id, kept.lines, done)
        await self._rows(ADD_CHAPTER_REVISION, _chapter_rows(manuscript, revision_id, chapter_ids), done)
        await self._rows(ADD_SCENE_REVISION, _scene_rows(manuscript, revision_id, chapter_ids, scene_ids), done)
        await self._rows(ADD_LINE_REVISION, _line_rows(manuscript, revision_id, scene_ids, line_ids), done)
        async with self._database.read() as tx:
            went = await moved(tx, story_id, kept.since, revision_id)
        async with self._database.write() as tx:
            known = await behind(tx, story_id)
            await tx.run(MARK_SHOWN, {"revision_id": revision_id})
            shown = {"story_id": story_id, "revision_id": revision_id, "since": kept.since}
            overtaken = not await tx.run(SHOW_REVISION, shown)
            if not overtaken:
                await settle(tx, kept, story_id, revision_id, scene_ids, went.held)
                held = [*parts_held(kept, scene_ids), *went.held]
                pieces = {scene_ids[number] for number in kept.pieces}
                await keep_places(tx, story_id, kept.since, revision_id, held, pieces)
                await note_inserted(tx, await behind(tx, story_id) - known, now)
                await note_grown(tx, story_id, went.grown, now)
                if corrections is not None:
                    await remember(tx, story_id, corrections)
                if stated is not None:
                    await remember_said(tx, story_id, stated)
                await tx.run(NEXT_LIBRARY_REVISION)
        await self.clear_stale(now)
        if overtaken:
            raise Overtaken
        return story_id

    async def clear_stale(self, now: datetime) -> None:
        """Delete revisions that nobody sees any more, a batch at a time."""
        abandoned = {"abandoned": int((now - _ABANDONED).timestamp())}
        async with self._database.read() as tx:
            stale = [row["id"] for row in await tx.all(STALE_REVISIONS, abandoned)]
        for revision_id in stale:
            for statement in (DROP_LINES, DROP_SCENES):
                deleted = _BATCH
                while deleted == _BATCH:
                    async with self._turn() as tx:
                        deleted = await tx.run(statement, {"revision_id": revision_id, "batch": _BATCH})
            async with self._database.write() as tx:
                await tx.run(DROP_REVISION, {"revision_id": revision_id})

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[Writing]:
        """One of many transactions in a row, and twice as long a pause after it.

        Another process that waits asks again from time to time only: without pauses it would seldom be lucky.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        async with self._database.write() as tx:
            yield tx
        await asyncio.sleep(2 * (loop.time() - begun))

    async def _ids(self, statement: str, story_id: StoryId, kept: Sequence[int | None], done: _Share) -> list[int]:
        """The kept ids, with new ones where there is none to keep."""
        ids: list[int] = []
        for batch in _batches(kept):
            # All in one statement: one by one they would keep other writers waiting.
            values = {"story_id": story_id, "slots": json.dumps([0] * batch.count(None))}
            async with self._turn() as tx:
                new = iter(sorted(row["id"] for row in await tx.all(statement, values)))
            ids.extend(known if known is not None else next(new) for known in batch)
            done.add(len(batch))
        return ids

    async def _rows(self, statement: str, rows: Iterable[dict[str, object]], done: _Share) -> None:
        batches = _batches(rows)
        # Made in a thread: the words of a long scene take longer to count than the event loop may wait.
        while batch := await asyncio.to_thread(next, batches, None):
            async with self._turn() as tx:
                await tx.many(statement, batch)
            done.add(len(batch))


class _Share:
    """How much of the work is done, told to whoever asked."""

    def __init__(self, total: int, told: Callable[[float], None] | None) -> None:
        self._total = max(1, total)
        self._told = told
        self._done = 0

    def add(self, count: int) -> None:
        self._done += count
        if self._told is not None:
            self._told(self._done / self._total)


async def _new_id(tx: Writing, statement: str, **values: object) -> int:
    row = await tx.one(statement, values)
    assert row is not None
    return int(row["id"])


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _chapter_rows(manuscript: Manuscript, revision_id: int, chapter_ids: Sequence[int]) -> Iterator[dict[str, object]]:
    for position, (chapter, chapter_id) in enumerate(zip(manuscript.chapters, chapter_ids, strict=True)):
        yield {
            "revision_id": revision_id,
            "chapter_id": chapter_id,
            "position": position,
            "number": chapter.number,
            "title": chapter.title,
            "date": chapter.date.isoformat() if chapter.date else None,
        }


def _scene_rows(
    manuscript: Manuscript, revision_id: int, chapter_ids: Sequence[int], scene_ids: Sequence[int]
) -> Iterator[dict[str, object]]:
    position = 0
    for chapter, chapter_id in zip(manuscript.chapters, chapter_ids, strict=True):
        for number, scene in enumerate(chapter.scenes, 1):
            yield {
                "revision_id": revision_id,
                "scene_id": scene_ids[position],
                "chapter_id": chapter_id,
                "position": position,
                "number": number,
                "marker": scene.marker,
                "text": scene.text,
                "emphasis": json.dumps(
                    [[e.start, e.end, int(e.italic), int(e.bold)] for e in scene.emphasis],
                    separators=(",", ":"),
                ),
                "words": words_in(scene.text),
            }
            position += 1


def _line_rows(
    manuscript: Manuscript, revision_id: int, scene_ids: Sequence[int], line_ids: Sequence[int]
) -> Iterator[dict[str, object]]:
    position = 0
    scenes = (scene for chapter in manuscript.chapters for scene in chapter.scenes)
    for scene, scene_id in zip(scenes, scene_ids, strict=True):
        for line in scene.lines:
            yield {
                "revision_id": revision_id,
                "line_id": line_ids[position],
                "scene_id": scene_id,
                "position": position,
                "start": line.start,
                "end": line.end,
                "quotable": int(line.quotable),
            }
            position += 1
