package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.Node.FromParameter;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.pipeline.Node.Source;
import io.shelfmark.pipeline.Values.UnkeptException;
import io.shelfmark.storage.Digest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  private static final StepResult NOTHING =
      new StepResult("null", Digest.of("null".getBytes(UTF_8)), List.of(), Optional.empty());

  private final Engine engine;
  private final Pipeline<T> pipeline;
  private final Ledger ledger;
  private final Optional<RunRecord> earlier;
  private final Set<Node> anew;
  private final Consumer<Execution<?>> onEnd;
  private final Map<Node, List<Node>> takers = new IdentityHashMap<>();
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final CompletableFuture<Optional<Object>> outcome = new CompletableFuture<>();

  // guarded by this
  private final Map<Node, Integer> missing = new IdentityHashMap<>();
  private final Map<Node, Settled> settled = new IdentityHashMap<>();
  private final Map<String, Settled> parameters = new HashMap<>();
  private final Map<Node, Gathering> gatherings = new IdentityHashMap<>();
  private final Set<AttemptContext> attempts = new HashSet<>();
  private final Deque<Node> ready = new ArrayDeque<>();
  private Optional<Future<?>> deadline = Optional.empty();
  private boolean draining;
  private boolean stopped;

  /** The elements of a fan-out. */
  private static final class Gathering {
    final Settled[] elements;
    int missing;

    Gathering(int size) {
      elements = new Settled[size];
      missing = size;
    }
  }

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
    begun.complete(null);
    ledger
        .start()
        .deadline()
        .ifPresent(
            end -> {
              Duration left = Duration.between(engine.now(), end);
              Optional<Future<?>> timer =
                  engine.after(
                      left.isNegative() ? Duration.ZERO : left,
                      () -> stop(RunState.FAILED, "its deadline " + end + " has passed"));
              synchronized (this) {
                deadline = timer;
              }
            });
    synchronized (this) {
      try {
        for (Parameter<?> parameter : pipeline.parameters()) {
          parameters.put(parameter.name(), parameter(parameter));
        }
      } catch (UnkeptException e) {
        stop(RunState.FAILED, "a parameter cannot be read: " + e.getMessage());
        return;
      }
      pipeline.graph().nodes().stream()
          .filter(node -> missing.getOrDefault(node, 0) == 0)
          .forEach(ready::add);
      drain();
    }
  }

  /**
   * Waits until the run is on record.
   *
   * @throws io.shelfmark.storage.StorageException when the journal failed
   */
  void awaitBegin() {
    join(begun);
  }

  private static <V> V join(CompletableFuture<V> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while it waited for a run, which goes on", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  private Settled parameter(Parameter<?> parameter) throws UnkeptException {
    String json = ledger.start().parameters().get(parameter.name());
    Object value =
        json == null ? parameter.defaultValue() : engine.values().read(parameter.type(), json);
    return new Settled(
        StepState.SUCCEEDED, Optional.of(engine.values().write(parameter.type(), value)), value);
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
    } catch (RuntimeException e) {
      LOG.warn("Run {} cannot go on", id(), e);
      stop(RunState.FAILED, "it cannot go on: " + e);
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
      settle(node, recall(node, known, ledger.result(node.id())));
      return;
    }
    List<Settled> conditions = node.conditions().stream().map(this::source).toList();
    List<Settled> inputs = node.inputs().stream().map(this::source).toList();
    if (conditions.stream().anyMatch(value -> !value.isMissing() && !value.isTrue())) {
      ended(node, StepState.SKIPPED, Optional.of(NOTHING), Optional.empty());
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
        submit(task(node, -1, node.id(), inputs));
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

  /** A result on record as a value again. */
  private Settled recall(Node node, StepState state, Optional<StepResult> result) {
    if (result.isEmpty()) {
      return Settled.without(state);
    }
    if (state == StepState.SKIPPED) {
      return new Settled(state, result, Optional.empty());
    }
    try {
      return new Settled(state, result, engine.values().read(node.type(), result.get().json()));
    } catch (UnkeptException e) {
      stop(
          RunState.FAILED,
          "the result of step %s on record cannot be read: %s".formatted(node.id(), e.getCause()));
      return Settled.without(StepState.FAILED);
    }
  }

  private static Task task(Node node, int element, String id, List<Settled> inputs) {
    List<VersionRef> versions =
        inputs.stream()
            .flatMap(input -> input.result().stream())
            .flatMap(result -> result.versions().stream())
            .distinct()
            .toList();
    return new Task(
        node,
        element,
        id,
        inputs.stream().map(Settled::requireValue).toList(),
        inputs.stream().map(Settled::requireDigest).toList(),
        versions);
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
      try {
        own.set(
            0,
            new Settled(
                StepState.SUCCEEDED, Optional.of(engine.values().write(type, element)), element));
        begin(task(node, i, node.id() + "[" + i + "]", own));
      } catch (UnkeptException e) {
        stop(RunState.FAILED, "element %d of step %s cannot be kept".formatted(i, node.id()));
      }
    }
  }

  private void begin(Task element) {
    StepState known = ledger.state(element.id());
    Optional<StepResult> result =
        known.hasResult() ? ledger.result(element.id()) : Optional.empty();
    if (known == StepState.FAILED) {
      settle(element, Settled.without(known));
    } else if (result.isPresent()) {
      settle(element, recallElement(element, known, result.get()));
    } else {
      submit(element);
    }
  }

  private Settled recallElement(Task element, StepState state, StepResult result) {
    try {
      return new Settled(
          state,
          Optional.of(result),
          engine.values().read(element.node().bodyType(), result.json()));
    } catch (UnkeptException e) {
      stop(
          RunState.FAILED,
          "the result of %s on record cannot be read: %s".formatted(element.id(), e.getCause()));
      return Settled.without(StepState.FAILED);
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
    record(node.id(), state, result, failure, () -> settle(node, recall(node, state, result)));
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
          synchronized (this) {
            if (!stopped) {
              then.run();
              drain();
            }
          }
        });
  }

  private void settle(Task task, Settled what) {
    if (task.element() < 0) {
      settle(task.node(), what);
      return;
    }
    Gathering gathering = gatherings.get(task.node());
    if (gathering == null || gathering.elements[task.element()] != null) {
      return;
    }
    gathering.elements[task.element()] = what;
    if (--gathering.missing == 0) {
      gather(task.node(), gathering);
    }
  }

  private void gather(Node node, Gathering gathering) {
    gatherings.remove(node);
    List<Settled> elements = List.of(gathering.elements);
    long failed = elements.stream().filter(Settled::isMissing).count();
    if (failed > 0) {
      ended(
          node,
          StepState.FAILED,
          Optional.empty(),
          Optional.of("%d of %d elements have no result".formatted(failed, elements.size())));
      return;
    }
    StepResult result = gathered(elements);
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
          onEnd.accept(this);
          Settled last = resultOf(state);
          outcome.complete(Optional.ofNullable(last == null ? null : last.value()));
        });
  }

  private synchronized @Nullable Settled resultOf(RunState state) {
    return state == RunState.SUCCEEDED
        ? settled.get(
            pipeline.graph().nodes().stream()
                .filter(node -> node.id().equals(pipeline.result().name()))
                .findFirst()
                .orElseThrow())
        : null;
  }

  /** The runner goes; the run stays as it is on record. */
  void suspend(RuntimeException reason) {
    synchronized (this) {
      stopped = true;
      interrupt();
    }
    begun.completeExceptionally(reason);
    outcome.completeExceptionally(reason);
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
    return (T) join(outcome).orElseThrow(() -> new RunFailedException(record()));
  }

  @Override
  public boolean await(Duration limit) {
    try {
      outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      return ledger.hasEnded();
    }
  }

  /** What the results of a fan-out's elements are together. */
  static StepResult gathered(List<Settled> elements) {
    List<StepResult> results =
        elements.stream().map(element -> element.result().orElseThrow()).toList();
    return new StepResult(
        results.stream().map(StepResult::json).collect(joining(",", "[", "]")),
        Digest.of(
            results.stream()
                .map(result -> result.digest().toString())
                .collect(joining("\n"))
                .getBytes(UTF_8)),
        results.stream().flatMap(result -> result.versions().stream()).distinct().toList(),
        Optional.empty());
  }
}
