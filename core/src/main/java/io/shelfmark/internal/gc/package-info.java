/**
 * Leases, and the agreement between writers and the collection of garbage; outside the contract.
 */
@NullMarked
package io.shelfmark.internal.gc;

import org.jspecify.annotations.NullMarked;
