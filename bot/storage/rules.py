"""The gate's rule as SQL, for statements that must look for what is allowed.

It narrows what is fetched; ``bot.domain.access`` still judges every row before it is shown. Statements
that use these name the story ``s`` and its present revision ``r``, and take ``scope_values``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.domain.access import Scope

PRESENT_STORY = "story s JOIN revision r ON r.id = s.revision_id"

VISIBLE = """(
    s.withdrawn_at IS NULL AND s.owner IN (0, :guild_id)
    AND r.rating IN (SELECT value FROM json_each(:ratings))
)"""

SERIALISED = "EXISTS (SELECT 1 FROM serial x WHERE x.guild_id = :guild_id AND x.story_id = s.id)"


UNREAD = """
SELECT t.id AS story_id, v.scene_id FROM progress g
JOIN story t ON t.id = g.story_id
JOIN chapter_revision k ON k.revision_id = t.revision_id AND k.position > coalesce((
    SELECT l.position FROM chapter_revision l WHERE l.revision_id = t.revision_id AND l.chapter_id = g.chapter_id
), -1)
JOIN scene_revision v ON v.revision_id = k.revision_id AND v.chapter_id = k.chapter_id
WHERE g.guild_id = :guild_id AND g.user_id = :reader
"""
# The scenes behind the place up to which the reader ":reader" wants to be shown a story; nobody's where NULL.
# All of them where that chapter stands no more.


def released(scene_id: str) -> str:
    """The condition that the scene in that column may be shown: the server ``:guild_id`` has released it, and it
    does not lie behind what the reader ``:reader`` has read; or they look ahead.
    """
    return f"""(:ahead OR (
    (NOT {SERIALISED} OR EXISTS (SELECT 1 FROM release y WHERE y.guild_id = :guild_id AND y.scene_id = {scene_id}))
    AND {scene_id} NOT IN (SELECT w.scene_id FROM ({UNREAD}) w)
))"""


def scope_values(scope: Scope) -> dict[str, object]:
    """The parameters of ``VISIBLE`` and ``released``."""
    return {
        "guild_id": scope.guild_id,
        "ratings": json.dumps(sorted(scope.ratings)),
        "reader": scope.reader,
        "ahead": int(scope.ahead),
    }


def id_list(ids: Iterable[int]) -> str:
    """Ids for ``IN (SELECT value FROM json_each(:ids))``, however many."""
    return json.dumps(list(ids))
