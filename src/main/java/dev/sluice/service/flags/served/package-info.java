/** Flags that Sluice serves itself, as a flag system. */
@NullMarked
package dev.sluice.service.flags.served;

import org.jspecify.annotations.NullMarked;
