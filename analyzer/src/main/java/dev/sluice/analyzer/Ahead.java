package dev.sluice.analyzer;

import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.analyzer.planner.Pace;

/**
 * What is to be expected of one metric.
 *
 * @param safety how much longer until it is proven safe
 * @param pace its traffic of late, in units per look
 */
public record Ahead(Outlook safety, Pace pace) {}
