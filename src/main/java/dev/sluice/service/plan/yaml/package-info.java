/**
 * YAML that people write: a tree in which every key and value knows its place, the schema it must
 * obey, and problems in plain words.
 */
@NullMarked
package dev.sluice.service.plan.yaml;

import org.jspecify.annotations.NullMarked;
