"""Turns a stored story back into the manuscript that it was stored from."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from sqlite3 import Row

from bot.domain.story import (
    Chapter,
    Emphasis,
    Line,
    Manuscript,
    Owner,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    Scene,
)
from bot.storage.database import Database

STORED_STORY = """
SELECT r.id, s.slug, r.title, r.authors, r.rating, r.warnings, r.language, r.summary, r.source,
    r.permission_source, r.permission_covers
FROM story s JOIN revision r ON r.id = s.revision_id
WHERE s.owner = :owner AND s.slug = :slug
"""

STORED_CHAPTERS = """
SELECT c.chapter_id, c.number, c.title, c.date FROM chapter_revision c
WHERE c.revision_id = :revision_id ORDER BY c.position
"""

STORED_SCENES = """
SELECT sc.scene_id, sc.chapter_id, sc.marker, sc.text, sc.emphasis FROM scene_revision sc
WHERE sc.revision_id = :revision_id ORDER BY sc.position
"""

STORED_LINES = """
SELECT l.scene_id, l."start", l."end", l.quotable FROM line_revision l
WHERE l.revision_id = :revision_id ORDER BY l.position
"""

STORED_SLUGS = "SELECT slug FROM story WHERE owner = :owner AND revision_id IS NOT NULL ORDER BY slug"


class StoredManuscripts:
    """Reads whole stories; what was set aside and what was doubtful is not kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def manuscript(self, owner: Owner, slug: str) -> Manuscript | None:
        """A story as it stands, or None where there is none. Storing it again keeps every id."""
        async with self._database.read() as tx:
            story = await tx.one(STORED_STORY, {"owner": owner, "slug": slug})
            if story is None:
                return None
            values = {"revision_id": story["id"]}
            chapters = await tx.all(STORED_CHAPTERS, values)
            scenes = await tx.all(STORED_SCENES, values)
            lines = await tx.all(STORED_LINES, values)
        # The rows of a novel are more than the event loop may wait for.
        return replace(_about(story), chapters=await asyncio.to_thread(_chapters, chapters, scenes, lines))

    async def about(self, owner: Owner, slug: str) -> Manuscript | None:
        """What is known of a story, without its chapters; None where there is none."""
        async with self._database.read() as tx:
            story = await tx.one(STORED_STORY, {"owner": owner, "slug": slug})
        return _about(story) if story is not None else None

    async def slugs(self, owner: Owner) -> list[str]:
        """The names of all stories of one owner."""
        async with self._database.read() as tx:
            return [row["slug"] for row in await tx.all(STORED_SLUGS, {"owner": owner})]


def _chapters(chapters: Iterable[Row], scenes: Iterable[Row], line_rows: Iterable[Row]) -> tuple[Chapter, ...]:
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for row in line_rows:
        lines[row["scene_id"]].append(Line(row["start"], row["end"], bool(row["quotable"])))
    inside: defaultdict[int, list[Scene]] = defaultdict(list)
    for row in scenes:
        inside[row["chapter_id"]].append(
            Scene(
                text=row["text"],
                lines=tuple(lines[row["scene_id"]]),
                emphasis=tuple(
                    Emphasis(start, end, bool(italic), bool(bold))
                    for start, end, italic, bold in json.loads(row["emphasis"])
                ),
                marker=row["marker"],
            )
        )
    return tuple(
        Chapter(
            number=row["number"],
            title=row["title"],
            date=date.fromisoformat(row["date"]) if row["date"] else None,
            scenes=tuple(inside[row["chapter_id"]]),
        )
        for row in chapters
    )


def _about(story: Row) -> Manuscript:
    return Manuscript(
        slug=story["slug"],
        title=story["title"],
        chapters=(),
        authors=tuple(json.loads(story["authors"])),
        rating=Rating(story["rating"]),
        warnings=tuple(json.loads(story["warnings"])),
        language=story["language"],
        summary=story["summary"],
        source=story["source"],
        permission=Permission(PermissionFrom(story["permission_source"]), PermissionFor(story["permission_covers"])),
    )
