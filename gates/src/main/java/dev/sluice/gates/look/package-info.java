/**
 * What one look asks of the metrics system, what came back, and how the checks of a step become an
 * assessment.
 */
@NullMarked
package dev.sluice.gates.look;

import org.jspecify.annotations.NullMarked;
