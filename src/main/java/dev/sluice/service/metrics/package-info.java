/** The seam to metrics systems: a question in, observations or a named absence out. */
@NullMarked
package dev.sluice.service.metrics;

import org.jspecify.annotations.NullMarked;
