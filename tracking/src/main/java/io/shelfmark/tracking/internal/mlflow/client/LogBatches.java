package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.RunLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Splits what is logged into requests that MLflow takes: params first, since they may be refused,
 * then tags, then metrics in their order. Not thread-safe.
 */
final class LogBatches {

  static final int MOST_METRICS = 1000;
  static final int MOST_PARAMS = 100;
  static final int MOST_TAGS = 100;
  static final int MOST_OF_ALL = 1000;

  /** MLflow refuses log-batch requests of more than 1,000,000 bytes. */
  static final int MOST_BYTES = 1_000_000;

  private static final int ENVELOPE = 200;

  private final String runId;
  private final List<ObjectNode> batches = new ArrayList<>();
  private ObjectNode batch = Api.object();
  private int entries;
  private int bytes;

  private LogBatches(String runId) {
    this.runId = runId;
  }

  /** Bodies of log-batch, in the order in which they are to be sent; none for nothing. */
  static List<ObjectNode> split(String runId, RunLog log) {
    LogBatches split = new LogBatches(runId);
    byKey(log.params()).forEach(p -> split.add("params", MOST_PARAMS, p));
    byKey(log.tags()).forEach(t -> split.add("tags", MOST_TAGS, t));
    log.metrics().forEach(m -> split.add("metrics", MOST_METRICS, metric(m)));
    split.finish();
    return split.batches;
  }

  static ObjectNode metric(Metric metric) {
    ObjectNode node = Api.object().put("key", metric.key());
    if (Double.isFinite(metric.value())) {
      node.put("value", metric.value());
    } else {
      node.put("value", Double.toString(metric.value())); // NaN and Infinity are no JSON numbers
    }
    return node.put("timestamp", metric.time().toEpochMilli()).put("step", metric.step());
  }

  private static List<ObjectNode> byKey(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(pair -> Api.pair(pair.getKey(), pair.getValue()))
        .toList();
  }

  private void add(String list, int most, ObjectNode entry) {
    int size = Api.bytes(entry).length + 1;
    boolean full =
        batch.path(list).size() == most
            || entries == MOST_OF_ALL
            || bytes + size > MOST_BYTES - ENVELOPE;
    if (full) {
      finish();
    }
    if (entries == 0) {
      batch.put("run_id", runId);
    }
    ArrayNode into = batch.has(list) ? (ArrayNode) batch.get(list) : batch.putArray(list);
    into.add(entry);
    entries++;
    bytes += size;
  }

  private void finish() {
    if (entries > 0) {
      batches.add(batch);
      batch = Api.object();
      entries = 0;
      bytes = 0;
    }
  }
}
