/**
 * The demonstration: a shop with users, a Prometheus, a flag endpoint and a Sluice on loopback, and
 * two rollouts played in front of the reader. Nothing of the service depends on it, and it talks to
 * the service over HTTP alone, as every user does.
 */
@NullMarked
package dev.sluice.demo;

import org.jspecify.annotations.NullMarked;
