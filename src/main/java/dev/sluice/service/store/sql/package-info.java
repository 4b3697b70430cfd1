/** What the stores that speak SQL have in common: the rows, and the statements that touch them. */
@NullMarked
package dev.sluice.service.store.sql;

import org.jspecify.annotations.NullMarked;
