/**
 * How much noisier the world is than independent events would be: variance inflation, learned from
 * the stream, from live baseline pods, and from their history.
 */
@NullMarked
package dev.sluice.analyzer.dispersion;

import org.jspecify.annotations.NullMarked;
