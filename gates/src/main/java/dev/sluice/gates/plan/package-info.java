/**
 * The plan of a rollout: who is compared, what is measured, which steps, what happens on each
 * outcome.
 */
@NullMarked
package dev.sluice.gates.plan;

import org.jspecify.annotations.NullMarked;
