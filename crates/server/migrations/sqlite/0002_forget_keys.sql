-- Keys of requests are forgotten after a day.
CREATE INDEX idempotency_by_time ON idempotency (at);
