/** The store in PostgreSQL, which several replicas share. */
@NullMarked
package dev.sluice.service.store.postgresql;

import org.jspecify.annotations.NullMarked;
