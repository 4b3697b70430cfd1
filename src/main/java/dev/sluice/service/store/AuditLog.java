package dev.sluice.service.store;

import dev.sluice.service.store.RolloutStore.Audited;
import java.util.List;

/**
 * The audit for those who only want to read it: beside a running service, without a lock, without
 * changing anything. Blocks; calls fail with {@link StoreTrouble}.
 */
public interface AuditLog extends AutoCloseable {
  /** Entries with a number above {@code after}, oldest first. */
  List<Audited> page(long after, int limit);

  @Override
  void close();
}
