package io.shelfmark.tracking.internal.mlflow.wire;

import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.LoggedModelStatus;

/** Reads logged models as the server has them, run ids included. */
public final class LoggedModelReply {

  private static final String STATUS_PREFIX = "LOGGED_MODEL_";

  private LoggedModelReply() {}

  /** Of a {@code model} object. */
  public static LoggedModelRecord read(Reply reply) {
    Reply info = reply.at("info");
    Reply data = reply.at("data");
    return new LoggedModelRecord(
        info.text("model_id"),
        info.text("experiment_id"),
        info.text("name"),
        info.text("model_type"),
        status(info.text("status")),
        info.find("source_run_id"),
        info.text("artifact_uri"),
        info.time("creation_timestamp_ms"),
        info.time("last_updated_timestamp_ms"),
        data.pairs("params"),
        info.pairs("tags"),
        data.list("metrics").stream().map(RunReply::metric).toList());
  }

  /** The word by which a status travels. */
  public static String word(LoggedModelStatus status) {
    return STATUS_PREFIX + status.name();
  }

  private static LoggedModelStatus status(String word) {
    for (LoggedModelStatus status : LoggedModelStatus.values()) {
      if (word(status).equals(word)) {
        return status;
      }
    }
    return LoggedModelStatus.PENDING; // also MLflow's LOGGED_MODEL_STATUS_UNSPECIFIED
  }
}
