/**
 * The HTTP side: API, health, metrics, and the pages' way to the browser.
 *
 * <p>A request goes through {@link dev.sluice.service.http.Doorkeeper} (who is that, may they),
 * then through the bounds of its body, then to the one method that its {@link
 * dev.sluice.service.http.Endpoint} names. That method turns a {@link dev.sluice.service.http.Call}
 * into the future of an {@link dev.sluice.service.http.Answer}; one place writes answers and
 * failures.
 */
@NullMarked
package dev.sluice.service.http;

import org.jspecify.annotations.NullMarked;
