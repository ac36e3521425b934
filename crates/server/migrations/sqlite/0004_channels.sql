-- Ballots of every rule, by how they arrived.

-- JSON array of numbers, one for each of the choices; null where the rule asks for none.
ALTER TABLE ballot ADD COLUMN points TEXT;
-- online | widget | in_person | imported
ALTER TABLE ballot ADD COLUMN channel TEXT NOT NULL DEFAULT 'online';

-- In the unit of the consultation's budget.
ALTER TABLE ballot_option ADD COLUMN cost INTEGER;
-- Among whom it stands: the sector of a candidacy. "group" is a keyword.
ALTER TABLE ballot_option ADD COLUMN candidates TEXT;

-- What a file of an election says besides what Cabildo knows: keys and columns, as JSON. They go back into an export.
CREATE TABLE election (
    consultation TEXT PRIMARY KEY REFERENCES consultation (id) ON DELETE CASCADE,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The rows from which ballots were imported.
CREATE TABLE imported_ballot (
    consultation TEXT NOT NULL REFERENCES consultation (id) ON DELETE CASCADE,
    -- Its place in the file.
    position INTEGER NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- JSON array of its fields, as they stand there.
    fields TEXT NOT NULL,
    PRIMARY KEY (consultation, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX imported_ballot_by_person ON imported_ballot (person);
