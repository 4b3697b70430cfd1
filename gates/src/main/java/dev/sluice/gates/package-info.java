@NullMarked
package dev.sluice.gates;

import org.jspecify.annotations.NullMarked;
