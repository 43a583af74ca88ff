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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
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
  private final BiConsumer<Execution<?>, Runnable> onEnd;
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
  private boolean begun;
  private boolean stopped;
  private Optional<RunEvent.RunEnded> stoppedEarly = Optional.empty();

  Execution(
      Engine engine,
      Pipeline<T> pipeline,
      Ledger ledger,
      Optional<RunRecord> earlier,
      BiConsumer<Execution<?>, Runnable> onEnd) {
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
    this.recall = new Recall(engine.bench().values());
    for (Node node : pipeline.graph().nodes()) {
      Set<Node> from = node.from();
      missing.put(node, from.size());
      from.forEach(source -> takers.computeIfAbsent(source, key -> new ArrayList<>()).add(node));
    }
  }

  /** Begins, or goes on from what is on record. */
  void begin() {
    synchronized (this) {
      begun = true;
      stoppedEarly.ifPresent(end -> end(end.state(), end.failure()));
    }
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
    Duration left = Duration.between(engine.bench().now(), time);
    Optional<Future<?>> timer =
        engine
            .bench()
            .after(
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
    } catch (RuntimeException | Error e) {
      // an error of a host's type, such as a class that is not there, is of this run alone
      stop(RunState.FAILED, "it cannot go on: " + AttemptContext.line(e));
      LOG.warn("Run {} cannot go on", id(), e);
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
    List<Settled> inputs = node.inputs().stream().map(this::source).toList();
    Fate fate =
        Fate.of(
            node,
            node.conditions().stream().map(this::source).toList(),
            inputs,
            recall,
            () -> anew.contains(node) ? Optional.empty() : fromEarlier(node.id()));
    if (fate instanceof Fate.Ended end) {
      record(node.id(), end, () -> settle(node, recall.step(node, end.state(), end.result())));
    } else if (fate instanceof Fate.Each each) {
      expand(node, each, inputs);
    } else if (fate instanceof Fate.Call call) {
      submit(call.task());
    }
  }

  private Optional<StepResult> fromEarlier(String step) {
    return earlier
        .flatMap(record -> record.step(step))
        .flatMap(StepRecord::result)
        .map(result -> result.madeBy(earlier.orElseThrow().id()));
  }

  private void expand(Node node, Fate.Each each, List<Settled> inputs) {
    Gathering gathering = new Gathering(each.size());
    gatherings.put(node, gathering);
    if (each.size() == 0) {
      gather(node, gathering);
      return;
    }
    List<Settled> others = inputs.subList(1, inputs.size());
    for (int i = 0; i < each.size() && !stopped; i++) {
      begin(Task.element(node, i, each.settled(i), others));
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
            slot -> new LocalAttempt(engine, this, slot).perform(task, anew.contains(task.node())));
  }

  /** Submits a task once more, after a wait. */
  void retry(Task task, Duration wait) {
    engine
        .bench()
        .after(
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
  void ended(Task task, Fate.Ended end, @Nullable Object value) {
    if (isStopped()) {
      overtaken(task.id(), end);
      return;
    }
    engine.happenedHere(
        endOf(task.id(), end),
        Journal.Wait.FOR_DISK,
        event ->
            recorded(
                event,
                end,
                () -> settle(task, new Settled(end.state(), end.result(), wrap(task, value)))));
  }

  private static @Nullable Object wrap(Task task, @Nullable Object value) {
    return value != null && task.node().spec().condition().isPresent() ? Optional.of(value) : value;
  }

  private void record(String step, Fate.Ended end, Runnable then) {
    if (isStopped()) {
      overtaken(step, end);
      return;
    }
    engine.happened(endOf(step, end), Journal.Wait.FOR_DISK, event -> recorded(event, end, then));
  }

  private RunEvent.StepEnded endOf(String step, Fate.Ended end) {
    return new RunEvent.StepEnded(
        id(), engine.bench().now(), step, end.state(), end.result(), end.failure());
  }

  private void recorded(RunEvent.StepEnded event, Fate.Ended end, Runnable then) {
    if (ledger.add(event)) {
      proceed(then);
    } else {
      overtaken(event.step(), end);
    }
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /** The run has ended, and released what it kept, while a step was kept: that is not needed. */
  private void overtaken(String step, Fate.Ended end) {
    if (end.result().filter(result -> !result.versions().isEmpty()).isPresent()) {
      int last = ledger.attempts(step) + 1; // a cached result has no attempt
      engine.tidying().later(() -> engine.bench().release(id(), step, last));
    }
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
    Fate.Ended end = Fate.gathered(elements.stream().map(Settled::end).toList());
    List<Object> values =
        end.result().isEmpty() ? List.of() : elements.stream().map(Settled::requireValue).toList();
    record(
        node.id(),
        end,
        () ->
            settle(
                node,
                end.result().isEmpty()
                    ? Settled.without(end.state())
                    : new Settled(end.state(), end.result(), values)));
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

  /** Ends the run before its time, once its start is on record. */
  synchronized void stop(RunState state, String reason) {
    if (!begun) {
      stoppedEarly =
          Optional.of(
              new RunEvent.RunEnded(id(), engine.bench().now(), state, Optional.of(reason)));
    } else if (!stopped) {
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
        new RunEvent.RunEnded(id(), engine.bench().now(), state, failure),
        Journal.Wait.FOR_DISK,
        event -> {
          ledger.add(event);
          onEnd.accept(this, () -> outcome.ended(valueOf(state)));
        });
  }

  private synchronized Optional<Object> valueOf(RunState state) {
    return state == RunState.SUCCEEDED
        ? pipeline.graph().node(pipeline.result().name()).map(settled::get).map(Settled::value)
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
