/** Wiring by hand. */
@NullMarked
package dev.sluice.service.app;

import org.jspecify.annotations.NullMarked;
