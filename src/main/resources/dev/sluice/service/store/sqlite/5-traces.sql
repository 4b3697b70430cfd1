-- What each look was judged from (see LookTrace.java). Looks from before this step have none.
CREATE TABLE traces (
  rollout INTEGER NOT NULL REFERENCES rollouts (number),
  look    INTEGER NOT NULL,
  body    TEXT    NOT NULL, -- JSON
  UNIQUE (rollout, look)
) STRICT;
