/** Where events of lineage go: a file, or a server with a queue before it; outside the contract. */
@NullMarked
package io.shelfmark.internal.lineage;

import org.jspecify.annotations.NullMarked;
