-- Instants are microseconds since 1970-01-01T00:00:00Z: datetime(updated_at / 1000000, 'unixepoch').
-- JSON is what dev.sluice.service.json.SluiceJson writes.

-- One row per execution of a plan, with its latest state. The number says which is newer.
CREATE TABLE rollouts (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT    NOT NULL UNIQUE,
  plan_name  TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  ended      INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  state      TEXT    NOT NULL -- JSON without the plan
) STRICT;
CREATE INDEX rollouts_of_plan ON rollouts (plan_name, number);
CREATE INDEX rollouts_live ON rollouts (number) WHERE ended = 0;

-- A rollout runs the plan it began with. Apart from the state, which is written at every look.
CREATE TABLE rollout_plans (
  rollout INTEGER PRIMARY KEY REFERENCES rollouts (number),
  body    TEXT NOT NULL -- JSON
) STRICT;

-- What the statistics know, bit for bit (see Evidence.java). Apart from the state for the same reason.
CREATE TABLE evidence (
  rollout INTEGER PRIMARY KEY REFERENCES rollouts (number),
  body    BLOB NOT NULL
) STRICT;

-- Only ever appended to. Folding the events of a rollout in order gives its state.
CREATE TABLE events (
  rollout INTEGER NOT NULL REFERENCES rollouts (number),
  version INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  type    TEXT    NOT NULL,
  body    TEXT    NOT NULL, -- JSON
  UNIQUE (rollout, version)
) STRICT;

-- What must be told, and what became of it.
CREATE TABLE outbox (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT    NOT NULL UNIQUE, -- idempotency key
  rollout    TEXT    NOT NULL,
  target     TEXT    NOT NULL,
  urgent     INTEGER NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind IN ('flag', 'announcement')),
  state      TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'superseded', 'given-up')),
  attempts   INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  detail     TEXT    NOT NULL DEFAULT '', -- what the last failure said
  body       TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_lanes ON outbox (rollout, target, urgent DESC, number) WHERE state = 'pending';
CREATE INDEX outbox_log ON outbox (rollout, number);

-- Every revision of every plan as it was handed in; the highest number of a name is the newest.
CREATE TABLE plans (
  number    INTEGER PRIMARY KEY AUTOINCREMENT,
  name      TEXT    NOT NULL,
  hash      TEXT    NOT NULL,
  body      TEXT    NOT NULL, -- YAML
  stored_at INTEGER NOT NULL
) STRICT;
CREATE INDEX plans_by_name ON plans (name, number);

-- One row, overwritten to find out whether writing works.
CREATE TABLE probe (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  count INTEGER NOT NULL
) STRICT;
INSERT INTO probe (one, count) VALUES (1, 0);
