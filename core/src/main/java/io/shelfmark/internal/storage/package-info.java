/** What storage adapters and the packages above them share; outside the contract. */
@NullMarked
package io.shelfmark.internal.storage;

import org.jspecify.annotations.NullMarked;
