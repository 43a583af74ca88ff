package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Node.FromParameter;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.pipeline.Node.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: which steps are settled, and which can begin. Steps begin once those that they take from
 * are on record. Thread-safe: it guards itself; what it appends to the journal calls back later.
 */
final class Execution<T> implements PipelineRun<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final Engine engine;
  private final Pipeline<T> pipeline;
  private final Ledger ledger;
  private final Optional<RunRecord> earlier;
  private final Set<Node> anew;
  private final Consumer<Execution<?>> onEnd;
  private final Map<Node, List<Node>> takers = new HashMap<>();
  private final Outcome outcome = new Outcome();
  private final Recall recall;

  // guarded by this
  private final Map<Node, Integer> missing = new HashMap<>();
  private final Map<Node, Settled> settled = new HashMap<>();
  private final Map<String, Settled> parameters = new HashMap<>();
  private final Map<Node, Gathering> gatherings = new HashMap<>();
  private final Set<AttemptContext> attempts = new HashSet<>();
  private final Deque<Node> ready = new ArrayDeque<>();
  private Optional<Future<?>> deadline = Optional.empty();
  private boolean draining;
  private boolean stopped;

  Execution(
      Engine engine,
      Pipeline<T> pipeline,
      Ledger ledger,
      Optional<RunRecord> earlier,
      Consumer<Execution<?>> onEnd) {
    this.engine = engine;
    this.pipeline = pipeline;
    this.ledger = ledger;
    this.earlier = earlier;
    this.anew =
        ledger
            .start()
            .rerun()
            .map(rerun -> Downstream.of(pipeline.graph(), rerun.step()))
            .orElse(Set.of());
    this.onEnd = onEnd;
    this.recall = new Recall(engine.values());
    for (Node node : pipeline.graph().nodes()) {
      Set<Node> from = from(node);
      missing.put(node, from.size());
      from.forEach(source -> takers.computeIfAbsent(source, key -> new ArrayList<>()).add(node));
    }
  }

  private static Set<Node> from(Node node) {
    Set<Node> from = new LinkedHashSet<>();
    Stream.concat(node.inputs().stream(), node.conditions().stream())
        .forEach(
            source -> {
              if (source instanceof FromStep step) {
                from.add(step.node());
              }
            });
    return from;
  }

  /** Begins, or goes on from what is on record. */
  void begin() {
    outcome.begun();
    ledger.start().deadline().ifPresent(this::endBy);
    proceed(
        () -> {
          for (Parameter<?> parameter : pipeline.parameters()) {
            parameters.put(
                parameter.name(),
                recall.parameter(parameter, ledger.start().parameters().get(parameter.name())));
          }
          pipeline.graph().nodes().stream()
              .filter(node -> missing.getOrDefault(node, 0) == 0)
              .forEach(ready::add);
        });
  }

  private void endBy(Instant time) {
    Duration left = Duration.between(engine.now(), time);
    Optional<Future<?>> timer =
        engine.after(
            left.isNegative() ? Duration.ZERO : left,
            () -> stop(RunState.FAILED, "its deadline " + time + " has passed"));
    synchronized (this) {
      deadline = timer;
    }
  }

  /** Waits until the run is on record. */
  void awaitBegin() {
    outcome.awaitBegin();
  }

  /** Takes a step on; a run that cannot go on ends, rather than hang. */
  private synchronized void proceed(Runnable what) {
    if (stopped) {
      return;
    }
    try {
      what.run();
      drain();
    } catch (RuntimeException e) {
      LOG.warn("Run {} cannot go on", id(), e);
      stop(RunState.FAILED, "it cannot go on: " + e.getMessage());
    }
  }

  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      for (Node node = ready.poll(); node != null && !stopped; node = ready.poll()) {
        begin(node);
      }
    } finally {
      draining = false;
    }
    if (!stopped && settled.size() == pipeline.graph().nodes().size()) {
      boolean whole = settled.values().stream().noneMatch(Settled::isMissing);
      end(
          whole ? RunState.SUCCEEDED : RunState.FAILED,
          whole ? Optional.empty() : Optional.of("a step has no result"));
    }
  }

  private Settled source(Source source) {
    Settled found =
        source instanceof FromStep step
            ? settled.get(step.node())
            : parameters.get(((FromParameter) source).parameter().name());
    if (found == null) {
      throw new IllegalStateException("step begun before " + source.id());
    }
    return found;
  }

  private void begin(Node node) {
    StepState known = ledger.state(node.id());
    if (known != StepState.WAITING && known != StepState.RUNNING) {
      settle(node, recall.step(node, known, ledger.result(node.id())));
      return;
    }
    List<Settled> conditions = node.conditions().stream().map(this::source).toList();
    List<Settled> inputs = node.inputs().stream().map(this::source).toList();
    if (conditions.stream().anyMatch(value -> !value.isMissing() && !value.isTrue())) {
      ended(node, StepState.SKIPPED, Optional.of(StepResult.NOTHING), Optional.empty());
    } else if (Stream.concat(conditions.stream(), inputs.stream()).anyMatch(Settled::isMissing)) {
      ended(
          node,
          StepState.NOT_RUN,
          Optional.empty(),
          Optional.of("a step that it takes from has no result"));
    } else {
      Optional<StepResult> taken = anew.contains(node) ? Optional.empty() : fromEarlier(node.id());
      if (taken.isPresent()) {
        ended(node, StepState.CACHED, taken, Optional.empty());
      } else if (node.isSubPipeline()) {
        ended(node, StepState.SUCCEEDED, inputs.get(inputs.size() - 1).result(), Optional.empty());
      } else if (node.isFanOut()) {
        expand(node, inputs);
      } else {
        submit(Task.of(node, inputs));
      }
    }
  }

  private Optional<StepResult> fromEarlier(String step) {
    return earlier
        .flatMap(record -> record.step(step))
        .flatMap(StepRecord::result)
        .map(
            result ->
                new StepResult(
                    result.json(),
                    result.digest(),
                    result.versions(),
                    Optional.of(earlier.orElseThrow().id())));
  }

  private void expand(Node node, List<Settled> inputs) {
    List<?> elements = (List<?>) inputs.get(0).requireValue();
    Gathering gathering = new Gathering(elements.size());
    gatherings.put(node, gathering);
    if (elements.isEmpty()) {
      gather(node, gathering);
      return;
    }
    ResultType<?> type = ResultType.of(node.spec().arguments().get(0).type().element());
    for (int i = 0; i < elements.size() && !stopped; i++) {
      List<Settled> own = new ArrayList<>(inputs);
      Object element = elements.get(i);
      own.set(0, recall.value(type, element));
      begin(Task.element(node, i, own));
    }
  }

  private void begin(Task element) {
    StepState known = ledger.state(element.id());
    Optional<StepResult> result =
        known.hasResult() ? ledger.result(element.id()) : Optional.empty();
    if (known == StepState.FAILED) {
      settle(element, Settled.without(known));
    } else if (result.isPresent()) {
      settle(element, recall.element(element, known, result.get()));
    } else {
      submit(element);
    }
  }

  private void submit(Task task) {
    engine
        .slots()
        .submit(
            task.node().spec().queue(),
            slot -> new TaskRun(engine, this, task, slot, anew.contains(task.node())).perform());
  }

  /** Submits a task once more, after a wait. */
  void retry(Task task, Duration wait) {
    engine.after(
        wait,
        () -> {
          synchronized (this) {
            if (!stopped) {
              submit(task);
            }
          }
        });
  }

  /** Enters an attempt, which is interrupted when the run stops; false when it has stopped. */
  synchronized boolean enter(AttemptContext attempt) {
    if (!stopped) {
      attempts.add(attempt);
    }
    return !stopped;
  }

  synchronized void leave(AttemptContext attempt) {
    attempts.remove(attempt);
  }

  Ledger ledger() {
    return ledger;
  }

  /** Puts on record how a task ended; the value is at hand where its code has just given it. */
  void ended(
      Task task,
      StepState state,
      Optional<StepResult> result,
      @Nullable Object value,
      Optional<String> failure) {
    record(
        task.id(),
        state,
        result,
        failure,
        () -> settle(task, new Settled(state, result, wrap(task, value))));
  }

  private static @Nullable Object wrap(Task task, @Nullable Object value) {
    return value != null && task.node().spec().condition().isPresent() ? Optional.of(value) : value;
  }

  private void ended(
      Node node, StepState state, Optional<StepResult> result, Optional<String> failure) {
    record(node.id(), state, result, failure, () -> settle(node, recall.step(node, state, result)));
  }

  private void record(
      String step,
      StepState state,
      Optional<StepResult> result,
      Optional<String> failure,
      Runnable then) {
    synchronized (this) {
      if (stopped) {
        return;
      }
    }
    engine.happened(
        new RunEvent.StepEnded(id(), engine.now(), step, state, result, failure),
        Journal.Wait.FOR_DISK,
        event -> {
          ledger.add(event);
          proceed(then);
        });
  }

  private void settle(Task task, Settled what) {
    if (task.element() < 0) {
      settle(task.node(), what);
      return;
    }
    Gathering gathering = gatherings.get(task.node());
    if (gathering != null && gathering.add(task.element(), what)) {
      gather(task.node(), gathering);
    }
  }

  private void gather(Node node, Gathering gathering) {
    gatherings.remove(node);
    List<Settled> elements = gathering.elements();
    long failed = elements.stream().filter(Settled::isMissing).count();
    if (failed > 0) {
      ended(
          node,
          StepState.FAILED,
          Optional.empty(),
          Optional.of("%d of %d elements have no result".formatted(failed, elements.size())));
      return;
    }
    StepResult result = Settled.gathered(elements);
    List<Object> values = elements.stream().map(Settled::requireValue).toList();
    record(
        node.id(),
        StepState.SUCCEEDED,
        Optional.of(result),
        Optional.empty(),
        () -> settle(node, new Settled(StepState.SUCCEEDED, Optional.of(result), values)));
  }

  private void settle(Node node, Settled what) {
    if (settled.putIfAbsent(node, what) != null) {
      return;
    }
    for (Node taker : takers.getOrDefault(node, List.of())) {
      if (missing.merge(taker, -1, Integer::sum) == 0) {
        ready.add(taker);
      }
    }
  }

  /** Ends the run before its time. */
  synchronized void stop(RunState state, String reason) {
    if (!stopped) {
      end(state, Optional.of(reason));
      interrupt();
    }
  }

  private void interrupt() {
    List.copyOf(attempts).forEach(AttemptContext::abandon);
  }

  private void end(RunState state, Optional<String> failure) {
    if (stopped) {
      return;
    }
    stopped = true;
    deadline.ifPresent(timer -> timer.cancel(false));
    engine.happened(
        new RunEvent.RunEnded(id(), engine.now(), state, failure),
        Journal.Wait.FOR_DISK,
        event -> {
          ledger.add(event);
          try {
            onEnd.accept(this);
          } finally {
            outcome.ended(valueOf(state));
          }
        });
  }

  private synchronized Optional<Object> valueOf(RunState state) {
    return state == RunState.SUCCEEDED
        ? pipeline.graph().nodes().stream()
            .filter(node -> node.id().equals(pipeline.result().name()))
            .findFirst()
            .map(settled::get)
            .map(Settled::value)
        : Optional.empty();
  }

  /** The runner goes; the run stays as it is on record. */
  void suspend(RuntimeException reason) {
    synchronized (this) {
      stopped = true;
      interrupt();
    }
    outcome.suspended(reason);
  }

  @Override
  public RunId id() {
    return ledger.start().run();
  }

  @Override
  public RunRecord record() {
    return ledger.record();
  }

  @Override
  @SuppressWarnings("unchecked") // the value of the step whose type is T
  public T result() {
    return (T) outcome.await().orElseThrow(() -> new RunFailedException(record()));
  }

  @Override
  public boolean await(Duration limit) {
    return outcome.await(limit) || ledger.hasEnded();
  }
}
