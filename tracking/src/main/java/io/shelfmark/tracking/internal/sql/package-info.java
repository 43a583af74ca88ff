/**
 * The store on SQL. {@link io.shelfmark.tracking.internal.sql.SqlTrackingStore} is its entry; a
 * {@link io.shelfmark.tracking.internal.sql.Database} runs transactions, a dialect says how SQLite
 * and PostgreSQL differ, and the statements are the same for both. The tables are described in
 * {@code io/shelfmark/tracking/migration}.
 */
@NullMarked
package io.shelfmark.tracking.internal.sql;

import org.jspecify.annotations.NullMarked;
