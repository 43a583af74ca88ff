package io.shelfmark.internal.runpage;

import io.shelfmark.pipeline.RunLineage;
import io.shelfmark.pipeline.RunLineage.StepLineage;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of a graph, with what a run has on record of them. Used once; not thread-safe. */
final class Rows {

  private final RunRecord run;
  private final Map<String, StepRecord> steps = new LinkedHashMap<>();
  private final Map<String, List<StepRecord>> elements = new LinkedHashMap<>();
  private final Map<String, StepLineage> edges = new HashMap<>();

  private Rows(RunRecord run, Optional<RunLineage> lineage) {
    this.run = run;
    for (StepRecord step : run.steps()) {
      Optional<String> fanOut = StepRecord.fanOutOf(step.name());
      if (fanOut.isPresent()) {
        elements.computeIfAbsent(fanOut.get(), name -> new ArrayList<>()).add(step);
      } else {
        steps.put(step.name(), step);
      }
    }
    lineage.ifPresent(all -> all.steps().forEach(step -> edges.put(step.step(), step)));
  }

  /** Those of the graph in its order; then those that only the record has. */
  static List<Row> of(RunRecord run, List<StepShape> graph, Optional<RunLineage> lineage) {
    Rows rows = new Rows(run, lineage);
    Map<String, StepShape> shapes = new LinkedHashMap<>();
    graph.forEach(shape -> shapes.put(shape.name(), shape));
    rows.elements
        .keySet()
        .forEach(name -> shapes.putIfAbsent(name, unwired(name, StepShape.Kind.FAN_OUT)));
    rows.steps
        .keySet()
        .forEach(name -> shapes.putIfAbsent(name, unwired(name, StepShape.Kind.CALL)));
    List<Row> all = new ArrayList<>();
    shapes.values().forEach(shape -> all.add(rows.row(all.size(), shape)));
    return all;
  }

  private static StepShape unwired(String name, StepShape.Kind kind) {
    return new StepShape(name, kind, List.of(), List.of());
  }

  private Row row(int index, StepShape shape) {
    Optional<StepRecord> record = Optional.ofNullable(steps.get(shape.name()));
    List<StepRecord> own = elements.getOrDefault(shape.name(), List.of());
    return new Row(
        index,
        shape,
        record.map(StepRecord::state).orElseGet(() -> unsettled(own)),
        record,
        own,
        Optional.ofNullable(edges.get(shape.name())));
  }

  /** Of a step that the record does not name. */
  private StepState unsettled(List<StepRecord> own) {
    if (run.state() != RunState.RUNNING) {
      return StepState.CANCELLED;
    }
    return own.isEmpty() ? StepState.WAITING : StepState.RUNNING;
  }
}
