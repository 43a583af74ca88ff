/**
 * Pipelines in plain typed Java: steps that take each other's results, cached, retried, and resumed
 * after a crash.
 *
 * <p>{@link io.shelfmark.pipeline.Step} declares what is done, {@link
 * io.shelfmark.pipeline.Pipeline} which steps belong together, a {@link
 * io.shelfmark.pipeline.PipelineRunner} does it: {@code LocalRunner.in(workspace)} in this process.
 *
 * <p>What happened is a {@link io.shelfmark.pipeline.RunRecord}, a {@link
 * io.shelfmark.pipeline.RunPage} shows it. Two ports lead out, which tracking implements and the
 * host hands over: {@link io.shelfmark.pipeline.RunEvent.Listener}, which hears what happens in
 * runs, and {@link io.shelfmark.pipeline.MetricSource}, at which triggers look.
 *
 * <p>Beside these stand, because they look into a pipeline's graph as only this package may: what
 * is told and handed to other tools, {@link io.shelfmark.pipeline.OpenLineage}, {@link
 * io.shelfmark.pipeline.AirflowDag} and {@link io.shelfmark.pipeline.ArgoWorkflow}, with {@link
 * io.shelfmark.pipeline.OrchestratedRunner} for the steps that those start; and {@link
 * io.shelfmark.pipeline.StepWorker}, {@link io.shelfmark.pipeline.RunSteps} and {@link
 * io.shelfmark.pipeline.Fate} for those who write a runner of their own, as {@code
 * io.shelfmark.cluster} does. When pipelines run by themselves is {@code
 * io.shelfmark.pipeline.schedule}.
 */
@NullMarked
package io.shelfmark.pipeline;

import org.jspecify.annotations.NullMarked;
