/**
 * Where everything that Shelfmark keeps lies: {@link io.shelfmark.storage.BlobStore}, the one port
 * that storage adapters implement, with its values and failures.
 *
 * <p>Hosts pick a store by its address and rarely call it; what they work with are artifacts and
 * datasets. Who writes an adapter starts at {@link io.shelfmark.storage.BlobStore} and runs the
 * contract test {@code io.shelfmark.testing.BlobStoreContract} of core's test-jar against it.
 */
@NullMarked
package io.shelfmark.storage;

import org.jspecify.annotations.NullMarked;
