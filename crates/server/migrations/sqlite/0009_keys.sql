-- What is known of a request by its key is what came of it, not what was answered: no words of anybody's.
ALTER TABLE idempotency DROP COLUMN status;
ALTER TABLE idempotency DROP COLUMN body;
