package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes many writes. What is logged to a run between two changes of its head travels together;
 * where that is refused, one by one, so that only those at fault are left out. Other runs' writes
 * may go before: only the order of a run's own ones matters. When the server is away, those before
 * are made; making all again does no harm. Not thread-safe.
 */
final class RunWriter {

  private final RestRuns runs;
  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<String, List<RunWrite.Log>> pending = new LinkedHashMap<>();

  RunWriter(RestRuns runs) {
    this.runs = runs;
  }

  List<Refusal> write(List<RunWrite> writes) {
    IdentityHashMap<RunWrite, Integer> order = new IdentityHashMap<>();
    for (RunWrite write : writes) {
      order.put(write, order.size());
      if (write instanceof RunWrite.Log log) {
        addLog(log);
      } else {
        flush(write.runId());
        attempt(write);
      }
    }
    List.copyOf(pending.keySet()).forEach(this::flush);
    refusals.sort(Comparator.comparing(refusal -> order.getOrDefault(refusal.write(), 0)));
    return refusals;
  }

  private void addLog(RunWrite.Log log) {
    List<RunWrite.Log> logs = pending.computeIfAbsent(log.runId(), id -> new ArrayList<>());
    if (logs.stream().anyMatch(before -> contradicts(before.log(), log.log()))) {
      flush(log.runId());
      logs = pending.computeIfAbsent(log.runId(), id -> new ArrayList<>());
    }
    logs.add(log);
  }

  /** Whether a param has two values, of which the second is to be refused alone. */
  private static boolean contradicts(RunLog before, RunLog after) {
    return after.params().entrySet().stream()
        .anyMatch(
            p -> !before.params().getOrDefault(p.getKey(), p.getValue()).equals(p.getValue()));
  }

  private void flush(String runId) {
    List<RunWrite.Log> logs = pending.remove(runId);
    if (logs == null) {
      return;
    }
    if (logs.size() == 1) {
      attempt(logs.get(0));
      return;
    }
    try {
      runs.log(runId, merged(logs));
    } catch (TrackingException e) {
      requireFinal(e);
      logs.forEach(this::attempt);
    }
  }

  private static RunLog merged(List<RunWrite.Log> logs) {
    Map<String, String> params = new HashMap<>();
    List<Metric> metrics = new ArrayList<>();
    Map<String, String> tags = new HashMap<>();
    for (RunWrite.Log write : logs) {
      params.putAll(write.log().params());
      metrics.addAll(write.log().metrics());
      tags.putAll(write.log().tags());
    }
    return new RunLog(params, metrics, tags);
  }

  private void attempt(RunWrite write) {
    try {
      if (write instanceof RunWrite.Create create) {
        runs.create(create.run());
      } else if (write instanceof RunWrite.Log log) {
        runs.log(log.runId(), log.log());
      } else if (write instanceof RunWrite.Update update) {
        runs.update(update.runId(), update.update());
      } else if (write instanceof RunWrite.Heartbeat beat) {
        runs.beat(beat.runId(), beat.time());
      }
    } catch (TrackingException e) {
      requireFinal(e);
      refusals.add(new Refusal(write, e));
    }
  }

  /** What a new token, address or day may cure is no reason to leave a write out. */
  private static void requireFinal(TrackingException e) {
    if (e instanceof StoreUnavailableException
        || e instanceof AccessDeniedException
        || e instanceof UnexpectedServerException) {
      throw e;
    }
  }
}
