-- Who did and decided what, each entry sealed with the hash of the one before (see AuditEntry.java).
-- The chain begins with the first entry after this step.
CREATE TABLE audit (
  number  INTEGER PRIMARY KEY, -- 1, 2, 3, ... without gaps
  rollout TEXT    NOT NULL,
  version INTEGER NOT NULL,
  body    TEXT    NOT NULL, -- JSON
  hash    TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_of_rollout ON audit (rollout, number);
