/** Unleash: its admin API, as the open source edition answers it (8.2). */
@NullMarked
package dev.sluice.service.flags.unleash;

import org.jspecify.annotations.NullMarked;
