/** Calls to others over HTTP, with an answer that can be ended under way. */
@NullMarked
package dev.sluice.service.web;

import org.jspecify.annotations.NullMarked;
