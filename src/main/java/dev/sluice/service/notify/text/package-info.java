/** What the bodies of all sinks share: words, weights, bounds. */
@NullMarked
package dev.sluice.service.notify.text;

import org.jspecify.annotations.NullMarked;
