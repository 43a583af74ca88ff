package io.shelfmark.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.shelfmark.Workspace;
import io.shelfmark.internal.lineage.EventSink;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells tools that keep lineage what ran and which versions it took and gave, as events of
 * OpenLineage 2-0-2: {@code LocalRunner.in(workspace).listener(OpenLineage.toFile(path).open())}.
 * Thread-safe; who opened it closes it, after the runner.
 *
 * <p>A run of a pipeline is a run, each of its steps another one with the first as its parent; the
 * elements of a fan-out count as their step. Ids of runs are UUIDs of version 5 (RFC 9562) of the
 * namespace, the run and the step: whoever tells of a run, after a crash too, tells of the same
 * one. Steps that were skipped or not run are not told of, nor is what their code does after the
 * run's end.
 */
public final class OpenLineage implements RunEvent.Listener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OpenLineage.class);
  private static final int RUNS = 1000;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final EventSink sink;
  private final LineageEvents events;

  /** Runs that go on; the end of one may be heard in another process alone. Guarded by this. */
  private final Map<RunId, LineageRun> runs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, LineageRun> eldest) {
          return size() > RUNS;
        }
      };

  /** Runs whose end was told here; guarded by this. */
  private final Set<RunId> over =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<RunId, Boolean> eldest) {
              return size() > RUNS;
            }
          });

  private final Map<String, Pipeline<?>> pipelines = new ConcurrentHashMap<>();
  private volatile Function<RunId, Optional<RunRecord>> records = run -> Optional.empty();

  OpenLineage(EventSink sink, LineageEvents events) {
    this.sink = sink;
    this.events = events;
  }

  /** Begins with a file that gets a line of JSON for each event, at its end. */
  public static OpenLineageBuilder toFile(Path file) {
    return new OpenLineageBuilder(file);
  }

  /**
   * Begins with a server that takes events by POST, such as {@code
   * http://marquez:5000/api/v1/lineage}.
   *
   * @throws IllegalArgumentException when it is no address of HTTP
   */
  public static OpenLineageBuilder toHttp(URI server) {
    return new OpenLineageBuilder(server);
  }

  /** What a runner does its runs with, and what it knows of those begun before. */
  void attach(Workspace workspace, Function<RunId, Optional<RunRecord>> find) {
    records = find;
    events.digestsOf(workspace);
  }

  /** A pipeline whose runs will be told of. */
  void registered(Pipeline<?> pipeline) {
    pipelines.put(LineageRun.key(pipeline.name(), pipeline.graph().digest()), pipeline);
  }

  @Override
  public synchronized void happened(RunEvent event) {
    if (event instanceof RunEvent.RunStarted started) {
      LineageRun run = LineageRun.of(started, pipelines);
      runs.put(run.id(), run);
      over.remove(run.id());
      send(events.runStarted(run, started.at()));
      return;
    }
    LineageRun known = runs.get(event.run());
    if (known != null) {
      tell(known, event);
      return;
    }
    Optional<RunRecord> record = records.apply(event.run());
    if (isLate(event, record)) {
      LOG.debug("Run {} is over: {} is not told", event.run(), event);
    } else {
      tell(takeUp(event.run(), record, event.at()), event);
    }
  }

  private void tell(LineageRun run, RunEvent event) {
    if (event instanceof RunEvent.AttemptStarted attempt) {
      attemptStarted(run, attempt);
    } else if (event instanceof RunEvent.StepEnded ended) {
      stepEnded(run, ended);
    } else if (event instanceof RunEvent.RunEnded ended) {
      records.apply(run.id()).ifPresent(run::refresh);
      run.open().forEach(step -> send(events.stepAborted(run, step, ended)));
      send(events.runEnded(run, ended));
      runs.remove(run.id());
      over.add(run.id());
    }
  }

  /** Whether a step's code went on after its run was cancelled, or its deadline had passed. */
  private boolean isLate(RunEvent event, Optional<RunRecord> record) {
    return over.contains(event.run())
        || (!(event instanceof RunEvent.RunEnded)
            && record.flatMap(RunRecord::endedAt).filter(event.at()::isAfter).isPresent());
  }

  /**
   * A run that began before this listener. Its start is told once more, under the same id: the
   * process before may have been killed before it told of it.
   */
  private LineageRun takeUp(RunId id, Optional<RunRecord> record, Instant at) {
    LineageRun run =
        record
            .map(found -> LineageRun.of(found, pipelines))
            .orElseGet(() -> LineageRun.unknown(id));
    LOG.debug("Run {} of pipeline {} began before this process", id, run.pipeline());
    run.startedAt().ifPresent(start -> send(events.runStarted(run, start)));
    send(events.runGoesOn(run, at));
    runs.put(id, run);
    return run;
  }

  private void attemptStarted(LineageRun run, RunEvent.AttemptStarted attempt) {
    String step = LineageRun.stepOf(attempt.step());
    if (run.open(step)) {
      refreshFor(run, step);
      send(events.stepStarted(run, step, attempt.at()));
    } else if (attempt.step().equals(step)) {
      send(events.stepTriedAgain(run, attempt));
    }
  }

  private void stepEnded(LineageRun run, RunEvent.StepEnded ended) {
    if (!LineageRun.stepOf(ended.step()).equals(ended.step())) {
      return; // an element: its step tells of it
    }
    run.add(ended);
    if (ended.state() == StepState.SKIPPED
        || ended.state() == StepState.NOT_RUN
        || run.isSubPipeline(ended.step())) {
      return;
    }
    if (run.open(ended.step())) {
      refreshFor(run, ended.step());
      send(events.stepStarted(run, ended.step(), ended.at()));
    }
    run.close(ended.step());
    send(events.stepEnded(run, ended));
  }

  /** What a step takes from may have been done elsewhere. */
  private void refreshFor(LineageRun run, String step) {
    if (!run.knowsInputsOf(step)) {
      records.apply(run.id()).ifPresent(run::refresh);
    }
  }

  private void send(Object event) {
    try {
      sink.accept(MAPPER.writeValueAsString(event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can be written", e);
    }
  }

  /**
   * Lets events that wait arrive, for 10 s, and gives one that is on its way then 10 s more; may be
   * called twice.
   */
  @Override
  public void close() {
    sink.close();
  }
}
