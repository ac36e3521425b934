-- Calls for proposals, and what people submit.

CREATE TABLE call (
    id TEXT PRIMARY KEY,
    process TEXT NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    slug TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    call TEXT NOT NULL REFERENCES call (id),
    person INTEGER NOT NULL REFERENCES person (id),
    -- Empty once withdrawn: the words are gone from here, too. The row stays, so that withdrawing twice is no error.
    title TEXT NOT NULL,
    problem TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT,
    -- 1, and one more with each edit.
    revision INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    edited_at INTEGER,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX submission_by_call ON submission (call, submitted_at DESC, id DESC) WHERE withdrawn_at IS NULL;
CREATE INDEX submission_by_person ON submission (person);

-- What a submission said before each edit; erased when it is withdrawn.
CREATE TABLE earlier_submission (
    submission TEXT NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    title TEXT NOT NULL,
    problem TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT,
    PRIMARY KEY (submission, revision)
) STRICT, WITHOUT ROWID;

-- An act on a submission names its call; kinds grow by "submit", and "revise" and "withdraw" are said of submissions, too.
ALTER TABLE act ADD COLUMN call TEXT REFERENCES call (id);
