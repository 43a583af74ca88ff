package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.ParamChangedException;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Logs to a run. Each request may be sent again: the server keeps a param of the same value, sets a
 * tag anew and drops a point that it has. Thread-safe.
 */
final class RunLogging {

  /** What MLflow says of a changed param, with 400 from its SQL stores and 500 from its files. */
  private static final String CHANGED = "Changing param values is not allowed";

  private final Api api;
  private final RunIds ids;

  RunLogging(Api api, RunIds ids) {
    this.api = api;
    this.ids = ids;
  }

  void log(String id, RunLog log) {
    RunLog translated = new RunLog(log.params(), log.metrics(), ids.serverTags(log.tags()));
    for (ObjectNode batch : LogBatches.split(ids.server(id), translated)) {
      try {
        api.post("log to run " + id, "runs/log-batch", batch);
      } catch (InvalidRequestException e) {
        throw changed(id, log).<TrackingException>map(found -> found).orElse(e);
      } catch (StoreUnavailableException e) {
        String message = String.valueOf(e.getMessage());
        throw message.contains(CHANGED)
            ? changed(id, log).<TrackingException>map(found -> found).orElse(e)
            : e;
      }
    }
  }

  /** The message names the param in another way in each version; the record tells for sure. */
  private Optional<ParamChangedException> changed(String id, RunLog log) {
    if (log.params().isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> recorded = ids.find(id).map(RunRecord::params).orElse(Map.of());
    for (Map.Entry<String, String> param : new TreeMap<>(log.params()).entrySet()) {
      String value = recorded.get(param.getKey());
      if (value != null && !value.equals(param.getValue())) {
        return Optional.of(new ParamChangedException(id, param.getKey(), value, param.getValue()));
      }
    }
    return Optional.empty();
  }
}
