-- What moderators have set for their server, who changed it, what readers do not want to be shown yet,
-- what moderators are to be told, and which serials they have ended.

CREATE TABLE setting (
    guild_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,             -- JSON
    PRIMARY KEY (guild_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting_change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT,                      -- JSON; NULL: back to what holds where nobody has set anything
    user_id INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX setting_change_guild ON setting_change (guild_id, id);

-- How far a reader has come in a story. What lies behind it is kept from what they alone are shown.
CREATE TABLE progress (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    chapter_id INTEGER REFERENCES chapter (id),  -- the last one that was read; NULL: none
    PRIMARY KEY (guild_id, user_id, story_id)
) STRICT, WITHOUT ROWID;

-- Written in the transaction of what it tells of, sent afterwards, so that nothing goes untold.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    key TEXT NOT NULL,               -- names its sentence
    fields TEXT NOT NULL,            -- JSON object: the sentence's fields
    sending_at INTEGER,              -- when it was first tried
    told_at INTEGER,                 -- NULL while it waits
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_waiting ON notice (guild_id) WHERE told_at IS NULL;

-- When moderators ended a serial: it posts no more, and its story stays held back beyond what was released.
-- It rests meanwhile; to start the same story there anew takes it up where it stopped.
ALTER TABLE serial ADD COLUMN ended_at INTEGER;
