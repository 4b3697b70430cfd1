/**
 * How often the judge is wrong and how soon it is right: seeded simulations of rollouts whose truth
 * is known, and the page that shows the outcome.
 */
@NullMarked
package dev.sluice.service.calibration;

import org.jspecify.annotations.NullMarked;
