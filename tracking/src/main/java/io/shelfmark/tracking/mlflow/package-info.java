/**
 * MLflow on both sides: {@link io.shelfmark.tracking.mlflow.MlflowServlet} answers MLflow's clients
 * out of a store, users included.
 */
@NullMarked
package io.shelfmark.tracking.mlflow;

import org.jspecify.annotations.NullMarked;
