/**
 * One execution of a plan: its states, the commands it takes, the events it emits and the rule
 * between them.
 */
@NullMarked
package dev.sluice.gates.rollout;

import org.jspecify.annotations.NullMarked;
