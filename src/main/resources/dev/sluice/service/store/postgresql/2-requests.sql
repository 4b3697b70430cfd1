-- What was started under which Idempotency-Key. Bounded in age and in number.
CREATE TABLE requests (
  number      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  caller      TEXT   COLLATE "C" NOT NULL,
  name        TEXT   COLLATE "C" NOT NULL, -- the key
  fingerprint TEXT   NOT NULL, -- of the request
  at          BIGINT NOT NULL,
  rollout     TEXT   COLLATE "C" NOT NULL, -- empty while it is being started
  UNIQUE (caller, name)
);
CREATE INDEX requests_by_age ON requests (at);
