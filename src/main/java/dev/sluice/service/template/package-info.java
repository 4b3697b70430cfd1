/**
 * Texts with gaps that are filled from an event: the part of Mustache that looks nothing up and
 * calls nothing.
 */
@NullMarked
package dev.sluice.service.template;

import org.jspecify.annotations.NullMarked;
