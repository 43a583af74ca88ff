package io.shelfmark.tracking.internal.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.RunLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LogBatchesTest {

  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_123L);

  @Property(tries = 60)
  void split_anyLog_keepsLimitsAndAll(
      @ForAll @IntRange(max = 350) int params,
      @ForAll @IntRange(max = 350) int tags,
      @ForAll @IntRange(max = 3500) int metrics,
      @ForAll @IntRange(min = 1, max = 6000) int valueLength) {
    RunLog log = log(params, tags, metrics, valueLength);

    List<ObjectNode> batches = LogBatches.split("r", log);

    Map<String, String> sentParams = new HashMap<>();
    Map<String, String> sentTags = new HashMap<>();
    List<Long> steps = new ArrayList<>();
    for (ObjectNode batch : batches) {
      int p = batch.path("params").size();
      int t = batch.path("tags").size();
      int m = batch.path("metrics").size();
      assertThat(p).isLessThanOrEqualTo(100);
      assertThat(t).isLessThanOrEqualTo(100);
      assertThat(p + t + m).isBetween(1, 1000);
      assertThat(Api.bytes(batch).length).isLessThanOrEqualTo(1_000_000);
      assertThat(batch.path("run_id").asText()).isEqualTo("r");
      batch.path("params").forEach(e -> put(sentParams, e));
      batch.path("tags").forEach(e -> put(sentTags, e));
      batch.path("metrics").forEach(e -> steps.add(e.path("step").asLong()));
    }
    assertThat(sentParams).isEqualTo(log.params());
    assertThat(sentTags).isEqualTo(log.tags());
    assertThat(steps).isEqualTo(log.metrics().stream().map(Metric::step).toList());
  }

  private static void put(Map<String, String> into, JsonNode entry) {
    into.put(entry.path("key").asText(), entry.path("value").asText());
  }

  private static RunLog log(int params, int tags, int metrics, int valueLength) {
    Map<String, String> someParams = new HashMap<>();
    for (int i = 0; i < params; i++) {
      someParams.put("p" + i, "ж".repeat(valueLength));
    }
    Map<String, String> someTags = new HashMap<>();
    for (int i = 0; i < tags; i++) {
      someTags.put("t" + i, "\"".repeat(valueLength / 2));
    }
    List<Metric> points = new ArrayList<>();
    for (int i = 0; i < metrics; i++) {
      points.add(new Metric("m", i / 7.0, i, TIME));
    }
    return new RunLog(someParams, points, someTags);
  }

  @Test
  void split_ofNothing_isNothing() {
    assertThat(LogBatches.split("r", RunLog.params(Map.of()))).isEmpty();
  }

  @Test
  void split_small_isOneRequestByteForByte() {
    RunLog log =
        new RunLog(
            Map.of("b", "2", "a", "ж"),
            List.of(
                new Metric("m", 0.5, 3, TIME),
                new Metric("m", Double.NaN, 4, TIME),
                new Metric("m", Double.NEGATIVE_INFINITY, -1, TIME)),
            Map.of("t", "v"));

    assertThat(LogBatches.split("r", log))
        .singleElement()
        .hasToString(
            """
            {"run_id":"r","params":[{"key":"a","value":"ж"},{"key":"b","value":"2"}],\
            "tags":[{"key":"t","value":"v"}],\
            "metrics":[{"key":"m","value":0.5,"timestamp":1700000000123,"step":3},\
            {"key":"m","value":"NaN","timestamp":1700000000123,"step":4},\
            {"key":"m","value":"-Infinity","timestamp":1700000000123,"step":-1}]}""");
  }
}
