-- The catalogue: what an import writes and a running server only reads.

CREATE TABLE process (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    from_day TEXT NOT NULL,
    -- Everything else about it, as the import file says it; proposals and consultations have rows of their own.
    document TEXT NOT NULL
) STRICT;

CREATE TABLE proposal (
    id TEXT PRIMARY KEY,
    process TEXT NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    level TEXT NOT NULL,
    status TEXT NOT NULL,
    territory TEXT,
    -- Folded (lower case, no accents): for order and for search.
    title_folded TEXT NOT NULL,
    search TEXT NOT NULL,
    document TEXT NOT NULL,
    -- Comments and replies that stand; kept in the same transaction as the comments themselves, so that a list
    -- can be sorted by them.
    comments INTEGER NOT NULL DEFAULT 0,
    comments_simulated INTEGER NOT NULL DEFAULT 0,
    UNIQUE (process, number)
) STRICT;
CREATE INDEX proposal_by_title ON proposal (process, title_folded, number);
CREATE INDEX proposal_by_comments ON proposal (process, comments DESC, number);

CREATE TABLE proposal_theme (
    proposal TEXT NOT NULL REFERENCES proposal (id) ON DELETE CASCADE,
    theme TEXT NOT NULL,
    PRIMARY KEY (proposal, theme)
) STRICT, WITHOUT ROWID;

CREATE TABLE consultation (
    id TEXT PRIMARY KEY,
    process TEXT NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    slug TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

-- "option" is no keyword of SQLite, but it is one elsewhere.
CREATE TABLE ballot_option (
    id TEXT PRIMARY KEY,
    consultation TEXT NOT NULL REFERENCES consultation (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    reference TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    proposal TEXT REFERENCES proposal (id),
    UNIQUE (consultation, reference)
) STRICT;

-- Participation.

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    -- The public code under which this person's comments appear: random, says nothing.
    author TEXT NOT NULL UNIQUE,
    simulated INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    -- SHA-256 of the token in the cookie: the database alone opens no session.
    token_hash BLOB PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person);

CREATE TABLE ballot (
    consultation TEXT NOT NULL REFERENCES consultation (id),
    person INTEGER NOT NULL REFERENCES person (id),
    receipt TEXT NOT NULL,
    revision INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    -- JSON array of option ids; null once withdrawn. The row stays, so that receipt and revision do.
    choices TEXT,
    -- One ballot a person, whatever the code above believes.
    PRIMARY KEY (consultation, person),
    UNIQUE (consultation, receipt)
) STRICT, WITHOUT ROWID;
CREATE INDEX ballot_by_person ON ballot (person);

CREATE TABLE comment (
    id TEXT PRIMARY KEY,
    proposal TEXT NOT NULL REFERENCES proposal (id),
    parent TEXT REFERENCES comment (id),
    person INTEGER NOT NULL REFERENCES person (id),
    -- Null for a reply.
    stance TEXT,
    -- Null once deleted: the words are gone from here, too.
    text TEXT,
    posted_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER
) STRICT;
CREATE INDEX comment_by_proposal ON comment (proposal, posted_at DESC, id DESC) WHERE parent IS NULL;
CREATE INDEX comment_by_parent ON comment (parent, posted_at, id) WHERE parent IS NOT NULL;
CREATE INDEX comment_by_person ON comment (person);

CREATE TABLE report (
    comment TEXT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (comment, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_by_person ON report (person);

CREATE TABLE idempotency (
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    -- SHA-256 of the body of the first request.
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    -- The comment that the body quotes, so that deleting it erases it here as well.
    comment TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, key, route)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_comment ON idempotency (comment) WHERE comment IS NOT NULL;

-- What happened, in order. Only removing a simulation takes simulated rows out again.
CREATE TABLE act (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    process TEXT NOT NULL REFERENCES process (id),
    consultation TEXT REFERENCES consultation (id),
    proposal TEXT REFERENCES proposal (id),
    -- No reference: an act outlives the record of who did it. Null where nobody in particular did.
    person INTEGER,
    -- cast | revise | withdraw | post | edit | delete | report | remove
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    simulated INTEGER NOT NULL
) STRICT;
CREATE INDEX act_by_person ON act (person, process) WHERE person IS NOT NULL;

-- One row that a readiness check writes, to know that writing works.
CREATE TABLE readiness (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    checked_at INTEGER NOT NULL
) STRICT;
