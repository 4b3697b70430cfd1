/** What the dialects of rollout controllers have in common. */
@NullMarked
package dev.sluice.service.http.controllers;

import org.jspecify.annotations.NullMarked;
