/** MLflow's JSON: what requests say and what replies hold. */
@NullMarked
package io.shelfmark.tracking.internal.mlflow.wire;

import org.jspecify.annotations.NullMarked;
