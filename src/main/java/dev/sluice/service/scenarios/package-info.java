/**
 * Simulated rollouts with a known truth, in the files of the reference implementation, decided look
 * by look by the judge of the analyzer.
 */
@NullMarked
package dev.sluice.service.scenarios;

import org.jspecify.annotations.NullMarked;
