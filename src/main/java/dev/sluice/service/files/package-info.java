/** Files that others read while we write them. */
@NullMarked
package dev.sluice.service.files;

import org.jspecify.annotations.NullMarked;
