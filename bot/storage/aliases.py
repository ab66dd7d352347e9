"""What became of scenes and lines that an import took out of their places.

All of it happens in the transaction that shows the new text, so that nobody sees one without the other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.services.library import Kept
from bot.storage.database import Writing

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

WITHHOLD = f"""
INSERT INTO withheld (guild_id, scene_id, part_id)
SELECT g.guild_id, h.one, h.other
FROM ({_GUILDS}) g JOIN ({_PAIRS}) h
JOIN release y ON y.guild_id = g.guild_id AND y.scene_id = h.one
WHERE NOT EXISTS (SELECT 1 FROM release z WHERE z.guild_id = g.guild_id AND z.scene_id = h.other)
ON CONFLICT DO NOTHING
"""

WITHHOLD_OPEN = f"""
INSERT INTO withheld (guild_id, scene_id, part_id)
SELECT x.guild_id, h.one, h.other
FROM serial x JOIN "drop" d ON d.serial_id = x.id AND d.state <> 'posted'
JOIN ({_PAIRS}) h JOIN drop_release w ON w.drop_id = d.id AND w.scene_id = h.one
WHERE x.story_id = :story_id
    AND NOT EXISTS (SELECT 1 FROM release z WHERE z.guild_id = x.guild_id AND z.scene_id = h.other)
    AND NOT EXISTS (SELECT 1 FROM drop_release o WHERE o.drop_id = d.id AND o.scene_id = h.other)
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


async def settle(tx: Writing, kept: Kept, story_id: int, revision_id: int, scene_ids: Sequence[int]) -> None:
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
    """
    pieces = [(scene_ids[number], part) for number, part in kept.holds if number in kept.pieces]
    held = [(scene_ids[number], part) for number, part in kept.holds if kept.scenes[number] is not None]
    # Pieces go first: what a scene that is about to be withheld was cut off has been shown.
    for statements, pairs in (
        ((RELEASE_PIECES, RELEASE_OPEN_PIECES), pieces),
        ((WITHHOLD, WITHHOLD_OPEN, TAKE_BACK, TAKE_BACK_OPEN), held),
        ((FORWARD_SCENES, ADD_SCENE_ALIASES, REVIVE_SCENES), kept.scene_aliases),
        ((FORWARD_LINES, ADD_LINE_ALIASES, REVIVE_LINES), kept.line_aliases),
    ):
        if pairs:
            values = {"pairs": json.dumps(list(pairs)), "story_id": story_id, "revision_id": revision_id}
            for statement in statements:
                await tx.run(statement, values)
