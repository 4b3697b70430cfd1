package dev.sluice.gates.plan;

/** When a second person has to agree before a rollout goes on by hand. */
public enum FourEyes {
  /** Whoever has the role decides alone. */
  NEVER,
  /** Going over a gate that is not open takes two. */
  FORCED,
  /** Every approval, promotion and retirement by hand takes two. */
  ALWAYS
}
