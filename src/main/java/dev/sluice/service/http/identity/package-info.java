/** Who somebody is, told by an issuer's token or by a certificate. */
@NullMarked
package dev.sluice.service.http.identity;

import org.jspecify.annotations.NullMarked;
