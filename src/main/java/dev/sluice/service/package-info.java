@NullMarked
package dev.sluice.service;

import org.jspecify.annotations.NullMarked;
