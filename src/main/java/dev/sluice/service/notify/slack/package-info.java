/** Messages for people, over a Slack incoming webhook. */
@NullMarked
package dev.sluice.service.notify.slack;

import org.jspecify.annotations.NullMarked;
