package dev.sluice.service.store;

import java.util.Locale;

/** Where a message in the outbox stands. */
public enum MessageState {
  /** Waits for its turn, or for its next attempt. */
  PENDING,
  DELIVERED,
  /** A rollback, or the end of its rollout, made it pointless before it was delivered. */
  SUPERSEDED,
  GIVEN_UP;

  /** As it is stored and shown in {@link RolloutStore.Delivery#state()}: "given-up". */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether nothing that is recorded of it can change it any more. */
  public boolean closed() {
    return this == DELIVERED || this == GIVEN_UP;
  }
}
