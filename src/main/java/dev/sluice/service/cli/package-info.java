/** The command line: one jar, every sub-command. */
@NullMarked
package dev.sluice.service.cli;

import org.jspecify.annotations.NullMarked;
