-- What a person said of a story's scene breaks against its file: break here, join there.
--
-- A place is known by the words around it, not by a line number, so that it outlives edits
-- elsewhere. Corrections belong to the story: they hold for whatever file brings it in next.

CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    file TEXT NOT NULL,              -- the file for which it was said
    kind TEXT NOT NULL CHECK (kind IN ('break', 'join')),
    "before" TEXT NOT NULL,          -- the last words above the place
    "after" TEXT NOT NULL,           -- the first words below it
    occurrence INTEGER NOT NULL,     -- which of several places with the same words, from 0
    UNIQUE (story_id, "before", "after", occurrence)
) STRICT;
