package dev.sluice.service.store;

import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.store.AuditEntry.Sealed;
import dev.sluice.service.store.RolloutStore.Audited;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows the chain of the audit and names what does not fit. Goes on behind a fault, so that one
 * entry that was changed does not hide another.
 */
public final class AuditCheck {
  private static final int MOST_FAULTS = 100;

  private final List<String> faults = new ArrayList<>();
  private final Optional<Head> expected;
  private Head head = new Head(0, AuditEntry.GENESIS);
  private boolean metExpected;

  /**
   * The end of a chain, as it can be kept elsewhere. Whoever holds one finds out later whether the
   * end was cut off or all was written anew.
   */
  public record Head(long number, String hash) {
    /** Empty where the text is none: {@code 12:3f0a...}. */
    public static Optional<Head> parse(String text) {
      String[] parts = text.strip().split(":", -1);
      boolean fits =
          parts.length == 2 && parts[0].matches("[0-9]{1,18}") && parts[1].matches("[0-9a-f]{64}");
      return fits ? Optional.of(new Head(Long.parseLong(parts[0]), parts[1])) : Optional.empty();
    }

    @Override
    public String toString() {
      return number + ":" + hash;
    }
  }

  /**
   * @param expected a head that was kept, if there is one
   */
  public AuditCheck(Optional<Head> expected) {
    this.expected = expected;
    this.metExpected = expected.filter(e -> e.number() > 0).isEmpty();
  }

  /** The next entry, in the order of the numbers. */
  public void next(Audited audited) {
    Sealed sealed = audited.entry();
    if (sealed.number() != head.number() + 1) {
      fault(missing(head.number() + 1, sealed.number() - 1));
    } else if (!sealed.follows(head.hash())) {
      fault(
          "entry %d was changed, or the one before it: its hash does not fit%s"
              .formatted(sealed.number(), told(sealed)));
    }
    read(audited);
    head = new Head(sealed.number(), sealed.hash());
    expected
        .filter(e -> e.number() == head.number())
        .ifPresent(
            e -> {
              metExpected = true;
              if (!e.hash().equals(head.hash())) {
                fault(
                    "entry %d is not the one that was kept: the chain was written anew"
                        .formatted(head.number()));
              }
            });
  }

  private static String missing(long from, long to) {
    return from == to
        ? "entry %d is missing".formatted(from)
        : "entries %d to %d are missing".formatted(from, to);
  }

  private void read(Audited audited) {
    Sealed sealed = audited.entry();
    AuditEntry entry;
    try {
      entry = sealed.entry();
    } catch (SluiceJson.Unreadable e) {
      fault("entry %d cannot be read: %s".formatted(sealed.number(), e.getMessage()));
      return;
    }
    if (entry.number() != sealed.number()) {
      fault("entry %d says that it is entry %d".formatted(sealed.number(), entry.number()));
    }
    if (audited.event().isEmpty()) {
      fault(
          "entry %d tells of event %d of rollout %s, which is gone"
              .formatted(sealed.number(), entry.version(), entry.rollout()));
    } else if (!audited.event().get().equals(entry.event())) {
      fault(
          "event %d of rollout %s was changed after entry %d was written%s"
              .formatted(entry.version(), entry.rollout(), sealed.number(), told(sealed)));
    }
  }

  private static String told(Sealed sealed) {
    try {
      AuditEntry e = sealed.entry();
      return " (%s by %s, rollout %s, %s)"
          .formatted(e.act(), e.actor().name(), e.rollout(), e.at());
    } catch (SluiceJson.Unreadable unreadable) {
      return "";
    }
  }

  private void fault(String sentence) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(sentence);
    }
  }

  /** After the last entry: one sentence for each fault, at most a hundred. */
  public List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    if (!metExpected) {
      all.add(
          "the chain ends at entry %d; entry %d was kept: the end was cut off"
              .formatted(head.number(), expected.orElseThrow().number()));
    }
    return all;
  }

  /** The end of the chain so far. */
  public Head head() {
    return head;
  }
}
