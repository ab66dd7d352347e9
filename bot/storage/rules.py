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


def released(scene_id: str) -> str:
    """The condition that the server ``:guild_id`` has released the scene in that column."""
    return f"""(
    NOT {SERIALISED}
    OR EXISTS (SELECT 1 FROM release y WHERE y.guild_id = :guild_id AND y.scene_id = {scene_id})
)"""


def scope_values(scope: Scope) -> dict[str, object]:
    """The parameters of ``VISIBLE`` and ``released``."""
    return {"guild_id": scope.guild_id, "ratings": json.dumps(sorted(scope.ratings))}


def id_list(ids: Iterable[int]) -> str:
    """Ids for ``IN (SELECT value FROM json_each(:ids))``, however many."""
    return json.dumps(list(ids))
