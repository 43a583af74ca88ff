package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.TrackingStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The guards of the routes. Whether something is on record is no secret of a guard's: where the
 * caller may not, the unknown is refused like the known. Thread-safe.
 */
final class Guards {

  private static final int MOST_OWNERS = 10_000;

  private final TrackingStore store;

  /** Experiments by run: a run never moves. Protected by itself. */
  private final Map<String, String> owners =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_OWNERS;
        }
      };

  Guards(TrackingStore store) {
    this.store = store;
  }

  /** What concerns all experiments, or none: the registry of models, making an experiment. */
  Guard general(Right right) {
    return exchange ->
        require(exchange.caller().may(right), exchange.caller(), right, "the server");
  }

  /** What concerns the experiment of {@code experiment_id}; 0 where there is none. */
  Guard experiment(Right right) {
    return exchange -> {
      String id = exchange.fields().text("experiment_id");
      experiment(exchange.caller(), right, id.isEmpty() ? "0" : id);
    };
  }

  /** What concerns the experiment of the run of {@code run_id}. */
  Guard run(Right right) {
    return exchange -> {
      if (!exchange.caller().may(right)) {
        run(exchange.caller(), right, runId(exchange.fields()));
      }
    };
  }

  /** What concerns the experiment of the logged model that the path names. */
  Guard loggedModel(Right right) {
    return exchange -> {
      Caller caller = exchange.caller();
      if (!caller.may(right)) {
        String id = exchange.name("model_id");
        Optional<String> owner = store.loggedModels().find(id).map(model -> model.experimentId());
        require(owner.isPresent() && caller.may(right, owner.get()), caller, right, "model " + id);
      }
    };
  }

  /** What concerns the experiment that a path in the artifact proxy begins with. */
  Guard artifact(Right right) {
    return exchange -> {
      List<String> path = exchange.rest();
      artifact(exchange.caller(), right, path.isEmpty() ? "" : path.get(0));
    };
  }

  /** The same for a path that is a field of the query. */
  Guard artifactFolder(Right right) {
    return exchange -> {
      String path = exchange.query().text("path");
      artifact(exchange.caller(), right, path.split("/", 2)[0]);
    };
  }

  private static void artifact(Caller caller, Right right, String experimentId) {
    require(caller.may(right, experimentId), caller, right, "artifacts of " + experimentId);
  }

  /** Returns when the caller may in the run's experiment. */
  void run(Caller caller, Right right, String runId) {
    Optional<String> owner = caller.may(right) ? Optional.empty() : owner(runId);
    require(
        caller.may(right) || (owner.isPresent() && caller.may(right, owner.get())),
        caller,
        right,
        "run " + runId);
  }

  /** Returns when the caller may in the experiment. */
  void experiment(Caller caller, Right right, String id) {
    require(caller.may(right, id), caller, right, "experiment " + id);
  }

  /** The run that a request names, by the name of today or by that of old clients. */
  static String runId(RequestFields fields) {
    String id = fields.text("run_id");
    return id.isEmpty() ? fields.text("run_uuid") : id;
  }

  private Optional<String> owner(String runId) {
    synchronized (owners) {
      String known = owners.get(runId);
      if (known != null) {
        return Optional.of(known);
      }
    }
    Optional<String> found = store.runs().find(runId).map(run -> run.info().experimentId());
    if (found.isPresent()) {
      synchronized (owners) {
        owners.put(runId, found.get());
      }
    }
    return found;
  }

  private static void require(boolean granted, Caller caller, Right right, String what) {
    if (!granted) {
      throw new AccessDeniedException(
          "Cannot serve user %s: the right to %s is missing on %s (ask for a role or grant)"
              .formatted(caller.name(), right, what));
    }
  }
}
