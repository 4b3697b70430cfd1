/** The webhooks of Flagger. */
@NullMarked
package dev.sluice.service.http.flagger;

import org.jspecify.annotations.NullMarked;
