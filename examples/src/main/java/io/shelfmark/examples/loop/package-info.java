/**
 * The loop that keeps a reader good, as one pipeline: photos, their check, a training in Python, a
 * comparison with what is in production, and the move of the alias. Begin at {@link
 * io.shelfmark.examples.loop.LoopPipeline}.
 */
@NullMarked
package io.shelfmark.examples.loop;

import org.jspecify.annotations.NullMarked;
