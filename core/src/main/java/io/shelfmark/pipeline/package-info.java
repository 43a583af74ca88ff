/**
 * Pipelines in plain typed Java: steps that take each other's results, run in this process, cached,
 * retried, and resumed after a crash.
 *
 * <p>{@link io.shelfmark.pipeline.Step} declares what is done, {@link
 * io.shelfmark.pipeline.Pipeline} which steps belong together, a {@link
 * io.shelfmark.pipeline.PipelineRunner} does it: {@code LocalRunner.in(workspace)} in this process.
 *
 * <p>What happened is a {@link io.shelfmark.pipeline.RunRecord}, a {@link
 * io.shelfmark.pipeline.RunPage} shows it. Two ports lead out, which tracking implements and the
 * host hands over: {@link io.shelfmark.pipeline.RunEvent.Listener}, which hears what happens in
 * runs, and {@link io.shelfmark.pipeline.MetricSource}, at which triggers look.
 */
@NullMarked
package io.shelfmark.pipeline;

import org.jspecify.annotations.NullMarked;
