/** Plans as people write them: YAML in, a domain plan or every problem with its place out. */
@NullMarked
package dev.sluice.service.plan;

import org.jspecify.annotations.NullMarked;
