/** The JSON of MLflow's REST protocol, as clients send it and as it is answered. */
@NullMarked
package io.shelfmark.tracking.internal.mlflow.wire;

import org.jspecify.annotations.NullMarked;
