package dev.sluice.analyzer.evidence;

/**
 * An interval for a ratio of canary to baseline.
 *
 * @param lower 0 where nothing bounds it
 * @param estimate the most likely value on the grid
 * @param upper positive infinity where nothing bounds it
 */
public record RatioInterval(double lower, double estimate, double upper) {}
