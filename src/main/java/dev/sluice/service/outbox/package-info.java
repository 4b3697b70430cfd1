/** Delivers what the store says must be told, at least once and in order. */
@NullMarked
package dev.sluice.service.outbox;

import org.jspecify.annotations.NullMarked;
