/**
 * Experiments and runs on record without a server.
 *
 * <p>{@link io.shelfmark.tracking.Tracker} is the entry: {@code Tracker.in(workspace)} logs to a
 * SQLite file in the workspace's home, {@link io.shelfmark.tracking.TrackerBuilder} takes
 * PostgreSQL or an MLflow server instead. An {@link io.shelfmark.tracking.Experiment} begins {@link
 * io.shelfmark.tracking.Run}s, which take params, metrics, tags and files. The records that
 * searches give, and the port that stores implement, are in {@link io.shelfmark.tracking.store}.
 */
@NullMarked
package io.shelfmark.tracking;

import org.jspecify.annotations.NullMarked;
