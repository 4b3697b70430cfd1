-- Instants are microseconds since 1970-01-01T00:00:00Z: to_timestamp(updated_at / 1e6).
-- JSON is what dev.sluice.service.json.SluiceJson writes: state::jsonb.
-- Names are compared byte by byte, whatever the language of the database.

-- One row per execution of a plan, with its latest state. The number says which is newer.
CREATE TABLE rollouts (
  number     BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id         TEXT     COLLATE "C" NOT NULL UNIQUE,
  plan_name  TEXT     COLLATE "C" NOT NULL,
  version    BIGINT   NOT NULL,
  ended      SMALLINT NOT NULL,
  updated_at BIGINT   NOT NULL,
  state      TEXT     NOT NULL -- JSON without the plan
) WITH (fillfactor = 70);
CREATE INDEX rollouts_of_plan ON rollouts (plan_name, number);
CREATE INDEX rollouts_live ON rollouts (number) WHERE ended = 0;

-- A rollout runs the plan it began with. Apart from the state, which is written at every look.
CREATE TABLE rollout_plans (
  rollout BIGINT PRIMARY KEY REFERENCES rollouts (number),
  body    TEXT   NOT NULL -- JSON
);

-- What the statistics know, bit for bit (see Evidence.java). Apart from the state for the same reason.
CREATE TABLE evidence (
  rollout BIGINT PRIMARY KEY REFERENCES rollouts (number),
  body    BYTEA  NOT NULL
);

-- Only ever appended to. Folding the events of a rollout in order gives its state.
CREATE TABLE events (
  rollout BIGINT NOT NULL REFERENCES rollouts (number),
  version BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  type    TEXT   NOT NULL,
  body    TEXT   NOT NULL, -- JSON
  PRIMARY KEY (rollout, version)
);

-- What must be told, and what became of it.
CREATE TABLE outbox (
  number     BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id         TEXT     COLLATE "C" NOT NULL UNIQUE, -- idempotency key
  rollout    TEXT     COLLATE "C" NOT NULL,
  target     TEXT     COLLATE "C" NOT NULL,
  urgent     SMALLINT NOT NULL,
  kind       TEXT     NOT NULL CHECK (kind IN ('flag', 'announcement')),
  state      TEXT     NOT NULL CHECK (state IN ('pending', 'delivered', 'superseded', 'given-up')),
  attempts   INTEGER  NOT NULL DEFAULT 0,
  created_at BIGINT   NOT NULL,
  due_at     BIGINT   NOT NULL,
  updated_at BIGINT   NOT NULL,
  detail     TEXT     NOT NULL DEFAULT '', -- what the last failure said
  body       TEXT     NOT NULL
);
CREATE INDEX outbox_lanes ON outbox (rollout, target, urgent DESC, number) WHERE state = 'pending';
CREATE INDEX outbox_log ON outbox (rollout, number);

-- Every revision of every plan as it was handed in; the highest number of a name is the newest.
CREATE TABLE plans (
  number    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name      TEXT   COLLATE "C" NOT NULL,
  hash      TEXT   NOT NULL,
  body      TEXT   NOT NULL, -- YAML
  stored_at BIGINT NOT NULL
);
CREATE INDEX plans_by_name ON plans (name, number);

-- Which rollout answers to a rollout controller, by the controller's own name for it. A key gets its row when the
-- first rollout was begun for it; another rollout for the same key takes the row over.
CREATE TABLE runs (
  controller TEXT     COLLATE "C" NOT NULL, -- the dialect: flagger, argo, ...
  plan_name  TEXT     COLLATE "C" NOT NULL,
  name       TEXT     COLLATE "C" NOT NULL,
  version    BIGINT   NOT NULL,
  rollout    TEXT     COLLATE "C" NOT NULL UNIQUE REFERENCES rollouts (id),
  opened_at  BIGINT   NOT NULL,
  seen_at    BIGINT   NOT NULL,
  lease_ms   BIGINT   NOT NULL,
  open       SMALLINT NOT NULL,
  notes      TEXT     NOT NULL, -- JSON, text to text
  UNIQUE (controller, plan_name, name)
);
CREATE INDEX runs_open ON runs ((seen_at + lease_ms * 1000), rollout) WHERE open = 1;

-- Who did and decided what, each entry sealed with the hash of the one before (see AuditEntry.java).
CREATE TABLE audit (
  number  BIGINT PRIMARY KEY, -- 1, 2, 3, ... without gaps
  rollout TEXT   COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  body    TEXT   NOT NULL, -- JSON
  hash    TEXT   NOT NULL
);
CREATE INDEX audit_of_rollout ON audit (rollout, number);

-- The processes that share this store. One that has not renewed its row in time is dead: whoever
-- notices deletes the row, and with it go its leases.
CREATE TABLE replicas (
  id    TEXT        COLLATE "C" PRIMARY KEY,
  until TIMESTAMPTZ NOT NULL
);

-- Who looks after which rollout: those that have not ended, or still have something to tell.
CREATE TABLE leases (
  rollout     TEXT     COLLATE "C" PRIMARY KEY REFERENCES rollouts (id),
  owner       TEXT     COLLATE "C" REFERENCES replicas (id) ON DELETE SET NULL,
  token       BIGINT   NOT NULL, -- grows with each change of hands
  handed_over SMALLINT NOT NULL DEFAULT 0 -- given back in good order, not left behind by a death
);
CREATE INDEX leases_of_owner ON leases (owner);

-- One row, overwritten to find out whether writing works.
CREATE TABLE probe (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  count BIGINT  NOT NULL
);
INSERT INTO probe (one, count) VALUES (1, 0);
