/** The seam to durable storage: events, state, evidence and outbox in one transaction. */
@NullMarked
package dev.sluice.service.store;

import org.jspecify.annotations.NullMarked;
