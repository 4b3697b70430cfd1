/**
 * What people and machines are shown of a rollout: the same records for the JSON, the page and the
 * command line. Pure: a view is a function of the rollout and of who asks.
 */
@NullMarked
package dev.sluice.service.http.view;

import org.jspecify.annotations.NullMarked;
