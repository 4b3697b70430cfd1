/** Users split by nginx, for teams without a flag system: a file that it includes, and a reload. */
@NullMarked
package dev.sluice.service.flags.nginx;

import org.jspecify.annotations.NullMarked;
