/** The asynchronous writer between live runs and a store of runs. Outside the contract. */
@NullMarked
package io.shelfmark.tracking.internal.outbox;

import org.jspecify.annotations.NullMarked;
