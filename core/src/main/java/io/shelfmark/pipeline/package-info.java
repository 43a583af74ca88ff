/**
 * Pipelines in plain typed Java: steps that take each other's results, run in this process, cached,
 * retried, and resumed after a crash.
 *
 * <p>{@link io.shelfmark.pipeline.Step} declares what is done, {@link
 * io.shelfmark.pipeline.Pipeline} which steps belong together, a {@link
 * io.shelfmark.pipeline.PipelineRunner} does it: {@code LocalRunner.in(workspace)} in this process.
 */
@NullMarked
package io.shelfmark.pipeline;

import org.jspecify.annotations.NullMarked;
