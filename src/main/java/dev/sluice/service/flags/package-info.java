/**
 * Flag systems that can be read: the seam between decisions and the flags that carry them out, and
 * what is common to all of them. Each system has a package of its own below.
 */
@NullMarked
package dev.sluice.service.flags;

import org.jspecify.annotations.NullMarked;
