-- What a person said of a story in place of what its file says: its rating, its authors, on whose word it is here.
--
-- It holds for later imports, which read the file again: a story raised to "mature" by hand must not come back as
-- the "teen" of its file. Corrections of scene breaks are remembered likewise.

CREATE TABLE said (
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    field TEXT NOT NULL CHECK (field IN ('title', 'authors', 'rating', 'warnings', 'language', 'summary', 'source',
        'permission_from', 'permission_for')),
    value TEXT NOT NULL,             -- JSON
    PRIMARY KEY (story_id, field)
) STRICT, WITHOUT ROWID;
