-- Comments are moderated: reported ones are kept or hidden, and the first ones of somebody new may wait for approval.

-- What moderators decided, in order. The last decision about a comment is the one that holds.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    comment TEXT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    -- keep | hide
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- The name in the key: a moderator is no person of the table of persons.
    moderator TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_by_comment ON decision (comment, id);

-- Whether everybody could ever read it: 0 while it waits for approval.
ALTER TABLE comment ADD COLUMN published INTEGER NOT NULL DEFAULT 1;
-- The decision that hides it; null while none does.
ALTER TABLE comment ADD COLUMN hidden_by INTEGER REFERENCES decision (id);
CREATE INDEX comment_waiting ON comment (process, posted_at, id) WHERE published = 0;
CREATE INDEX comment_hidden ON comment (hidden_by) WHERE hidden_by IS NOT NULL;

-- The decision that closed it; null while it is open. The same person's next report of the comment opens it again.
ALTER TABLE report ADD COLUMN decision INTEGER REFERENCES decision (id);
CREATE INDEX report_open ON report (comment, received_at) WHERE decision IS NULL;

-- Kinds of acts grow by "wait", "publish", "keep" and "hide". Their person is whose comment it is.
