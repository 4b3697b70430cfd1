/** One look after another: ask, judge, decide, commit. */
@NullMarked
package dev.sluice.service.loop;

import org.jspecify.annotations.NullMarked;
