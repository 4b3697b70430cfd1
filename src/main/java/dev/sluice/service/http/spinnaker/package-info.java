/** The webhook stage of Spinnaker. */
@NullMarked
package dev.sluice.service.http.spinnaker;

import org.jspecify.annotations.NullMarked;
