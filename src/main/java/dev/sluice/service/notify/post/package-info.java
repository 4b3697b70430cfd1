/** One bounded HTTP POST, and what its answer means to a message. */
@NullMarked
package dev.sluice.service.notify.post;

import org.jspecify.annotations.NullMarked;
