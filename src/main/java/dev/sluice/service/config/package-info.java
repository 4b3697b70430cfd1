/** The server configuration: addresses, credentials, bounds. */
@NullMarked
package dev.sluice.service.config;

import org.jspecify.annotations.NullMarked;
