package io.shelfmark.tracking;

import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Runs side by side. Get one from {@link Tracker#compare}.
 *
 * @param runs in the order they were named
 * @param lines a line for each param, then for each metric's last value, by key
 */
public record RunComparison(List<RunInfo> runs, List<Line> lines) {

  /**
   * One param or metric.
   *
   * @param field which
   * @param values of each run, where it has one
   */
  public record Line(Field field, List<Optional<String>> values) {

    /** Copies the values. */
    public Line {
      values = List.copyOf(values);
    }

    /** Whether not all runs have the same. */
    public boolean differs() {
      return values.stream().distinct().count() > 1;
    }
  }

  /** Copies the lists. */
  public RunComparison {
    runs = List.copyOf(runs);
    lines = List.copyOf(lines);
  }

  static RunComparison of(List<RunRecord> runs) {
    List<Line> lines = new ArrayList<>();
    add(lines, runs, Field::param, RunRecord::params);
    add(
        lines,
        runs,
        Field::metric,
        run -> {
          Map<String, String> values = new LinkedHashMap<>();
          run.metrics().forEach((key, point) -> values.put(key, String.valueOf(point.value())));
          return values;
        });
    return new RunComparison(runs.stream().map(RunRecord::info).toList(), lines);
  }

  private static void add(
      List<Line> lines,
      List<RunRecord> runs,
      Function<String, Field> field,
      Function<RunRecord, Map<String, String>> values) {
    List<Map<String, String>> columns = runs.stream().map(values).toList();
    TreeSet<String> keys = new TreeSet<>();
    columns.forEach(column -> keys.addAll(column.keySet()));
    for (String key : keys) {
      lines.add(
          new Line(
              field.apply(key),
              columns.stream().map(column -> Optional.ofNullable(column.get(key))).toList()));
    }
  }
}
