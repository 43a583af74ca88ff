/**
 * Experiments and runs on record without a server.
 *
 * <p>The port behind it and the records it keeps are in {@link io.shelfmark.tracking.store}.
 */
@NullMarked
package io.shelfmark.tracking;

import org.jspecify.annotations.NullMarked;
