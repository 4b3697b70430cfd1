/**
 * Evidence that may be looked at as often as one likes: e-processes and confidence sequences.
 *
 * <p>An e-process is a non-negative number {@code E} that starts at 1 and whose expectation is at
 * most 1 at every stopping time when the hypothesis holds. Ville's inequality (Ville 1939) turns
 * that into a promise about peeking: the chance that {@code E} <em>ever</em> reaches {@code
 * 1/alpha} is at most {@code alpha}. Everything here keeps the natural logarithm of {@code E}.
 */
@NullMarked
package dev.sluice.analyzer.evidence;

import org.jspecify.annotations.NullMarked;
