/** Says in words what a plan will do, and what its steps can show at the traffic there is. */
@NullMarked
package dev.sluice.service.explain;

import org.jspecify.annotations.NullMarked;
