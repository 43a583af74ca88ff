/**
 * Datasets: named file sets that are committed, compared, merged and checked out. Start at {@link
 * io.shelfmark.dataset.Dataset}, which a workspace gives.
 */
@NullMarked
package io.shelfmark.dataset;

import org.jspecify.annotations.NullMarked;
