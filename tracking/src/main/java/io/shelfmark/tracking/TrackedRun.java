package io.shelfmark.tracking;

import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.internal.host.HostState;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tracking runs of one run of a pipeline. All that it writes may be written again without harm:
 * ids and times come from the run's record. Not thread-safe: its owner guards it.
 */
final class TrackedRun {

  /** Written with each end, by which a run that was told of to its end is known. */
  static final String STATE_TAG = "shelfmark.state";

  private static final String CANCELLED = StepState.CANCELLED.name();
  private static final String FAILURE_TAG = "shelfmark.failure";

  private final Tracker tracker;
  private final String experimentId;
  private final RunId id;
  private final Instant startedAt;
  private final Map<String, String> params;
  private final boolean withElements;

  /** Those that began and did not end, by the names of their steps; the whole run's has none. */
  private final Map<String, Run> open = new HashMap<>();

  private final Map<String, Call> calls = new HashMap<>();

  /** The last call of a step's code. */
  private record Call(int number, Instant startedAt, @Nullable Instant endedAt) {}

  TrackedRun(
      Tracker tracker,
      String experimentId,
      RunId id,
      Instant startedAt,
      Map<String, String> params,
      boolean withElements) {
    this.tracker = tracker;
    this.experimentId = experimentId;
    this.id = id;
    // as the store gives it back to another process
    this.startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS);
    this.params = params;
    this.withElements = withElements;
  }

  static Map<String, String> params(Map<String, String> parameters) {
    Map<String, String> params = new LinkedHashMap<>();
    parameters.forEach(
        (name, json) -> params.put(name, cut(ResultNumbers.text(json), Names.MAX_PARAM)));
    return params;
  }

  private static String cut(String text, int limit) {
    return Names.cleaned(text.length() <= limit ? text : text.substring(0, limit - 1) + "…");
  }

  /** Goes on with what another process began. */
  void resume() {
    open.computeIfAbsent("", name -> alive(PipelineTracking.runId(id)));
  }

  private Run alive(String runId) {
    return tracker.live().add(new Run(tracker, experimentId, runId));
  }

  void begin(RunEvent.RunStarted start) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("shelfmark.pipeline", start.pipeline());
    tags.put("shelfmark.run", id.value());
    tags.put("shelfmark.graph", start.graph().toString());
    start.rerun().ifPresent(rerun -> tags.put("shelfmark.rerun", rerun.run().value()));
    open.computeIfAbsent(
        "", name -> create(PipelineTracking.runId(id), id.value(), startedAt, tags));
  }

  private Run create(String runId, String name, Instant begin, Map<String, String> tags) {
    Run run =
        tracker
            .live()
            .start(tracker, new NewRun(runId, experimentId, name, HostState.user(), begin, tags));
    tracker.outbox().add(new RunWrite.Log(runId, RunLog.params(params)));
    return run;
  }

  /** The run that a step's metrics belong to: its own, or that of its fan-out. */
  Run of(String step, Instant now) {
    String name = withElements ? step : StepRecord.fanOutOf(step).orElse(step);
    Run run = open.get(name);
    if (run == null || run.hasEnded()) {
      run = createStep(name, now);
      open.put(name, run);
    }
    return run;
  }

  private Run createStep(String step, Instant begin) {
    Optional<String> fanOut = StepRecord.fanOutOf(step);
    fanOut.ifPresent(name -> of(name, begin));
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(
        NewRun.PARENT_TAG,
        fanOut
            .map(name -> PipelineTracking.runId(id, name))
            .orElseGet(() -> PipelineTracking.runId(id)));
    tags.put("shelfmark.run", id.value());
    tags.put("shelfmark.step", step);
    return create(PipelineTracking.runId(id, step), step, begin, tags);
  }

  void add(RunEvent event) {
    if (event instanceof RunEvent.AttemptStarted started) {
      calls.put(started.step(), new Call(started.attempt(), started.at(), null));
      of(started.step(), started.at());
    } else if (event instanceof RunEvent.AttemptFailed failed) {
      calls.computeIfPresent(
          failed.step(), (step, call) -> new Call(call.number(), call.startedAt(), failed.at()));
    } else if (event instanceof RunEvent.StepEnded ended) {
      end(ended);
    } else if (event instanceof RunEvent.RunEnded ended) {
      end(ended);
    }
  }

  private void end(RunEvent.StepEnded ended) {
    Optional<String> fanOut = StepRecord.fanOutOf(ended.step());
    if (fanOut.isPresent() && !withElements) {
      endElement(ended, fanOut.get());
    } else if (isTold(ended)) {
      endStep(ended);
    }
  }

  /** A step that was never called has no run of its own, and a sub-pipeline has those within it. */
  private boolean isTold(RunEvent.StepEnded ended) {
    return ended.state() == StepState.CACHED
        || open.containsKey(ended.step())
        || (ended.state() != StepState.NOT_RUN
            && ended.state() != StepState.SKIPPED
            && tracker.find(PipelineTracking.runId(id, ended.step())).isPresent());
  }

  /** Points at its place in the list, so that it does not matter which process tells of it. */
  private void endElement(RunEvent.StepEnded ended, String fanOut) {
    String run = of(fanOut, ended.at()).id();
    int place =
        Integer.parseInt(ended.step().substring(fanOut.length() + 1, ended.step().length() - 1));
    Call call = calls.remove(ended.step());
    Instant end = call == null ? startedAt : endOf(call, ended);
    long millis = end.toEpochMilli();
    if (call != null) {
      double took = seconds(call.startedAt(), end);
      tracker.outbox().metric(run, "element/seconds", took, place, millis);
    }
    switch (ended.state()) {
      case CACHED -> tracker.outbox().metric(run, "element/cached", 1, place, millis);
      case FAILED -> tracker.outbox().metric(run, "element/failed", 1, place, millis);
      default -> {}
    }
  }

  private static Instant endOf(Call call, RunEvent.StepEnded ended) {
    return call.endedAt() == null ? ended.at() : call.endedAt();
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  private void endStep(RunEvent.StepEnded ended) {
    Run run = of(ended.step(), ended.at());
    Call call = calls.remove(ended.step());
    // of a cached step no time is on record, so that of the run stands for it
    Instant time = call == null ? startedAt : endOf(call, ended);
    List<Metric> points = new ArrayList<>();
    if (call != null) {
      points.add(new Metric("step/seconds", seconds(call.startedAt(), time), 0, time));
      points.add(new Metric("step/attempts", call.number(), 0, time));
    }
    ended
        .result()
        .ifPresent(
            result ->
                ResultNumbers.of(result.json())
                    .forEach((key, value) -> points.add(new Metric(key, value, 0, time))));
    tracker.outbox().add(new RunWrite.Log(run.id(), RunLog.metrics(points)));
    close(ended.step(), status(ended.state()), tags(ended), ended.at());
  }

  private static Map<String, String> tags(RunEvent.StepEnded ended) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(STATE_TAG, ended.state().name());
    ended.failure().ifPresent(why -> tags.put(FAILURE_TAG, cut(why, Names.MAX_TAG)));
    ended
        .result()
        .ifPresent(
            result -> {
              result.cachedFrom().ifPresent(run -> tags.put("shelfmark.cachedFrom", run.value()));
              if (!result.versions().isEmpty()) {
                String versions =
                    String.join(", ", result.versions().stream().map(Object::toString).toList());
                tags.put("shelfmark.outputs", cut(versions, Names.MAX_TAG));
              }
            });
    return tags;
  }

  private static RunStatus status(StepState state) {
    return switch (state) {
      case FAILED, NOT_RUN -> RunStatus.FAILED;
      case CANCELLED -> RunStatus.KILLED;
      default -> RunStatus.FINISHED;
    };
  }

  private void end(RunEvent.RunEnded ended) {
    for (String step : List.copyOf(open.keySet())) {
      if (ended.state() == RunState.SUCCEEDED || (!step.isEmpty() && isClosed(step))) {
        drop(step); // its end was told by another process
      } else if (!step.isEmpty()) {
        close(step, RunStatus.KILLED, Map.of(STATE_TAG, CANCELLED), ended.at());
      }
    }
    Run whole = open.computeIfAbsent("", name -> alive(PipelineTracking.runId(id)));
    double took = seconds(startedAt, ended.at().truncatedTo(ChronoUnit.MILLIS));
    tracker.outbox().metric(whole.id(), "run/seconds", took, 0, ended.at().toEpochMilli());
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(STATE_TAG, ended.state().name());
    ended.failure().ifPresent(why -> tags.put(FAILURE_TAG, cut(why, Names.MAX_TAG)));
    close("", status(ended.state()), tags, ended.at());
  }

  private boolean isClosed(String step) {
    return state(step).isPresent();
  }

  private Optional<String> state(String step) {
    return tracker.find(PipelineTracking.runId(id, step)).map(run -> run.tags().get(STATE_TAG));
  }

  private void drop(String step) {
    Run run = open.remove(step);
    if (run != null) {
      tracker.live().remove(run);
    }
  }

  /** Whether an event says something of a run that has ended: how a step of it did. */
  boolean isNews(RunEvent event) {
    if (event instanceof RunEvent.StepEnded ended) {
      return isNews(ended.step());
    }
    return event instanceof RunEvent.AttemptStarted started
        ? isNews(started.step())
        : event instanceof RunEvent.AttemptFailed;
  }

  private boolean isNews(String step) {
    boolean element = StepRecord.fanOutOf(step).isPresent() && !withElements;
    // that it was cancelled is what the run's end made of a step of which nothing was heard
    return element || state(step).filter(state -> !state.equals(CANCELLED)).isEmpty();
  }

  /** Another process told of its end. */
  void leave() {
    List.copyOf(open.keySet()).forEach(this::drop);
  }

  private static RunStatus status(RunState state) {
    return switch (state) {
      case SUCCEEDED -> RunStatus.FINISHED;
      case CANCELLED -> RunStatus.KILLED;
      default -> RunStatus.FAILED;
    };
  }

  /** The tags come last: where they are, everything else is. */
  private void close(String step, RunStatus status, Map<String, String> tags, Instant at) {
    Run run = open.remove(step);
    if (run != null) {
      tracker.outbox().add(new RunWrite.Update(run.id(), RunUpdate.ended(status, at)));
      tracker.outbox().add(new RunWrite.Log(run.id(), RunLog.tags(tags)));
      tracker.live().remove(run);
    }
  }
}
