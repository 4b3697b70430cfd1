/**
 * Rollouts that belong to a controller: begun once, answered again and again, given up in the end.
 */
@NullMarked
package dev.sluice.service.runs;

import org.jspecify.annotations.NullMarked;
