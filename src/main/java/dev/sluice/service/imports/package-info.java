/** Other tools' configurations, read into plans; what a plan cannot say is named. */
@NullMarked
package dev.sluice.service.imports;

import org.jspecify.annotations.NullMarked;
