-- What each look was judged from (see LookTrace.java). Looks from before this step have none.
CREATE TABLE traces (
  rollout BIGINT NOT NULL REFERENCES rollouts (number),
  look    BIGINT NOT NULL,
  body    TEXT   NOT NULL, -- JSON
  PRIMARY KEY (rollout, look)
);
