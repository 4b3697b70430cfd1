/**
 * The status page. The server writes the whole page; the script only fetches it again and asks for
 * reasons. So it reads the same without scripts, in a terminal browser and in a saved copy.
 */
@NullMarked
package dev.sluice.service.dashboard;

import org.jspecify.annotations.NullMarked;
