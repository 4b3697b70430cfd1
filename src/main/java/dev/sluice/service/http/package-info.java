/** The HTTP side: API, health, metrics. */
@NullMarked
package dev.sluice.service.http;

import org.jspecify.annotations.NullMarked;
