/**
 * One-shot comparison of two cohorts over a stretch of the past: the looks of a rollout, without a
 * rollout.
 */
@NullMarked
package dev.sluice.service.analysis;

import org.jspecify.annotations.NullMarked;
