/**
 * Kayenta's way of judging, for installations that come from it and want the verdicts they know.
 *
 * <p>Never the default: it looks at a finished window, treats correlated samples as independent,
 * and its verdict can improve as the harm grows. What differs from the original is only what made
 * the same data give two verdicts: the noise added to constant series is seeded.
 */
@NullMarked
package dev.sluice.analyzer.kayenta;

import org.jspecify.annotations.NullMarked;
