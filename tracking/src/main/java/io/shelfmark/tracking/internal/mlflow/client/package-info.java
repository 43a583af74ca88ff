/** The port of tracking over MLflow's REST protocol. */
@NullMarked
package io.shelfmark.tracking.internal.mlflow.client;

import org.jspecify.annotations.NullMarked;
