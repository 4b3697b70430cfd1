/** LaunchDarkly, by its REST API. */
@NullMarked
package dev.sluice.service.flags.launchdarkly;

import org.jspecify.annotations.NullMarked;
