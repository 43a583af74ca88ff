package io.shelfmark.cluster;

import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.StepWorker;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Puts runs on record; from then on any process does their steps. Thread-safe. */
final class RunStarts {

  private final RunStore runs;
  private final Tickets tickets;
  private final StepWorker worker;

  RunStarts(RunStore runs, Tickets tickets, StepWorker worker) {
    this.runs = runs;
    this.tickets = tickets;
    this.worker = worker;
  }

  /** Begins a run, unless one of its id and graph is on record. */
  RunId start(Pipeline<?> pipeline, RunOptions options) {
    RunEvent.RunStarted start = worker.start(pipeline, options, Clock.systemUTC().instant());
    List<StepWorker.Shape> shapes = StepWorker.shapes(pipeline);
    while (!runs.create(start, shapes, options.priority())) {
      Optional<RunEvent.RunStarted> there = onRecord(start.run());
      if (there.isPresent()) {
        requireGraph(there.get(), pipeline);
        return start.run();
      } // else it has been forgotten meanwhile
    }
    onRecord(start.run()).ifPresent(worker::tell);
    shapes.stream()
        .filter(shape -> shape.from().isEmpty())
        .map(StepWorker.Shape::queue)
        .distinct()
        .forEach(tickets::wake);
    return start.run();
  }

  private Optional<RunEvent.RunStarted> onRecord(RunId run) {
    try {
      return runs.find(run).map(RunStore.Run::start);
    } catch (SQLException e) {
      throw Database.failure("read how run " + run + " began", e);
    }
  }

  private static void requireGraph(RunEvent.RunStarted there, Pipeline<?> pipeline) {
    if (!there.graph().equals(pipeline.graph().digest())) {
      throw new IllegalArgumentException(
          "Cannot start run %s of %s: found it on record with another graph, expected a new id or the same pipeline"
              .formatted(there.run(), pipeline));
    }
  }
}
