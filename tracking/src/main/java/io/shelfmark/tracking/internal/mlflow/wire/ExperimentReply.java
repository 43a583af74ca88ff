package io.shelfmark.tracking.internal.mlflow.wire;

import io.shelfmark.tracking.store.ExperimentRecord;
import io.shelfmark.tracking.store.Lifecycle;

/** Reads experiments. */
public final class ExperimentReply {

  private ExperimentReply() {}

  /** Of an {@code experiment} object. */
  public static ExperimentRecord read(Reply reply) {
    return new ExperimentRecord(
        reply.text("experiment_id"),
        reply.text("name"),
        reply.text("artifact_location"),
        lifecycle(reply),
        reply.time("creation_time"),
        reply.time("last_update_time"),
        reply.pairs("tags"));
  }

  static Lifecycle lifecycle(Reply reply) {
    return reply.text("lifecycle_stage").equals("deleted") ? Lifecycle.DELETED : Lifecycle.ACTIVE;
  }
}
