/** Signed CloudEvents over HTTP, for flag systems and for machines that listen. */
@NullMarked
package dev.sluice.service.notify.webhook;

import org.jspecify.annotations.NullMarked;
