/**
 * Pipelines on a cluster: the runs of {@link io.shelfmark.pipeline.PipelineRunner} on any number of
 * worker processes, over PostgreSQL and a store that all of them reach.
 */
@NullMarked
package io.shelfmark.cluster;

import org.jspecify.annotations.NullMarked;
