/**
 * How long evidence takes. Nothing here decides; it says what can be expected.
 *
 * <p>Evidence against a hypothesis that is wrong grows by a steady number of nats per look on
 * average, its drift; a verdict is due when the threshold is reached. So the time it takes is what
 * is missing, divided by the drift.
 */
@NullMarked
package dev.sluice.analyzer.planner;

import org.jspecify.annotations.NullMarked;
