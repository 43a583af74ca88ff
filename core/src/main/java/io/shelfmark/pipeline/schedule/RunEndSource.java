package io.shelfmark.pipeline.schedule;

import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ends of another pipeline's runs, of which the last 50 are looked at. */
record RunEndSource(PipelineRunner runner, String pipeline, Set<RunState> states)
    implements EventSource {

  private static final int RUNS = 50;

  @Override
  public String baseline() {
    return "";
  }

  @Override
  public List<Event> poll(Past past, Instant now) {
    Comparator<RunRecord> byEnd = Comparator.comparing(run -> run.endedAt().orElse(Instant.MAX));
    return runner.runs(pipeline).stream()
        .filter(run -> states.contains(run.state()))
        .filter(run -> run.endedAt().filter(past.since()::isBefore).isPresent())
        .sorted(byEnd.reversed())
        .limit(RUNS)
        .sorted(byEnd)
        .map(
            run ->
                new Event(
                    run.id().value(),
                    run.endedAt().orElse(now),
                    Map.of(
                        "run", run.id().value(),
                        "pipeline", pipeline,
                        "state", run.state().name())))
        .toList();
  }
}
