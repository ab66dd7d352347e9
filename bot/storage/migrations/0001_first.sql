-- The whole way through: stories, what has been shown and released, serials and drops, marks.
--
-- A story's text belongs to a revision. An import writes its rows under a new revision that nobody
-- sees, then moves story.revision_id to it in one short transaction. chapter, scene and line hold
-- identity only, so that what refers to them (marks, drops, rounds) survives a re-import.
-- Times are seconds since 1970 UTC. Discord ids are INTEGER. owner 0 is the operator.

CREATE TABLE story (
    id INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL,
    slug TEXT NOT NULL,
    revision_id INTEGER REFERENCES revision (id),
    withdrawn_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (owner, slug)
) STRICT;

CREATE TABLE revision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    authors TEXT NOT NULL,           -- JSON list
    rating TEXT NOT NULL CHECK (rating IN ('general', 'teen', 'mature', 'explicit', 'unrated')),
    warnings TEXT NOT NULL,          -- JSON list
    language TEXT NOT NULL,
    summary TEXT NOT NULL,
    source TEXT NOT NULL,
    permission_source TEXT NOT NULL,
    permission_covers TEXT NOT NULL,
    -- 0 while its import is under way, perhaps in another process: not to be cleared away
    was_shown INTEGER NOT NULL DEFAULT 0 CHECK (was_shown IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revision_story ON revision (story_id);

CREATE TABLE chapter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX chapter_story ON chapter (story_id);

CREATE TABLE scene (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX scene_story ON scene (story_id);

CREATE TABLE line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX line_story ON line (story_id);

CREATE TABLE chapter_revision (
    revision_id INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    chapter_id INTEGER NOT NULL REFERENCES chapter (id),
    position INTEGER NOT NULL,       -- 0-based within the story
    number INTEGER NOT NULL,
    title TEXT,
    date TEXT,                       -- ISO 8601 day in the story
    PRIMARY KEY (revision_id, chapter_id),
    UNIQUE (revision_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE scene_revision (
    revision_id INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    scene_id INTEGER NOT NULL REFERENCES scene (id),
    chapter_id INTEGER NOT NULL,
    position INTEGER NOT NULL,       -- 0-based within the story
    number INTEGER NOT NULL,         -- 1-based within the chapter
    marker TEXT NOT NULL,            -- the break that stood before it
    text TEXT NOT NULL,
    emphasis TEXT NOT NULL,          -- JSON list of [start, end, italic, bold]
    words INTEGER NOT NULL,
    PRIMARY KEY (revision_id, scene_id),
    UNIQUE (revision_id, position)
) STRICT;
CREATE INDEX scene_revision_chapter ON scene_revision (revision_id, chapter_id, position);

CREATE TABLE line_revision (
    revision_id INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    line_id INTEGER NOT NULL REFERENCES line (id),
    scene_id INTEGER NOT NULL,
    position INTEGER NOT NULL,       -- 0-based within the story
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quotable INTEGER NOT NULL CHECK (quotable IN (0, 1)),
    PRIMARY KEY (revision_id, line_id),
    UNIQUE (revision_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_revision_scene ON line_revision (revision_id, scene_id, position);

-- The lines that a server has been shown in this round of quotes.
CREATE TABLE shown (
    guild_id INTEGER NOT NULL,
    line_id INTEGER NOT NULL REFERENCES line (id) ON DELETE CASCADE,
    PRIMARY KEY (guild_id, line_id)
) STRICT, WITHOUT ROWID;

-- A story that has, or had, a serial in a server shows there only the scenes named in "release".
CREATE TABLE serial (
    id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    every TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    next_due INTEGER,                -- NULL while it rests
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'resting')),
    reason TEXT,                     -- why it is paused, as a key of the sentences
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (story_id, channel_id)
) STRICT;
CREATE INDEX serial_due ON serial (next_due) WHERE state = 'active';
CREATE INDEX serial_guild ON serial (guild_id, story_id);

CREATE TABLE release (
    guild_id INTEGER NOT NULL,
    scene_id INTEGER NOT NULL REFERENCES scene (id) ON DELETE CASCADE,
    PRIMARY KEY (guild_id, scene_id)
) STRICT, WITHOUT ROWID;

-- UNIQUE (serial_id, chapter_id) is the promise that a chapter drops once.
CREATE TABLE "drop" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    serial_id INTEGER NOT NULL REFERENCES serial (id) ON DELETE CASCADE,
    chapter_id INTEGER NOT NULL REFERENCES chapter (id),
    position INTEGER NOT NULL,       -- the chapter's place in the story when it was planned
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('posting', 'paused', 'posted')),
    lease_owner TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0,
    posted_at INTEGER,
    UNIQUE (serial_id, chapter_id)
) STRICT;
CREATE INDEX drop_open ON "drop" (lease_until) WHERE state = 'posting';

CREATE TABLE drop_message (
    drop_id INTEGER NOT NULL REFERENCES "drop" (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    scene_id INTEGER REFERENCES scene (id),
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent')),
    sending_at INTEGER,
    message_id INTEGER,
    PRIMARY KEY (drop_id, position)
) STRICT, WITHOUT ROWID;

-- Every message that shows a scene: what reactions are counted by.
CREATE TABLE posted (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    scene_id INTEGER NOT NULL REFERENCES scene (id) ON DELETE CASCADE,
    posted_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1))
) STRICT;
CREATE INDEX posted_scene ON posted (guild_id, scene_id);
CREATE INDEX posted_channel ON posted (channel_id);

CREATE TABLE mark (
    message_id INTEGER NOT NULL REFERENCES posted (message_id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    burst INTEGER NOT NULL CHECK (burst IN (0, 1)),
    marked_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, user_id, emoji, burst)
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_user ON mark (user_id);

-- Changes with every change of what can be looked up, and never comes back: the line index names
-- the value that it was built at. A counter could come back when a backup is put in place.
CREATE TABLE library (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO library (only, revision) VALUES (1, abs(random()));

-- The commands that Discord was last told of, as a digest.
CREATE TABLE synced_commands (
    application_id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL
) STRICT;
