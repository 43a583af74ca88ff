/** Whether everything in a store is as it was written; outside the contract. */
@NullMarked
package io.shelfmark.internal.verification;

import org.jspecify.annotations.NullMarked;
