/** How the analyzer's accumulators become numbers and come back bit for bit. */
@NullMarked
package dev.sluice.analyzer.state;

import org.jspecify.annotations.NullMarked;
