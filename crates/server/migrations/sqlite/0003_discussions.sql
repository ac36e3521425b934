-- Options of a consultation can be commented on as well as proposals, and comments are answered in writing.
-- SQLite cannot loosen a column: the table is made anew (https://sqlite.org/lang_altertable.html#otheralter).
CREATE TABLE comment_new (
    id TEXT PRIMARY KEY,
    process TEXT NOT NULL REFERENCES process (id),
    -- What it is about: one of the two.
    proposal TEXT REFERENCES proposal (id),
    option TEXT REFERENCES ballot_option (id),
    parent TEXT REFERENCES comment (id),
    person INTEGER NOT NULL REFERENCES person (id),
    -- Null for a reply.
    stance TEXT,
    -- Null once deleted: the words are gone from here, too.
    text TEXT,
    posted_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER,
    CHECK ((proposal IS NULL) <> (option IS NULL))
) STRICT;
INSERT INTO comment_new (id, process, proposal, parent, person, stance, text, posted_at, edited_at, deleted_at)
    SELECT comment.id, proposal.process, proposal, parent, person, stance, text, posted_at, edited_at, deleted_at
    FROM comment JOIN proposal ON proposal.id = comment.proposal;
DROP TABLE comment;
ALTER TABLE comment_new RENAME TO comment;
CREATE INDEX comment_by_proposal ON comment (proposal, posted_at DESC, id DESC) WHERE parent IS NULL;
CREATE INDEX comment_by_option ON comment (option, posted_at DESC, id DESC) WHERE parent IS NULL;
CREATE INDEX comment_by_process ON comment (process, posted_at, id) WHERE parent IS NULL;
CREATE INDEX comment_by_parent ON comment (parent, posted_at, id) WHERE parent IS NOT NULL;
CREATE INDEX comment_by_person ON comment (person);

CREATE TABLE answer (
    comment TEXT PRIMARY KEY REFERENCES comment (id) ON DELETE CASCADE,
    entity TEXT NOT NULL,
    -- adopted | partly_adopted | not_adopted | noted
    effect TEXT NOT NULL,
    text TEXT NOT NULL,
    answered_at INTEGER NOT NULL,
    edited_at INTEGER
) STRICT, WITHOUT ROWID;

-- An act on an option names it; kinds grow by "answer".
ALTER TABLE act ADD COLUMN option TEXT REFERENCES ballot_option (id);
