/** One version as one file, for sites without a network; outside the contract. */
@NullMarked
package io.shelfmark.internal.archive;

import org.jspecify.annotations.NullMarked;
