"""What persons said of stories, for later imports to keep."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.stated import Stated
from bot.domain.story import Owner, PermissionFor, PermissionFrom, Rating, StoryId
from bot.storage.database import Database, Writing

SAID = """
SELECT d.field, d.value FROM said d
JOIN story s ON s.id = d.story_id
WHERE s.owner = :owner AND s.slug = :slug
"""

FORGET_SAID = "DELETE FROM said WHERE story_id = :story_id"

REMEMBER_SAID = "INSERT INTO said (story_id, field, value) VALUES (:story_id, :field, :value)"

_KINDS = {
    "authors": tuple,
    "warnings": tuple,
    "rating": Rating,
    "permission_from": PermissionFrom,
    "permission_for": PermissionFor,
}


async def remember_said(tx: Writing, story_id: StoryId, stated: Stated) -> None:
    """Replace what was said of a story.

    Args:
        tx: the transaction that shows the text of which it was said, so that neither is without the other.
        story_id: the story.
        stated: all that holds from now on.
    """
    await tx.run(FORGET_SAID, {"story_id": story_id})
    await tx.many(
        REMEMBER_SAID,
        [{"story_id": story_id, "field": field, "value": json.dumps(value)} for field, value in stated.said().items()],
    )


class StatedRows:
    """Where the proofs look up what was said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stated(self, owner: Owner, slug: str) -> Stated:
        """What was said of a story; nothing where there is none."""
        async with self._database.read() as tx:
            rows = await tx.all(SAID, {"owner": owner, "slug": slug})
        said: dict[str, Any] = {row["field"]: json.loads(row["value"]) for row in rows}
        return Stated(**{field: _KINDS.get(field, str)(value) for field, value in said.items()})
