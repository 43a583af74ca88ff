/**
 * MLflow on both sides: {@link io.shelfmark.tracking.mlflow.MlflowTracking} sends to its servers,
 * {@code MlflowServlet} answers its clients out of a store, users included.
 */
@NullMarked
package io.shelfmark.tracking.mlflow;

import org.jspecify.annotations.NullMarked;
