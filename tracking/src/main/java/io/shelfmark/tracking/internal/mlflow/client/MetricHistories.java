package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.internal.Downsampling;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.internal.mlflow.wire.RunReply;
import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Histories of metrics. Shelfmark's server pages them in the port's order. MLflow's pages are by
 * time, so that one of several pages is read whole and put in order; the last one read is kept for
 * its next page, and a page goes on behind the last point of the one before, whatever was logged in
 * between. Thread-safe.
 */
final class MetricHistories {

  /** Without max_results MLflow 3 answers no points and a token. */
  private static final int POINTS_A_REQUEST = 25_000;

  /** Most points that Shelfmark's server draws. */
  private static final int MOST_SERVED_POINTS = 20_000;

  private static final Comparator<Metric> ORDER =
      Comparator.comparingLong(Metric::step)
          .thenComparing(Metric::time)
          .thenComparingDouble(Metric::value);

  private record Read(String runId, String key, List<Metric> points) {}

  private final Api api;
  private final ServerKind kind;
  private volatile @Nullable Read last;

  MetricHistories(Api api, ServerKind kind) {
    this.api = api;
    this.kind = kind;
  }

  Page<Metric> page(String runId, String key, int limit, Optional<String> page) {
    if (limit < 1) {
      throw new InvalidRequestException(
          "Cannot read %d points of metric %s: expected 1 or more".formatted(limit, key));
    }
    if (kind.isShelfmark()) {
      Reply reply = request(runId, key, Math.min(limit, POINTS_A_REQUEST), page);
      return new Page<>(RunReply.metrics(reply), reply.find("next_page_token"));
    }
    Read read = last;
    boolean goesOn = page.isPresent() && read != null && isOf(read, runId, key);
    List<Metric> points = goesOn && read != null ? read.points() : all(runId, key);
    int from = page.isPresent() ? firstAfter(points, point(page.get(), key)) : 0;
    int to = Math.min(points.size(), from + limit);
    boolean more = to < points.size();
    last = more ? new Read(runId, key, points) : null;
    List<Metric> items = points.subList(from, to);
    return new Page<>(items, more ? Optional.of(token(points.get(to - 1))) : Optional.empty());
  }

  Curve curve(String runId, String key, int points) {
    if (points < 2) {
      throw new InvalidRequestException(
          "Cannot draw metric %s with %d points: expected 2 or more".formatted(key, points));
    }
    if (kind.isShelfmark()) {
      return served(runId, key, Math.min(points, MOST_SERVED_POINTS));
    }
    List<Metric> all = all(runId, key);
    return new Curve(key, Downsampling.of(all, points), all.size());
  }

  /** Shelfmark's server thins out itself. */
  private Curve served(String runId, String key, int points) {
    Reply reply =
        api.getShelfmark(
            "draw metric " + key + " of run " + runId,
            "curve",
            "run_id",
            runId,
            "metric_key",
            key,
            "points",
            Integer.toString(points));
    return new Curve(key, RunReply.curve(key, reply), reply.number("total"));
  }

  private static boolean isOf(Read read, String runId, String key) {
    return read.runId().equals(runId) && read.key().equals(key);
  }

  private List<Metric> all(String runId, String key) {
    List<Metric> points = new ArrayList<>();
    Optional<String> page = Optional.empty();
    try {
      do {
        Reply reply = request(runId, key, POINTS_A_REQUEST, page);
        points.addAll(RunReply.metrics(reply));
        page = reply.find("next_page_token");
      } while (page.isPresent());
    } catch (RecordNotFoundException e) {
      requireRun(runId); // MLflow's file store says so of a metric as well
      return List.of();
    }
    if (points.isEmpty()) {
      requireRun(runId); // its SQL store does not say so of a run
    }
    points.sort(ORDER);
    return withoutRepeated(points);
  }

  private void requireRun(String runId) {
    api.get("read run " + runId, "runs/get", "run_id", runId);
  }

  /** MLflow's file store keeps a point that was sent again. */
  private static List<Metric> withoutRepeated(List<Metric> sorted) {
    List<Metric> points = new ArrayList<>(sorted.size());
    for (Metric point : sorted) {
      if (points.isEmpty() || ORDER.compare(points.get(points.size() - 1), point) != 0) {
        points.add(point);
      }
    }
    return points;
  }

  private Reply request(String runId, String key, int limit, Optional<String> page) {
    List<String> query = new ArrayList<>(List.of("run_id", runId, "metric_key", key));
    Collections.addAll(query, "max_results", Integer.toString(limit));
    page.ifPresent(token -> Collections.addAll(query, "page_token", token));
    String what = "read metric " + key + " of run " + runId;
    return api.get(what, "metrics/get-history", query.toArray(String[]::new));
  }

  private static int firstAfter(List<Metric> points, Metric point) {
    int found = Collections.binarySearch(points, point, ORDER);
    return found < 0 ? -found - 1 : found + 1;
  }

  private static String token(Metric point) {
    return point.step()
        + "_"
        + point.time().toEpochMilli()
        + "_"
        + Double.doubleToLongBits(point.value());
  }

  private static Metric point(String token, String key) {
    try {
      String[] parts = token.split("_", -1);
      return new Metric(
          key,
          Double.longBitsToDouble(Long.parseLong(parts[2])),
          Long.parseLong(parts[0]),
          Instant.ofEpochMilli(Long.parseLong(parts[1])));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new InvalidRequestException(
          "Cannot read page %s of metric %s: expected what the page before named"
              .formatted(token, key),
          e);
    }
  }
}
