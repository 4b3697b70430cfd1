/** Sinks as targets of the outbox: people and machines that listen. */
@NullMarked
package dev.sluice.service.notify;

import org.jspecify.annotations.NullMarked;
