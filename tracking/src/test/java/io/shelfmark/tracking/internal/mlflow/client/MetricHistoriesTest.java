package io.shelfmark.tracking.internal.mlflow.client;

import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against MLflow, whose pages are by time. */
@Timeout(60)
class MetricHistoriesTest {

  private static final String ID = "run";
  private static final String GET =
      "GET /api/2.0/mlflow/metrics/get-history?run_id=run&metric_key=m&max_results=25000";

  private ScriptedServer server;
  private RestTrackingStore store;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedServer.mlflow("3.11.1");
    store = server.open();
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private static String points(String token, int... steps) {
    return IntStream.of(steps)
        .mapToObj(
            s ->
                "{\"key\":\"m\",\"value\":%d,\"timestamp\":%d,\"step\":%d}"
                    .formatted(s, 100 - s, s))
        .collect(
            Collectors.joining(",", "{\"metrics\":[", "],\"next_page_token\":\"" + token + "\"}"));
  }

  private Page<Metric> page(int limit, Optional<String> page) {
    return store.runs().history(ID, "m", limit, page);
  }

  private static List<Long> steps(Page<Metric> page) {
    return page.items().stream().map(Metric::step).toList();
  }

  @Test
  void history_ofSeveralPages_isInOrderOfStepsAndAskedForOnce() {
    server.then(points("x", 5, 4, 3)).then(points("", 2, 1));

    Page<Metric> first = page(2, Optional.empty());
    Page<Metric> second = page(2, first.next());
    Page<Metric> third = page(2, second.next());

    assertThat(steps(first)).containsExactly(1L, 2L);
    assertThat(steps(second)).containsExactly(3L, 4L);
    assertThat(steps(third)).containsExactly(5L);
    assertThat(third.next()).isEmpty();
    assertThat(server.sent()).containsExactly(GET, GET + "&page_token=x");
  }

  @Test
  void history_grownBetweenPages_goesOnBehindTheLastPoint() {
    server.then(points("", 2, 4, 6));
    Page<Metric> first = page(2, Optional.empty());
    try (RestTrackingStore other = server.open()) {
      server.then(points("", 1, 2, 3, 4, 6, 7));
      Page<Metric> second = other.runs().history(ID, "m", 10, first.next());
      assertThat(steps(second)).containsExactly(6L, 7L);
    }
  }

  @Test
  void history_withARepeatedPoint_hasItOnce() {
    server.then(points("", 1, 1, 2));
    assertThat(steps(page(10, Optional.empty()))).containsExactly(1L, 2L);
  }

  @Test
  void history_ofAnUnknownMetric_isEmpty() {
    server.then("{\"metrics\":[]}").then("{\"run\":{}}");
    assertThat(page(10, Optional.empty()).items()).isEmpty();
    server.then(refusal(404, "RESOURCE_DOES_NOT_EXIST", "Metric 'm' not found")).then("{}");
    assertThat(page(10, Optional.empty()).items()).isEmpty();
  }

  @Test
  void history_ofAnUnknownRun_isNotFound() {
    server.then("{\"metrics\":[]}").then(refusal(404, "RESOURCE_DOES_NOT_EXIST", "no run"));
    assertThatThrownBy(() -> page(10, Optional.empty()))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void history_wrongPageOrLimit_isRefused() {
    server.then(points("", 1));
    assertThatThrownBy(() -> page(10, Optional.of("nonsense")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("nonsense");
    assertThatThrownBy(() -> page(0, Optional.empty())).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void curve_isThinnedOutHere() {
    server.then(points("", IntStream.range(0, 1000).toArray()));

    Curve curve = store.runs().curve(ID, "m", 50);

    assertThat(curve.total()).isEqualTo(1000);
    assertThat(curve.points()).hasSizeLessThanOrEqualTo(52);
    assertThat(curve.points()).contains(new Metric("m", 999, 999, Instant.ofEpochMilli(100 - 999)));
    assertThatThrownBy(() -> store.runs().curve(ID, "m", 1))
        .isInstanceOf(InvalidRequestException.class);
  }
}
