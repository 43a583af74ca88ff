/**
 * DVC's files and remotes, layouts 2 and 3; outside the contract. Sources: the documentation of
 * {@code .dvc} files and of the cache's structure at dvc.org, and what DVC itself writes.
 */
@NullMarked
package io.shelfmark.internal.dvc;

import org.jspecify.annotations.NullMarked;
