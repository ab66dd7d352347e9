-- Scenes and lines that were merged into others, and what that means for what has been shown.
--
-- A scene that an author joins to another one loses its place, but marks, messages and buttons go on
-- naming it: its alias leads them to the scene in which its text stands now. Aliases never form
-- chains: every one names a text that stood when it was last touched.

CREATE TABLE scene_alias (
    alias_id INTEGER PRIMARY KEY REFERENCES scene (id) ON DELETE CASCADE,
    scene_id INTEGER NOT NULL REFERENCES scene (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX scene_alias_scene ON scene_alias (scene_id);

CREATE TABLE line_alias (
    alias_id INTEGER PRIMARY KEY REFERENCES line (id) ON DELETE CASCADE,
    line_id INTEGER NOT NULL REFERENCES line (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX line_alias_line ON line_alias (line_id);

-- What a drop releases when it is finished: the scenes that were written down for it, and pieces
-- that were split off them while it was under way.
CREATE TABLE drop_release (
    drop_id INTEGER NOT NULL REFERENCES "drop" (id) ON DELETE CASCADE,
    scene_id INTEGER NOT NULL REFERENCES scene (id) ON DELETE CASCADE,
    PRIMARY KEY (drop_id, scene_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drop_release_scene ON drop_release (scene_id);
INSERT INTO drop_release (drop_id, scene_id)
SELECT DISTINCT m.drop_id, m.scene_id FROM drop_message m
JOIN "drop" d ON d.id = m.drop_id
WHERE m.scene_id IS NOT NULL AND d.state <> 'posted';

-- A scene that a server had been shown, and that has since taken in text of one that it had not: it
-- is released again once that one is, or once it has been posted itself.
CREATE TABLE withheld (
    guild_id INTEGER NOT NULL,
    scene_id INTEGER NOT NULL REFERENCES scene (id) ON DELETE CASCADE,
    part_id INTEGER NOT NULL REFERENCES scene (id) ON DELETE CASCADE,
    PRIMARY KEY (guild_id, scene_id, part_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX withheld_part ON withheld (guild_id, part_id);
