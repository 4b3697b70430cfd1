package dev.sluice.gates.plan;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * Absolute bound on the canary alone, whatever the baseline does.
 *
 * @param max in the metric's unit
 * @param min in the metric's unit
 * @param sustained how long the value must lie beyond the bound before it counts; zero: at once
 */
public record Limit(OptionalDouble max, OptionalDouble min, Duration sustained) {}
