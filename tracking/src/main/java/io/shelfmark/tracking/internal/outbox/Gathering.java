package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes writes of what was added: metrics of a run with no other write between them become one.
 * Those of several runs at once are sorted by run, which nobody can tell, as a batch is on record
 * as a whole. For one thread.
 */
final class Gathering {

  private final List<RunWrite> writes = new ArrayList<>();
  private final Map<String, List<Metric>> open = new LinkedHashMap<>();
  private @Nullable String lastRun;
  private List<Metric> last = List.of();
  private Instant lastTime = Instant.EPOCH;
  private long lastMillis;

  void metric(String runId, String key, double value, long step, long timeMillis) {
    // mostly the same text as before, and the same millisecond
    if (!runId.equals(lastRun)) {
      last = open.computeIfAbsent(runId, id -> new ArrayList<>());
      lastRun = runId;
    }
    if (timeMillis != lastMillis) {
      lastTime = Instant.ofEpochMilli(timeMillis);
      lastMillis = timeMillis;
    }
    last.add(new Metric(key, value, step, lastTime));
  }

  void add(RunWrite write) {
    endMetrics();
    writes.add(write);
  }

  private void endMetrics() {
    open.forEach((runId, metrics) -> writes.add(new RunWrite.Log(runId, RunLog.metrics(metrics))));
    open.clear();
    lastRun = null;
  }

  List<RunWrite> finish() {
    endMetrics();
    return List.copyOf(writes);
  }
}
