"""What became of scenes and lines that an import took out of their places.

All of it happens in the transaction that shows the new text, so that nobody sees one without the other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.services.library import Kept
from bot.storage.database import Reading, Writing
from bot.storage.moved import Held
from bot.storage.rules import id_list

_GUILDS = "SELECT DISTINCT x.guild_id FROM serial x WHERE x.story_id = :story_id"
"""The servers for which it matters what has been posted."""

_PAIRS = "SELECT json_extract(value, '$[0]') AS one, json_extract(value, '$[1]') AS other FROM json_each(:pairs)"

FORWARD_SCENES = f"""
UPDATE scene_alias SET scene_id = (SELECT p.other FROM ({_PAIRS}) p WHERE p.one = scene_alias.scene_id)
WHERE scene_id IN (SELECT p.one FROM ({_PAIRS}) p)
"""

ADD_SCENE_ALIASES = f"""
INSERT INTO scene_alias (alias_id, scene_id) SELECT p.one, p.other FROM ({_PAIRS}) p WHERE true
ON CONFLICT (alias_id) DO UPDATE SET scene_id = excluded.scene_id
"""

REVIVE_SCENES = """
DELETE FROM scene_alias
WHERE alias_id IN (SELECT sc.scene_id FROM scene_revision sc WHERE sc.revision_id = :revision_id)
"""

FORWARD_LINES = f"""
UPDATE line_alias SET line_id = (SELECT p.other FROM ({_PAIRS}) p WHERE p.one = line_alias.line_id)
WHERE line_id IN (SELECT p.one FROM ({_PAIRS}) p)
"""

ADD_LINE_ALIASES = f"""
INSERT INTO line_alias (alias_id, line_id) SELECT p.one, p.other FROM ({_PAIRS}) p WHERE true
ON CONFLICT (alias_id) DO UPDATE SET line_id = excluded.line_id
"""

REVIVE_LINES = """
DELETE FROM line_alias WHERE alias_id IN (SELECT l.line_id FROM line_revision l WHERE l.revision_id = :revision_id)
"""

SHOWN_OF_THESE = f"""
SELECT y.guild_id, y.scene_id FROM release y
WHERE y.guild_id IN ({_GUILDS}) AND y.scene_id IN (SELECT value FROM json_each(:scenes))
"""

OPEN_DROPS_OF_THESE = """
SELECT d.id AS drop_id, x.guild_id, w.scene_id
FROM serial x JOIN "drop" d ON d.serial_id = x.id AND d.state <> 'posted'
JOIN drop_release w ON w.drop_id = d.id
WHERE x.story_id = :story_id
"""

WITHHOLD = """
INSERT INTO withheld (guild_id, scene_id, part_id)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(:waiting) WHERE true
ON CONFLICT DO NOTHING
"""

TAKE_BACK = f"""
DELETE FROM release WHERE guild_id IN ({_GUILDS}) AND scene_id IN (SELECT h.one FROM ({_PAIRS}) h) AND EXISTS (
    SELECT 1 FROM withheld w WHERE w.guild_id = release.guild_id AND w.scene_id = release.scene_id
)
"""

TAKE_BACK_OPEN = f"""
DELETE FROM drop_release WHERE scene_id IN (SELECT h.one FROM ({_PAIRS}) h) AND EXISTS (
    SELECT 1 FROM "drop" o JOIN serial x ON x.id = o.serial_id AND x.story_id = :story_id
    JOIN withheld w ON w.guild_id = x.guild_id AND w.scene_id = drop_release.scene_id
    WHERE o.id = drop_release.drop_id AND o.state <> 'posted'
)
"""

RELEASE_PIECES = f"""
INSERT INTO release (guild_id, scene_id)
SELECT g.guild_id, p.one
FROM ({_GUILDS}) g JOIN ({_PAIRS}) p
GROUP BY g.guild_id, p.one
HAVING sum(NOT EXISTS (SELECT 1 FROM release z WHERE z.guild_id = g.guild_id AND z.scene_id = p.other)) = 0
ON CONFLICT DO NOTHING
"""

RELEASE_OPEN_PIECES = f"""
INSERT INTO drop_release (drop_id, scene_id)
SELECT d.id, p.one
FROM serial x JOIN "drop" d ON d.serial_id = x.id AND d.state <> 'posted'
JOIN ({_PAIRS}) p
WHERE x.story_id = :story_id
GROUP BY d.id, p.one
HAVING sum(
    NOT EXISTS (SELECT 1 FROM release z WHERE z.guild_id = x.guild_id AND z.scene_id = p.other)
    AND NOT EXISTS (SELECT 1 FROM drop_release a WHERE a.drop_id = d.id AND a.scene_id = p.other)
) = 0 AND sum(
    EXISTS (SELECT 1 FROM drop_release b WHERE b.drop_id = d.id AND b.scene_id = p.other)
) > 0
ON CONFLICT DO NOTHING
"""


async def settle(
    tx: Writing, kept: Kept, story_id: int, revision_id: int, scene_ids: Sequence[int], moved: Sequence[Held] = ()
) -> None:
    """Record what became of the stored scenes and lines.

    What has been posted stays shown, and nothing that has not been is shown with it: a piece of
    released scenes is released, and a scene that takes in text which a server has not been shown is
    withheld there until it has.

    Args:
        tx: the transaction that shows the new text.
        kept: how the new text was matched to the stored one.
        story_id: the story.
        revision_id: the new text's revision.
        scene_ids: the ids of its scenes in order.
        moved: which of them hold whole lines of others.
    """
    pieces = [(scene_ids[number], part) for number, part in kept.holds if number in kept.pieces]
    held = [*parts_held(kept, scene_ids), *moved]
    values: dict[str, object] = {"story_id": story_id, "revision_id": revision_id}
    # Pieces go first: what a scene that is about to be withheld was cut off has been shown.
    await _run(tx, (RELEASE_PIECES, RELEASE_OPEN_PIECES), pieces, values)
    if waiting := await _waiting(tx, story_id, held):
        await tx.run(WITHHOLD, {"waiting": json.dumps(sorted(waiting))})
        back = {(scene, part) for _, scene, part in waiting}
        await _run(tx, (TAKE_BACK, TAKE_BACK_OPEN), sorted(back), values)
    await _run(tx, (FORWARD_SCENES, ADD_SCENE_ALIASES, REVIVE_SCENES), kept.scene_aliases, values)
    await _run(tx, (FORWARD_LINES, ADD_LINE_ALIASES, REVIVE_LINES), kept.line_aliases, values)


def parts_held(kept: Kept, scene_ids: Sequence[int]) -> list[Held]:
    """Which scenes hold parts of others, as phrases tell it."""
    return [Held(scene_ids[number], frozenset([part])) for number, part in kept.holds]


async def _run(
    tx: Writing, statements: Sequence[str], pairs: Sequence[tuple[int, int]], values: dict[str, object]
) -> None:
    if pairs:
        for statement in statements:
            await tx.run(statement, {**values, "pairs": json.dumps(pairs)})


async def _waiting(tx: Reading, story_id: int, held: Sequence[Held]) -> set[tuple[int, int, int]]:
    """(server, scene, part): the scene was shown there, or is just being posted, and the part that it holds was not."""
    if not held:
        return set()
    shown: dict[int, set[int]] = {}
    scenes = {scene for one in held for scene in (one.scene, *one.stood, *one.stands)}
    for row in await tx.all(SHOWN_OF_THESE, {"story_id": story_id, "scenes": id_list(scenes)}):
        shown.setdefault(row["guild_id"], set()).add(row["scene_id"])
    posting: dict[tuple[int, int], set[int]] = {}
    for row in await tx.all(OPEN_DROPS_OF_THESE, {"story_id": story_id}):
        posting.setdefault((row["guild_id"], row["drop_id"]), set()).add(row["scene_id"])
    seen = [(guild, there, there) for guild, there in shown.items()]
    seen += [(guild, drop, drop | shown.get(guild, set())) for (guild, _), drop in posting.items()]
    return {
        (guild, one.scene, part)
        for guild, there, known in seen
        for one in held
        if one.scene in there
        for part in one.waits_for(known)
    }
