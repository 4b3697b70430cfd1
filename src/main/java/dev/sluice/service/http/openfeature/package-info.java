/** The flags that Sluice serves itself: to flagd as a document, to OpenFeature SDKs one by one. */
@NullMarked
package dev.sluice.service.http.openfeature;

import org.jspecify.annotations.NullMarked;
