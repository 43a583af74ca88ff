/**
 * MLflow's REST protocol on both sides.
 *
 * <p>{@link io.shelfmark.tracking.mlflow.MlflowTracking} sends the record to a server that a
 * company has; {@link io.shelfmark.tracking.mlflow.MlflowServlet} answers MLflow's clients out of a
 * store of ours, for {@link io.shelfmark.tracking.mlflow.MlflowUsers} with roles.
 */
@NullMarked
package io.shelfmark.tracking.mlflow;

import org.jspecify.annotations.NullMarked;
