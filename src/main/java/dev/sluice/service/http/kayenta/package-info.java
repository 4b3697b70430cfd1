/** Kayenta's API, for clients that speak it, and its remote judge. */
@NullMarked
package dev.sluice.service.http.kayenta;

import org.jspecify.annotations.NullMarked;
