package dev.sluice.service.flags;

import dev.sluice.gates.plan.Exposure;
import java.util.List;

/** Where a flag stands. */
public sealed interface Reading {

  /**
   * @param exposure the share of the users that is on the canary in truth: 0 where the flag is off,
   *     100 where something else in it serves everybody
   * @param oddities what else is not as the plan needs it, each a sentence: who gets the canary is
   *     decided in another way than it was, or by something that the plan does not own. Empty: all
   *     is well
   * @param shape what decides who gets the canary, beside the exposure; in words. Two readings that
   *     differ in it may mean other users, though as many. Empty where there is nothing to say
   * @param version whatever the system needs to tell whether the flag was changed since; means
   *     nothing to others
   */
  record Seen(Exposure exposure, List<String> oddities, String shape, String version)
      implements Reading {
    public Seen {
      oddities = List.copyOf(oddities);
    }

    /** Whether what the plan owns alone decides who gets the canary, in the way it always did. */
    public boolean whole() {
      return oddities.isEmpty();
    }
  }

  /** It cannot be told. */
  record Unread(Trouble trouble) implements Reading {}
}
