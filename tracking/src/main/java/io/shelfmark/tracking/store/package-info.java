/**
 * What is on record and who keeps it: {@link io.shelfmark.tracking.store.TrackingStore} is the port
 * behind the tracker, with implementations on SQLite, on PostgreSQL and on a server that speaks
 * MLflow's REST protocol; the records are what it takes and gives.
 *
 * <p>Records are immutable and hold copies. Ids and keys are texts. Times are kept to the
 * millisecond. Hosts that only log and look use the tracker of {@code io.shelfmark.tracking}.
 */
@NullMarked
package io.shelfmark.tracking.store;

import org.jspecify.annotations.NullMarked;
