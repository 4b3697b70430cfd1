-- Which rollout answers to a rollout controller, by the controller's own name for it. A key gets its row when the
-- first rollout was begun for it; another rollout for the same key takes the row over.
CREATE TABLE runs (
  controller TEXT    NOT NULL, -- the dialect: flagger, argo, ...
  plan_name  TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  rollout    TEXT    NOT NULL UNIQUE REFERENCES rollouts (id),
  opened_at  INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  lease_ms   INTEGER NOT NULL,
  open       INTEGER NOT NULL,
  notes      TEXT    NOT NULL, -- JSON, text to text
  UNIQUE (controller, plan_name, name)
) STRICT;
CREATE INDEX runs_open ON runs (seen_at + lease_ms * 1000, rollout) WHERE open = 1;
