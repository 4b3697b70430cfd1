/** What the service says of itself: metrics about gates, queries and deliveries. */
@NullMarked
package dev.sluice.service.telemetry;

import org.jspecify.annotations.NullMarked;
