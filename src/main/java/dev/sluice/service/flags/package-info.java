/** Flag systems as targets of the outbox. */
@NullMarked
package dev.sluice.service.flags;

import org.jspecify.annotations.NullMarked;
