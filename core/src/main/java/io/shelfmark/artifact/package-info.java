/**
 * Artifacts: named outputs such as models and reports, in numbered versions that never change, with
 * aliases that move. Start at {@link io.shelfmark.artifact.Artifacts}, which a workspace gives.
 */
@NullMarked
package io.shelfmark.artifact;

import org.jspecify.annotations.NullMarked;
