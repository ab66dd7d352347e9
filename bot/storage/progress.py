"""How far readers have come, where they want what lies behind it hidden."""

from __future__ import annotations

import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import itemgetter

from bot.domain.story import ChapterId, StoryId
from bot.services.progress import KeptLimit
from bot.storage.database import Database, Writing
from bot.storage.moved import Held

LIMIT = """
SELECT chapter_id FROM progress WHERE guild_id = :guild_id AND user_id = :user_id AND story_id = :story_id
"""

SET_LIMIT = """
INSERT INTO progress (guild_id, user_id, story_id, chapter_id) VALUES (:guild_id, :user_id, :story_id, :chapter_id)
ON CONFLICT (guild_id, user_id, story_id) DO UPDATE SET chapter_id = excluded.chapter_id
"""

_PLACE = """(
    SELECT k.position FROM story t JOIN chapter_revision k ON k.revision_id = t.revision_id
    WHERE t.id = progress.story_id AND k.chapter_id = {chapter}
)"""

MOVE_ON_LIMIT = f"""
{SET_LIMIT.strip()}
WHERE coalesce({_PLACE.format(chapter="progress.chapter_id")}, -1) < {_PLACE.format(chapter="excluded.chapter_id")}
"""

LIFT_LIMIT = """
DELETE FROM progress WHERE guild_id = :guild_id AND user_id = :user_id AND story_id = :story_id
"""

PLACES_KEPT = "SELECT DISTINCT chapter_id FROM progress WHERE story_id = :story_id AND chapter_id IS NOT NULL"

SCENES_IN_ORDER = """
SELECT c.chapter_id, sc.scene_id FROM chapter_revision c
JOIN scene_revision sc ON sc.revision_id = c.revision_id AND sc.chapter_id = c.chapter_id
WHERE c.revision_id = :revision_id ORDER BY sc.position
"""

KEEP_PLACES = """
UPDATE progress SET chapter_id = (
    SELECT json_extract(value, '$[1]') FROM json_each(:moves) WHERE json_extract(value, '$[0]') = progress.chapter_id
)
WHERE story_id = :story_id AND chapter_id IN (SELECT json_extract(value, '$[0]') FROM json_each(:moves))
"""


class ProgressRows:
    """The limit of every reader who keeps one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def limit(self, guild_id: int, user_id: int, story_id: StoryId) -> KeptLimit | None:
        """The one that a reader keeps for a story; None where they keep none."""
        async with self._database.read() as tx:
            row = await tx.one(LIMIT, {"guild_id": guild_id, "user_id": user_id, "story_id": story_id})
        if row is None:
            return None
        return KeptLimit(ChapterId(row["chapter_id"]) if row["chapter_id"] is not None else None)

    async def set_limit(
        self, guild_id: int, user_id: int, story_id: StoryId, chapter_id: ChapterId | None, *, only_on: bool
    ) -> None:
        """Keep a limit, or move it; ``only_on``: never back."""
        values = {"guild_id": guild_id, "user_id": user_id, "story_id": story_id, "chapter_id": chapter_id}
        async with self._database.write() as tx:
            if only_on:
                await tx.run(MOVE_ON_LIMIT, values)
            else:
                await tx.run(SET_LIMIT, values)

    async def lift(self, guild_id: int, user_id: int, story_id: StoryId) -> None:
        """Keep none any more."""
        async with self._database.write() as tx:
            await tx.run(LIFT_LIMIT, {"guild_id": guild_id, "user_id": user_id, "story_id": story_id})


async def keep_places(
    tx: Writing,
    story_id: int,
    former: int | None,
    revision_id: int,
    held: Sequence[Held] = (),
    pieces: AbstractSet[int] = frozenset(),
) -> None:
    """Let every reader's place in a story follow its new text, in the transaction that shows that.

    A place whose chapter is gone, or before which something stands now that was not read, moves back.

    Args:
        tx: the transaction.
        story_id: the story.
        former: the revision that the readers know; None: there was none.
        revision_id: the new one.
        held: which of its scenes hold what stood in others.
        pieces: those of its new scenes that are nothing but parts of others.
    """
    kept = [ChapterId(row["chapter_id"]) for row in await tx.all(PLACES_KEPT, {"story_id": story_id})]
    if not kept or former is None:
        return
    before = await _order(tx, former)
    after = await _order(tx, revision_id)
    moves = [(was, place_after(before, after, was, held, pieces)) for was in kept]
    # All at once: one by one, a place that was moved could be taken for one that was there.
    await tx.run(KEEP_PLACES, {"story_id": story_id, "moves": json.dumps(moves)})


def place_after(
    before: Sequence[tuple[int, int]],
    after: Sequence[tuple[int, int]],
    was: int,
    held: Sequence[Held] = (),
    pieces: AbstractSet[int] = frozenset(),
) -> int | None:
    """The chapter up to which somebody has read a new text who had read the former up to ``was``.

    Both texts are given as (chapter, scene) in order. It is the last chapter before the first that holds anything
    which they had not read, be it moved there or new; None where there is none.
    """
    chapters = list(dict.fromkeys(chapter for chapter, _ in before))
    read_chapters = set(chapters[: chapters.index(was) + 1]) if was in chapters else set[int]()
    read = {scene for chapter, scene in before if chapter in read_chapters}
    read -= {scene for chapter, scene in before if chapter not in read_chapters}
    spoilt = {one.scene for one in held if one.waits_for(read)}
    known = read | (pieces & {one.scene for one in held})
    last: int | None = None
    for chapter, scenes in groupby(after, key=itemgetter(0)):
        if any(scene in spoilt or scene not in known for _, scene in scenes):
            break
        last = chapter
    return last


async def _order(tx: Writing, revision_id: int) -> list[tuple[int, int]]:
    rows = await tx.all(SCENES_IN_ORDER, {"revision_id": revision_id})
    return [(row["chapter_id"], row["scene_id"]) for row in rows]
