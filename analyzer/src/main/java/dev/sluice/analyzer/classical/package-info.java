/**
 * Fixed-sample tests that describe a finished window in a report. None of them is valid under
 * repeated looks, so none of them decides anything.
 *
 * <p>Wherever Commons Statistics or Commons Math has the test, theirs is used; what stands here is
 * the guard in front of it (empty, constant, not finite) and what they lack.
 */
@NullMarked
package dev.sluice.analyzer.classical;

import org.jspecify.annotations.NullMarked;
