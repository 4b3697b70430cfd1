/** Recorded cases with a canary and a baseline, judged look by look by the service's own judge. */
@NullMarked
package dev.sluice.service.cases;

import org.jspecify.annotations.NullMarked;
