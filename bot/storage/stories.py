"""Stories as readers meet them: the shelf, lines and their surroundings, chapters."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from sqlite3 import Row

from bot.domain.access import Released, Scope, Terms
from bot.domain.passages import (
    Heading,
    ListedChapter,
    Passage,
    StoredChapter,
    StoredScene,
    StoryCard,
    cut_emphasis,
)
from bot.domain.story import (
    ChapterId,
    Emphasis,
    LineId,
    Owner,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    SceneId,
    StoryId,
)
from bot.storage.database import Database, Reading
from bot.storage.release import released_by_story
from bot.storage.rules import PRESENT_STORY, VISIBLE, id_list, released, scope_values

TERMS_COLUMNS = "s.owner, s.withdrawn_at, r.rating"

HEADING_COLUMNS = """s.id AS story_id, r.title AS story_title, r.authors,
    c.chapter_id, c.number AS chapter_number, c.title AS chapter_title,
    sc.scene_id, sc.number AS scene_number"""

SCENE_JOIN = """JOIN scene_revision sc ON sc.revision_id = r.id
    JOIN chapter_revision c ON c.revision_id = r.id AND c.chapter_id = sc.chapter_id"""

SHELF = f"""
SELECT s.id, s.slug, r.title, r.authors, r.warnings, r.summary, r.language, r.source,
    r.permission_source, r.permission_covers, {TERMS_COLUMNS},
    count(DISTINCT sc.chapter_id) AS chapters, coalesce(sum(sc.words), 0) AS words
FROM {PRESENT_STORY}
LEFT JOIN scene_revision sc ON sc.revision_id = r.id AND {released("sc.scene_id")}
WHERE {VISIBLE}
GROUP BY s.id
ORDER BY r.title COLLATE NOCASE, s.id
"""

ALLOWED_STORIES = f"""
SELECT s.id
FROM {PRESENT_STORY}
WHERE {VISIBLE} AND (:story_id IS NULL OR s.id = :story_id)
"""

STANDING_SCENES = f"""
SELECT s.id AS story_id, sc.scene_id
FROM {PRESENT_STORY}
JOIN scene_revision sc ON sc.revision_id = r.id
WHERE s.id IN (SELECT value FROM json_each(:story_ids))
"""

LINES = f"""
SELECT w.value AS asked_id, l.line_id, l.position AS line_position, l."start", l."end", sc.text, sc.emphasis,
    r.warnings, {HEADING_COLUMNS}, {TERMS_COLUMNS}
FROM json_each(:ids) w
LEFT JOIN line_alias a ON a.alias_id = w.value
JOIN line n ON n.id = coalesce(a.line_id, w.value)
JOIN story s ON s.id = n.story_id
JOIN revision r ON r.id = s.revision_id
JOIN line_revision l ON l.revision_id = r.id AND l.line_id = n.id
{SCENE_JOIN} AND sc.scene_id = l.scene_id
"""

NEIGHBOURS = """
SELECT min(l."start") AS "start", max(l."end") AS "end"
FROM line_revision l
WHERE l.revision_id = (SELECT s.revision_id FROM story s WHERE s.id = :story_id)
    AND l.scene_id = :scene_id AND l.position BETWEEN :first AND :last
"""

CHAPTERS = f"""
SELECT c.chapter_id, c.position, c.number, c.title, c.date, s.id AS story_id, r.title AS story_title,
    r.authors, r.warnings, {TERMS_COLUMNS}
FROM chapter n
JOIN story s ON s.id = n.story_id
JOIN revision r ON r.id = s.revision_id
JOIN chapter_revision c ON c.revision_id = r.id AND c.chapter_id = n.id
WHERE n.id = :chapter_id
"""

CHAPTER_SCENES = """
SELECT sc.scene_id, sc.text, sc.emphasis, (
    SELECT json_group_array(l."end") FROM (
        SELECT l."end" FROM line_revision l
        WHERE l.revision_id = sc.revision_id AND l.scene_id = sc.scene_id ORDER BY l.position
    ) l
) AS line_ends
FROM scene_revision sc
WHERE sc.revision_id = (SELECT s.revision_id FROM story s WHERE s.id = :story_id)
    AND sc.chapter_id = :chapter_id
ORDER BY sc.position
"""

LISTED_CHAPTERS = f"""
SELECT c.chapter_id, c.number, c.title, sc.scene_id, sc.words, {TERMS_COLUMNS}
FROM {PRESENT_STORY}
JOIN chapter_revision c ON c.revision_id = r.id
JOIN scene_revision sc ON sc.revision_id = r.id AND sc.chapter_id = c.chapter_id
WHERE s.id = :story_id
ORDER BY c.position, sc.position
"""

STORY_OF = "SELECT story_id FROM chapter WHERE id = :chapter_id"

LIBRARY_REVISION = "SELECT revision FROM library"

PRESENT_REVISIONS = (
    "SELECT id, revision_id FROM story WHERE withdrawn_at IS NULL AND revision_id IS NOT NULL ORDER BY id"
)

SOME_SCENES = """
SELECT sc.scene_id, sc.text FROM scene_revision sc
WHERE sc.revision_id = :revision_id AND sc.position >= :first AND sc.position < :first + :many
ORDER BY sc.position
"""

# A cross join is made in the order in which it is written: the other way round all lines would be read each time.
LINES_OF_SCENES = """
SELECT l.line_id, l.scene_id, l."start", l."end"
FROM scene_revision sc
CROSS JOIN line_revision l ON l.revision_id = sc.revision_id AND l.scene_id = sc.scene_id
WHERE sc.revision_id = :revision_id AND sc.position >= :first AND sc.position < :first + :many
ORDER BY sc.position, l.position
"""

_SCENES_AT_ONCE = 64


class Stories:
    """Reads stories at their present revision."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def shelf(self, scope: Scope) -> list[StoryCard]:
        """The stories that a place may know of, by title; counted over released scenes only."""
        async with self._database.read() as tx:
            return [_card(row) for row in await tx.all(SHELF, scope_values(scope))]

    async def passages(
        self, scope: Scope, line_ids: Sequence[LineId], *, before: int = 0, after: int = 0
    ) -> list[tuple[Passage, Released]]:
        """Those of the lines that still stand, in the order asked, each with its surroundings.

        ``before`` and ``after`` count lines of the same scene. Nothing is filtered: the gate judges
        by the terms and the release that come with each.
        """
        async with self._database.read() as tx:
            rows = {row["asked_id"]: row for row in await tx.all(LINES, {"ids": id_list(line_ids)})}
            release = await released_by_story(tx, scope, {row["story_id"] for row in rows.values()})
            found: list[tuple[Passage, Released]] = []
            for line_id in line_ids:
                if (row := rows.get(line_id)) is None:
                    continue
                start, end = row["start"], row["end"]
                if before or after:
                    span = await tx.one(
                        NEIGHBOURS,
                        {
                            "story_id": row["story_id"],
                            "scene_id": row["scene_id"],
                            "first": row["line_position"] - before,
                            "last": row["line_position"] + after,
                        },
                    )
                    if span is not None:
                        start, end = span["start"], span["end"]
                passage = Passage(
                    heading=heading(row),
                    text=row["text"][start:end],
                    emphasis=cut_emphasis(_emphasis(row["emphasis"]), start, end),
                    focus=(row["start"] - start, row["end"] - start),
                    line_id=LineId(row["line_id"]),
                    terms=terms(row),
                    warnings=tuple(json.loads(row["warnings"])),
                )
                found.append((passage, release[StoryId(row["story_id"])]))
            return found

    async def chapter(self, chapter_id: ChapterId) -> StoredChapter | None:
        """A chapter as it stands now, or None where it stands no more."""
        async with self._database.read() as tx:
            row = await tx.one(CHAPTERS, {"chapter_id": chapter_id})
            if row is None:
                return None
            scenes = await tx.all(CHAPTER_SCENES, {"story_id": row["story_id"], "chapter_id": chapter_id})
            return StoredChapter(
                id=chapter_id,
                story_id=StoryId(row["story_id"]),
                story_title=row["story_title"],
                authors=tuple(json.loads(row["authors"])),
                warnings=tuple(json.loads(row["warnings"])),
                number=row["number"],
                title=row["title"],
                date=date.fromisoformat(row["date"]) if row["date"] else None,
                scenes=tuple(
                    StoredScene(
                        id=SceneId(scene["scene_id"]),
                        text=scene["text"],
                        emphasis=_emphasis(scene["emphasis"]),
                        line_ends=tuple(json.loads(scene["line_ends"])),
                    )
                    for scene in scenes
                ),
                terms=terms(row),
            )

    async def chapters(self, scope: Scope, story_id: StoryId) -> list[tuple[ListedChapter, Released]]:
        """The chapters of a story as it stands, in order. Nothing is filtered: the gate judges each."""
        async with self._database.read() as tx:
            rows = await tx.all(LISTED_CHAPTERS, {"story_id": story_id})
            release = await released_by_story(tx, scope, [story_id])
        return [
            (
                ListedChapter(
                    id=ChapterId(chapter_id),
                    story_id=story_id,
                    number=scenes[0]["number"],
                    title=scenes[0]["title"],
                    words=sum(scene["words"] for scene in scenes),
                    scenes=tuple(SceneId(scene["scene_id"]) for scene in scenes),
                    terms=terms(scenes[0]),
                ),
                release[story_id],
            )
            for chapter_id, scenes in (
                (chapter_id, list(group)) for chapter_id, group in groupby(rows, key=lambda row: row["chapter_id"])
            )
        ]

    async def story_of(self, chapter_id: ChapterId) -> StoryId | None:
        """The story that a chapter stands in, or stood in."""
        async with self._database.read() as tx:
            row = await tx.one(STORY_OF, {"chapter_id": chapter_id})
            return StoryId(row["story_id"]) if row else None

    async def allowed(self, scope: Scope, story_id: StoryId | None) -> tuple[frozenset[StoryId], frozenset[SceneId]]:
        """What may be looked through: whole stories, and single scenes of serialised ones."""
        async with self._database.read() as tx:
            rows = await tx.all(ALLOWED_STORIES, {**scope_values(scope), "story_id": story_id})
            release = await released_by_story(tx, scope, [row["id"] for row in rows])
            whole = frozenset(story for story, r in release.items() if r.everything and not r.unread)
            partly = await tx.all(STANDING_SCENES, {"story_ids": id_list(release.keys() - whole)})
            return whole, frozenset(
                SceneId(row["scene_id"]) for row in partly if release[row["story_id"]].includes(row["scene_id"])
            )

    async def revision(self) -> int:
        """A number that changes with every change of what can be looked up, and never comes back."""
        async with self._database.read() as tx:
            return await _revision(tx)

    @asynccontextmanager
    async def view(self) -> AsyncIterator[View]:
        """Everything that can be looked up, as it stands now and until the block ends."""
        async with self._database.read() as tx:
            revision = await _revision(tx)
            rows = await tx.all(PRESENT_REVISIONS)
            yield View(tx, revision, {StoryId(row["id"]): row["revision_id"] for row in rows})


@dataclass(frozen=True, slots=True)
class View:
    """The library at one moment."""

    _tx: Reading
    revision: int
    """Of the library; see ``Stories.revision``."""
    stories: Mapping[StoryId, int]
    """The revision of each story that is not withdrawn."""

    async def scenes(self, story_id: StoryId) -> AsyncIterator[list[tuple[SceneId, list[LineId], list[str]]]]:
        """A story's scenes in order, some at a time, with the ids and texts of their lines."""
        values = {"revision_id": self.stories[story_id], "first": 0, "many": _SCENES_AT_ONCE}
        while rows := await self._tx.all(SOME_SCENES, values):
            texts = {row["scene_id"]: row["text"] for row in rows}
            found: dict[int, tuple[SceneId, list[LineId], list[str]]] = {
                scene: (SceneId(scene), [], []) for scene in texts
            }
            for line_id, scene_id, start, end in await self._tx.all(LINES_OF_SCENES, values):
                _, ids, lines = found[scene_id]
                ids.append(LineId(line_id))
                lines.append(texts[scene_id][start:end])
            yield list(found.values())
            values["first"] += _SCENES_AT_ONCE


def terms(row: Row) -> Terms:
    """The terms in a row that holds ``TERMS_COLUMNS``."""
    return Terms(Owner(row["owner"]), Rating(row["rating"]), row["withdrawn_at"] is not None)


def heading(row: Row) -> Heading:
    """The heading in a row that holds ``HEADING_COLUMNS``."""
    return Heading(
        story_id=StoryId(row["story_id"]),
        story_title=row["story_title"],
        authors=tuple(json.loads(row["authors"])),
        chapter_id=ChapterId(row["chapter_id"]),
        chapter_number=row["chapter_number"],
        chapter_title=row["chapter_title"],
        scene_id=SceneId(row["scene_id"]),
        scene_number=row["scene_number"],
    )


def _card(row: Row) -> StoryCard:
    return StoryCard(
        id=StoryId(row["id"]),
        slug=row["slug"],
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        warnings=tuple(json.loads(row["warnings"])),
        summary=row["summary"],
        language=row["language"],
        source=row["source"],
        permission=Permission(PermissionFrom(row["permission_source"]), PermissionFor(row["permission_covers"])),
        chapters=row["chapters"],
        words=row["words"],
        terms=terms(row),
    )


def _emphasis(stored: str) -> tuple[Emphasis, ...]:
    return tuple(Emphasis(start, end, bool(i), bool(b)) for start, end, i, b in json.loads(stored))


async def _revision(tx: Reading) -> int:
    row = await tx.one(LIBRARY_REVISION)
    return int(row["revision"]) if row else 0
