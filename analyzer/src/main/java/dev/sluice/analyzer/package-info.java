/**
 * Statistics of the canary gate: pure functions and accumulators, no clock, no I/O, no logging.
 *
 * <p>{@link dev.sluice.analyzer.Judge} is the way in. It is started with the metrics of a rollout,
 * is given the samples of one look after another, and answers each look with a {@link
 * dev.sluice.analyzer.Judgement}. Everything it knows is a pure function of the ordered looks, so a
 * judge that was restored from {@link dev.sluice.analyzer.Judge#snapshot()} goes on bit for bit
 * like one that never stopped.
 */
@NullMarked
package dev.sluice.analyzer;

import org.jspecify.annotations.NullMarked;
