-- What was started under which Idempotency-Key. Bounded in age and in number.
CREATE TABLE requests (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  caller      TEXT    NOT NULL,
  name        TEXT    NOT NULL, -- the key
  fingerprint TEXT    NOT NULL, -- of the request
  at          INTEGER NOT NULL,
  rollout     TEXT    NOT NULL, -- empty while it is being started
  UNIQUE (caller, name)
) STRICT;
CREATE INDEX requests_by_age ON requests (at);
