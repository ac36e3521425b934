-- People who identify themselves, and what is kept of it: never an address.

-- When a session was opened, or last identified itself.
ALTER TABLE session ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;

-- Half of the key under which identities are hashed in a process; the other half is in a file. Deleted when the process is
-- over: from then on nobody can find out whose a hash is.
CREATE TABLE process_salt (
    process TEXT PRIMARY KEY REFERENCES process (id) ON DELETE CASCADE,
    salt BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE identity (
    process TEXT NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    -- email | oidc:NAME
    assurance TEXT NOT NULL,
    -- HMAC-SHA-256 of who it is, under the key of the process.
    hash BLOB NOT NULL,
    -- Null once the person left: the row stays, so that the same identity does not cast a second ballot.
    person INTEGER REFERENCES person (id),
    since INTEGER NOT NULL,
    -- One person an identity, and one identity a person, whatever the code above believes.
    PRIMARY KEY (process, assurance, hash),
    UNIQUE (process, assurance, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_by_person ON identity (person);

-- As whom a session is recognised.
CREATE TABLE identified (
    token_hash BLOB NOT NULL REFERENCES session (token_hash) ON DELETE CASCADE ON UPDATE CASCADE,
    process TEXT NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    assurance TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (token_hash, process, assurance)
) STRICT, WITHOUT ROWID;
CREATE INDEX identified_by_person ON identified (person);

-- The code that a session was sent last.
CREATE TABLE code (
    token_hash BLOB PRIMARY KEY REFERENCES session (token_hash) ON DELETE CASCADE ON UPDATE CASCADE,
    process TEXT NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    identity BLOB NOT NULL,
    -- HMAC-SHA-256 of the code, under the key in the file. Null once it was used or tried too often.
    hash BLOB,
    consent TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- When codes were sent to an identity, so that nobody's mailbox is flooded. Forgotten after an hour.
CREATE TABLE code_sent (
    identity BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX code_sent_by_identity ON code_sent (identity, at);
CREATE INDEX code_sent_by_time ON code_sent (at);

CREATE TABLE consent (
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    process TEXT NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, process, version)
) STRICT, WITHOUT ROWID;
