/**
 * MLflow on both sides: {@link io.shelfmark.tracking.mlflow.MlflowTracking} sends to its servers.
 */
@NullMarked
package io.shelfmark.tracking.mlflow;

import org.jspecify.annotations.NullMarked;
