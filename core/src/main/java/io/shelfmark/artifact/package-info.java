/**
 * Artifacts: named outputs such as models and reports, in numbered versions that never change, with
 * aliases that move; and working files, which have a path and can be replaced. Start at {@link
 * io.shelfmark.artifact.Artifacts} and {@link io.shelfmark.artifact.WorkingFiles}, which a
 * workspace gives.
 */
@NullMarked
package io.shelfmark.artifact;

import org.jspecify.annotations.NullMarked;
