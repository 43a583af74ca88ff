/**
 * What answers MLflow's clients: a table of routes, who may take each, and one class of handlers
 * for each kind of record. {@code io.shelfmark.tracking.mlflow.MlflowServlet} is the way in.
 */
@NullMarked
package io.shelfmark.tracking.internal.mlflow.server;

import org.jspecify.annotations.NullMarked;
