package io.shelfmark.tracking.internal.mlflow.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.internal.mlflow.wire.RunAnswer;
import io.shelfmark.tracking.internal.mlflow.wire.WireDouble;
import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers what is asked of the histories of metrics. */
final class MetricHandlers {

  static final int MOST_RUNS = 100;
  static final int MOST_POINTS_OF_RUN = 2500;
  static final int MOST_POINTS_OF_CURVE = 20_000;
  private static final int READ_AT_ONCE = 25_000;

  private final RunStore runs;
  private final Guards guards;

  MetricHandlers(TrackingStore store, Guards guards) {
    this.runs = store.runs();
    this.guards = guards;
  }

  /**
   * One page where the request says how long it may be; otherwise all, as clients of 2.x expect.
   */
  Answer history(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String runId = RunHandlers.requiredRunId(in);
    String key = in.required("metric_key");
    RunHandlers.find(runs, runId);
    Optional<String> page = SearchFields.page(in);
    OptionalLong asked = in.optionalLong("max_results");
    int limit =
        asked.isEmpty()
            ? READ_AT_ONCE
            : Math.min(READ_AT_ONCE, SearchFields.limit(in, 1, Integer.MAX_VALUE));
    Page<Metric> first = runs.history(runId, key, limit, page);
    return out -> {
      out.writeArrayFieldStart("metrics");
      Page<Metric> last = first;
      points(out, last.items(), "");
      while (asked.isEmpty() && last.next().isPresent()) {
        last = runs.history(runId, key, limit, last.next());
        points(out, last.items(), "");
      }
      out.writeEndArray();
      SearchFields.next(out, last.next());
    };
  }

  private static void points(JsonGenerator out, List<Metric> points, String runId)
      throws IOException {
    for (Metric point : points) {
      RunAnswer.metric(out, point, runId);
    }
  }

  /** The histories of several runs, each thinned out as one draws it. */
  Answer interval(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String key = in.required("metric_key");
    int limit = SearchFields.limit(in, MOST_POINTS_OF_RUN, MOST_POINTS_OF_RUN);
    OptionalLong start = in.optionalLong("start_step");
    OptionalLong end = in.optionalLong("end_step");
    if (start.isPresent() != end.isPresent()) {
      throw new InvalidRequestException(
          "If either start step or end step are specified, both must be specified.");
    }
    if (start.isPresent() && start.getAsLong() > end.getAsLong()) {
      throw new InvalidRequestException(
          "end_step must be greater than start_step. Found start_step=%d and end_step=%d."
              .formatted(start.getAsLong(), end.getAsLong()));
    }
    List<String> ids = runIds(exchange, "run_ids");
    List<List<Metric>> histories = new ArrayList<>();
    for (String id : ids) {
      histories.add(
          start.isEmpty()
              ? runs.curve(id, key, Math.max(2, limit)).points()
              : between(id, key, start.getAsLong(), end.getAsLong(), limit));
    }
    return answer(ids, histories);
  }

  /** What lies between two steps; evenly fewer of them when they are too many. */
  private List<Metric> between(String id, String key, long start, long end, int limit) {
    List<Metric> found = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Page<Metric> page = runs.history(id, key, READ_AT_ONCE, next);
      for (Metric point : page.items()) {
        if (point.step() > end) {
          return evenly(found, limit);
        }
        if (point.step() >= start) {
          found.add(point);
        }
      }
      next = page.next();
    } while (next.isPresent());
    return evenly(found, limit);
  }

  private static List<Metric> evenly(List<Metric> points, int limit) {
    if (points.size() <= limit) {
      return points;
    }
    List<Metric> fewer = new ArrayList<>(limit);
    for (int i = 0; i < limit; i++) {
      int at = limit == 1 ? 0 : (int) ((long) i * (points.size() - 1) / (limit - 1));
      fewer.add(points.get(at));
    }
    return fewer;
  }

  /** The histories of several runs up to a number of points, as the UI of 2.x asks for them. */
  Answer bulk(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String key = in.required("metric_key");
    int left = Math.min(READ_AT_ONCE, SearchFields.limit(in, READ_AT_ONCE, Integer.MAX_VALUE));
    List<String> ids = runIds(exchange, "run_id").stream().sorted().toList();
    List<List<Metric>> histories = new ArrayList<>();
    for (String id : ids) {
      List<Metric> points =
          left == 0 ? List.of() : runs.history(id, key, left, Optional.empty()).items();
      left -= points.size();
      histories.add(points);
    }
    return answer(ids, histories);
  }

  private List<String> runIds(Exchange exchange, String field) throws IOException {
    List<String> ids = exchange.fields().texts(field);
    if (ids.isEmpty() || ids.size() > MOST_RUNS) {
      throw new InvalidRequestException(
          "Cannot read the histories of %d runs: expected 1 to %d values of %s"
              .formatted(ids.size(), MOST_RUNS, field));
    }
    for (String id : ids) {
      guards.run(exchange.caller(), Right.READ, id);
      RunHandlers.find(runs, id);
    }
    return ids;
  }

  private static Answer answer(List<String> ids, List<List<Metric>> histories) {
    return out -> {
      out.writeArrayFieldStart("metrics");
      for (int i = 0; i < ids.size(); i++) {
        points(out, histories.get(i), ids.get(i));
      }
      out.writeEndArray();
    };
  }

  /** A history as the page draws it; shorter on the wire than MLflow's points. */
  Answer curve(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    long points = in.optionalLong("points").orElse(1000);
    if (points < 2 || points > MOST_POINTS_OF_CURVE) {
      throw new InvalidRequestException(
          "Invalid value %d for parameter 'points': expected 2 to %d"
              .formatted(points, MOST_POINTS_OF_CURVE));
    }
    String runId = RunHandlers.requiredRunId(in);
    String key = in.required("metric_key");
    RunHandlers.find(runs, runId);
    Curve curve = runs.curve(runId, key, (int) points);
    return out -> {
      out.writeStringField("key", curve.key());
      out.writeNumberField("total", curve.total());
      out.writeArrayFieldStart("points");
      for (Metric point : curve.points()) {
        out.writeStartArray();
        out.writeNumber(point.step());
        out.writeNumber(point.time().toEpochMilli());
        WireDouble.write(out, point.value());
        out.writeEndArray();
      }
      out.writeEndArray();
    };
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow/metrics/";
    return List.of(
        Route.of("GET", at + "get-history", guards.run(Right.READ), Handler.json(this::history)),
        Route.of(
            "GET", at + "get-history-bulk-interval", Guard.ANY_USER, Handler.json(this::interval)),
        Route.of("GET", at + "get-history-bulk", Guard.ANY_USER, Handler.json(this::bulk)),
        Route.of("GET", "api/shelfmark/curve", guards.run(Right.READ), Handler.json(this::curve)));
  }
}
