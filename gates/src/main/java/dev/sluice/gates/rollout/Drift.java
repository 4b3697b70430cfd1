package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.Exposure;
import java.time.Instant;

/**
 * The flag is not where the plan put it: somebody else moved it.
 *
 * @param seen where it stands
 * @param detail who and when, if the flag system says so; may be empty
 */
public record Drift(Exposure seen, String detail, Instant since) {}
