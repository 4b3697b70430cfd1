/** The verdicts, as the query API of Prometheus tells a number. */
@NullMarked
package dev.sluice.service.http.facade;

import org.jspecify.annotations.NullMarked;
