-- Where people say that they live, and what was published of it.
-- Two digits of DIVIPOLA; null: not said.
ALTER TABLE person ADD COLUMN territory TEXT;
CREATE TABLE territory_snapshot (
    process TEXT NOT NULL REFERENCES process (id),
    territory TEXT NOT NULL,
    -- Null while it is withheld.
    people INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (process, territory)
) STRICT, WITHOUT ROWID;
