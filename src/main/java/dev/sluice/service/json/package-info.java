/** The one JSON mapping of stored and exchanged values: strict, deterministic, lossless. */
@NullMarked
package dev.sluice.service.json;

import org.jspecify.annotations.NullMarked;
