/**
 * Latency from histogram buckets: decided in probability space, reported in the unit of the metric.
 *
 * <p>A claim about the mass above a bucket edge is exact; a claim about a quantile is only as good
 * as its bucket is narrow. A change that moves no mass across an edge is invisible to every method.
 */
@NullMarked
package dev.sluice.analyzer.latency;

import org.jspecify.annotations.NullMarked;
