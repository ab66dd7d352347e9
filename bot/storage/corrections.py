"""The corrections of scene breaks that a story's imports are to keep."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.corrections import Correction, CorrectionKind
from bot.domain.story import Owner, StoryId
from bot.storage.database import Database, Writing

CORRECTIONS = """
SELECT c.file, c.kind, c."before", c."after", c.occurrence FROM correction c
JOIN story s ON s.id = c.story_id
WHERE s.owner = :owner AND s.slug = :slug ORDER BY c.id
"""

FORGET_CORRECTIONS = "DELETE FROM correction WHERE story_id = :story_id"

REMEMBER_CORRECTION = """
INSERT INTO correction (story_id, file, kind, "before", "after", occurrence)
VALUES (:story_id, :file, :kind, :before, :after, :occurrence)
ON CONFLICT (story_id, "before", "after", occurrence) DO UPDATE SET kind = excluded.kind, file = excluded.file
"""


async def remember(tx: Writing, story_id: StoryId, corrections: Sequence[Correction]) -> None:
    """Replace a story's corrections; a later one wins over an earlier of the same place.

    Args:
        tx: the transaction that shows the text that they were made on, so that neither is without the other.
        story_id: the story.
        corrections: all that hold from now on.
    """
    await tx.run(FORGET_CORRECTIONS, {"story_id": story_id})
    await tx.many(
        REMEMBER_CORRECTION,
        [
            {
                "story_id": story_id,
                "file": correction.file,
                "kind": correction.kind,
                "before": correction.before,
                "after": correction.after,
                "occurrence": correction.occurrence,
            }
            for correction in corrections
        ],
    )


class CorrectionRows:
    """Where the proofs look up what is remembered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def corrections(self, owner: Owner, slug: str) -> list[Correction]:
        """Those of a story, in the order in which they were first said."""
        async with self._database.read() as tx:
            rows = await tx.all(CORRECTIONS, {"owner": owner, "slug": slug})
        return [
            Correction(CorrectionKind(row["kind"]), row["file"], row["before"], row["after"], row["occurrence"])
            for row in rows
        ]
