/**
 * Flags that Sluice serves itself, to teams that have no flag server: what is served is what the
 * rollouts in the store stand at, and nothing else.
 */
@NullMarked
package dev.sluice.service.served;

import org.jspecify.annotations.NullMarked;
