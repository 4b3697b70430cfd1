/** Decisions in one SQLite file: nothing to install, durable at every commit. */
@NullMarked
package dev.sluice.service.store.sqlite;

import org.jspecify.annotations.NullMarked;
