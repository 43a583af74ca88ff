/**
 * The files of runs and models in a workspace's store: {@link
 * io.shelfmark.tracking.internal.files.WorkspaceFiles} is its entry.
 */
@NullMarked
package io.shelfmark.tracking.internal.files;

import org.jspecify.annotations.NullMarked;
