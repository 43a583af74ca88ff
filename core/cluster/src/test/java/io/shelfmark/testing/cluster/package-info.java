/**
 * Pipelines on a cluster under failures: real processes over a real PostgreSQL, stopped, killed and
 * cut off. Each {@link io.shelfmark.testing.cluster.FaultScenario} is a test and, repeated, a soak.
 */
@NullMarked
package io.shelfmark.testing.cluster;

import org.jspecify.annotations.NullMarked;
