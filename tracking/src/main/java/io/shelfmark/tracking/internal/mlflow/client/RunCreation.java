package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.internal.mlflow.wire.RunReply;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a run once, however often it is asked to. On MLflow's server, which makes a new run at each
 * request, the run is looked for by its tag before every attempt, so that one whose reply was lost
 * is found. Thread-safe.
 */
final class RunCreation {

  private final Api api;
  private final ServerKind kind;
  private final RunIds ids;

  RunCreation(Api api, ServerKind kind, RunIds ids) {
    this.api = api;
    this.kind = kind;
    this.ids = ids;
  }

  RunRecord create(NewRun run) {
    if (kind.isShelfmark()) {
      ObjectNode body = body(run, run.tags()).put("run_id", run.id());
      return RunReply.read(post(run, body, Repeat.ALWAYS));
    }
    Map<String, String> tags = new HashMap<>(ids.serverTags(run.tags()));
    tags.put(RunIds.TAG, run.id());
    ObjectNode body = body(run, tags);
    Attempts attempts = api.requests().attempts();
    while (true) {
      Optional<RunRecord> made = ids.findMade(run.id(), run.experimentId());
      if (made.isPresent()) {
        return ids.record(made.get());
      }
      try {
        return ids.record(RunReply.read(post(run, body, Repeat.IF_NOT_APPLIED)));
      } catch (StoreUnavailableException e) {
        if (Thread.currentThread().isInterrupted() || !attempts.await(Duration.ZERO)) {
          throw e;
        }
      }
    }
  }

  private Reply post(NewRun run, ObjectNode body, Repeat repeat) {
    return api.send("create run " + run.id(), "POST", "runs/create", body, repeat).at("run");
  }

  private static ObjectNode body(NewRun run, Map<String, String> tags) {
    ObjectNode body = Api.object().put("experiment_id", run.experimentId());
    if (!run.user().isEmpty()) {
      body.put("user_id", run.user());
    }
    if (!run.name().isEmpty()) {
      body.put("run_name", run.name());
    }
    body.put("start_time", run.startTime().toEpochMilli());
    body.set("tags", Api.pairs(tags));
    return body;
  }
}
