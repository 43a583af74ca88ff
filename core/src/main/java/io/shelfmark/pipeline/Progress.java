package io.shelfmark.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a run on through its steps: decides what becomes of each once all that it takes from is on
 * record, and submits what code there is to call. A step that is on record already is not done
 * again. Not thread-safe: its run guards it.
 */
final class Progress {

  private final Engine engine;
  private final Execution<?> run;
  private final Pipeline<?> pipeline;
  private final Ledger ledger;
  private final Optional<RunRecord> earlier;

  /** The steps that a run which repeats another does itself. */
  private final Set<Node> anew;

  private final Recall recall;
  private final Frontier frontier;
  private final Map<Node, Gathering> gatherings = new HashMap<>();
  private boolean advancing;

  Progress(
      Engine engine,
      Execution<?> run,
      Pipeline<?> pipeline,
      Ledger ledger,
      Optional<RunRecord> earlier) {
    this.engine = engine;
    this.run = run;
    this.pipeline = pipeline;
    this.ledger = ledger;
    this.earlier = earlier;
    this.anew =
        ledger
            .start()
            .rerun()
            .map(rerun -> Downstream.of(pipeline.graph(), rerun.step()))
            .orElse(Set.of());
    this.recall = new Recall(engine.bench().values());
    this.frontier = new Frontier(pipeline.graph());
  }

  /** Reads the parameters; steps that take from no other can begin. */
  void begin() {
    Map<String, Settled> parameters = new HashMap<>();
    for (Parameter<?> parameter : pipeline.parameters()) {
      parameters.put(
          parameter.name(),
          recall.parameter(parameter, ledger.start().parameters().get(parameter.name())));
    }
    frontier.begin(parameters);
  }

  /**
   * Takes on all steps that can begin, until the run is stopped. What is on record at once comes
   * back to here while this is at work: then it only adds to what can begin.
   *
   * @return whether all steps are settled now; never within another call
   */
  boolean advance() {
    if (advancing) {
      return false;
    }
    advancing = true;
    try {
      for (Optional<Node> node = frontier.next();
          node.isPresent() && !run.isStopped();
          node = frontier.next()) {
        begin(node.get());
      }
    } finally {
      advancing = false;
    }
    return frontier.isComplete();
  }

  /** Whether no settled step is without a result. */
  boolean isWhole() {
    return frontier.isWhole();
  }

  /** The value of the pipeline's result. */
  Optional<Object> result() {
    return pipeline
        .graph()
        .node(pipeline.result().name())
        .flatMap(frontier::settled)
        .map(Settled::value);
  }

  private void begin(Node node) {
    StepState known = ledger.state(node.id());
    if (known != StepState.WAITING && known != StepState.RUNNING) {
      frontier.settle(node, recall.step(node, known, ledger.result(node.id())));
      return;
    }
    List<Settled> inputs = frontier.values(node.inputs());
    Fate fate =
        Fate.of(
            node,
            frontier.values(node.conditions()),
            inputs,
            recall,
            () -> anew.contains(node) ? Optional.empty() : fromEarlier(node.id()));
    if (fate instanceof Fate.Ended end) {
      run.record(
          node.id(),
          end,
          () -> frontier.settle(node, recall.step(node, end.state(), end.result())));
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
    for (int i = 0; i < each.size() && !run.isStopped(); i++) {
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

  /** Has its code called, once there is a place for it. */
  void submit(Task task) {
    engine
        .slots()
        .submit(
            task.node().spec().queue(),
            slot -> new LocalAttempt(engine, run, slot).perform(task, anew.contains(task.node())));
  }

  /** A task has ended, and that is on record; a fan-out, when it was the last of its elements. */
  void settle(Task task, Settled what) {
    if (task.element() < 0) {
      frontier.settle(task.node(), what);
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
    run.record(
        node.id(),
        end,
        () ->
            frontier.settle(
                node,
                end.result().isEmpty()
                    ? Settled.without(end.state())
                    : new Settled(end.state(), end.result(), values)));
  }
}
