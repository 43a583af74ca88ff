package io.shelfmark.cluster;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.RunSteps;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.pipeline.StepWorker;
import io.shelfmark.storage.StorageException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a ticket says: one step, or one element of a fan-out. Thread-safe. */
final class StepHandler implements TicketHandler {

  private static final Logger LOG = LoggerFactory.getLogger(StepHandler.class);

  /** Attempts at a step whose worker was lost in the middle, after which it has failed. */
  static final int MOST_LOST = 20;

  /** Of a character in UTF-8. */
  private static final int MOST_BYTES = 3;

  private static final Duration NEXT_LOOK_FOR_PLACE = Duration.ofMillis(200);

  private final Parts parts;
  private final AtomicLong begun = new AtomicLong();

  /**
   * What it works with.
   *
   * @param owner this process, by a name that no other has or had
   * @param ended who hears of the ends of runs that this process brings
   */
  record Parts(
      String owner,
      Tables tables,
      StepLogs logs,
      StepWorker worker,
      ActiveRuns runs,
      UnknownGraphs unknown,
      Commits commits,
      Attempts attempts,
      ClusterMeters meters,
      Consumer<RunEvent.RunEnded> ended) {}

  StepHandler(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void handle(Ticket ticket) throws Exception {
    TicketId id = TicketId.parse(ticket.id());
    Optional<RunStore.Run> run = parts.runs().find(id.step().run());
    if (run.isEmpty()) {
      LOG.warn("Ticket {} is of no run on record, and is dropped", ticket.id());
      return;
    }
    Optional<ActiveRuns.Active> active = parts.runs().open(run.get());
    if (active.isEmpty()) {
      RunEvent.RunStarted start = run.get().start();
      throw new Redeliver(
          "graph %s of pipeline %s is not registered here"
              .formatted(start.graph(), start.pipeline()),
          parts.unknown().miss(ticket.id(), start.pipeline(), start.graph()));
    }
    boolean limited = parts.tables().limits().isLimited(ticket.queue());
    if (limited) {
      awaitPlace(id.step(), ticket.queue());
    }
    try {
      begin(id, active.get());
    } finally {
      if (limited) {
        parts.tables().limits().give(id.step());
      }
    }
  }

  /** On this thread: the others of the queue want the same places. */
  private void awaitPlace(StepKey step, String queue) throws SQLException, InterruptedException {
    while (!parts.tables().limits().take(step, queue)) {
      TimeUnit.NANOSECONDS.sleep(NEXT_LOOK_FOR_PLACE.toNanos());
    }
  }

  private void begin(TicketId ticket, ActiveRuns.Active active) throws Exception {
    StepKey step = ticket.step();
    List<String> sources = step.isElement() ? List.of() : active.from(step.node());
    String holder = parts.owner() + "/" + begun.incrementAndGet();
    Optional<StepClaims.Begun> found =
        parts.tables().claims().begin(ticket, active.run().start().at(), holder, sources);
    if (found.isEmpty()) {
      if (parts.runs().isReplaced(active)) {
        throw new Redeliver("id " + step.run() + " is another run's now", Duration.ZERO);
      }
      return;
    }
    Fate fate;
    try {
      fate = fate(found.get(), active);
    } catch (IllegalStateException e) {
      LOG.warn("Run {} cannot go on", step.run(), e);
      parts
          .tables()
          .endings()
          .early(step.run(), RunState.FAILED, "it cannot go on: " + e.getMessage())
          .ifPresent(parts.ended());
      return;
    }
    StepStore.Commit commit = act(found.get(), active, fate);
    if (commit instanceof StepStore.Fenced fenced) {
      parts.meters().fenced(step.run(), step.name(), found.get().at());
      LOG.info(
          "What step {} gave in epoch {} counts for nothing: it is {}",
          step,
          found.get().claim().epoch(),
          fenced.found());
    } else if (commit instanceof StepStore.Settled settled) {
      settled.end().ifPresent(parts.ended());
    }
  }

  private Fate fate(StepClaims.Begun begun, ActiveRuns.Active active) throws SQLException {
    StepKey step = begun.claim().step();
    RunSteps.Known known = parts.runs().known(active, begun.sources());
    if (step.isElement()) {
      return active.steps().element(step.node(), step.place(), begun.input().orElseThrow(), known);
    }
    if (begun.isExpanded()) {
      return gather(step, active.steps());
    }
    Fate fate = active.steps().decide(step.node(), known);
    return fate instanceof Fate.Each each && each.size() == 0
        ? active.steps().gather(List.of())
        : fate;
  }

  /** What is too much, or incomplete, is not read. */
  private Fate gather(StepKey step, RunSteps all) throws SQLException {
    FanOutStore.Extent found = parts.tables().fanOuts().extent(step);
    Optional<Fate.Ended> refused = all.ungathered(found.elements(), found.results(), found.bytes());
    if (refused.isPresent() && mayFit(found, all)) {
      refused =
          all.ungathered(
              found.elements(), found.results(), parts.tables().fanOuts().characters(step));
    }
    return refused.isPresent()
        ? refused.get()
        : all.gather(parts.tables().fanOuts().elements(step));
  }

  /** Counting the characters of what is far too long would take long itself. */
  private static boolean mayFit(FanOutStore.Extent found, RunSteps all) {
    return all.ungathered(found.elements(), found.results(), found.bytes() / MOST_BYTES).isEmpty();
  }

  private StepStore.Commit act(StepClaims.Begun begun, ActiveRuns.Active active, Fate fate)
      throws SQLException, InterruptedException {
    int priority = active.run().priority();
    if (fate instanceof Fate.Call call) {
      Optional<Fate.Ended> givenUp = givenUp(begun.claim());
      return givenUp.isPresent()
          ? parts.commits().settle(begun, givenUp.get(), StepStore.Attempted.NO, priority)
          : attempt(begun, active, call);
    }
    if (fate instanceof Fate.Each each) {
      return parts.commits().expand(begun, each, priority);
    }
    return parts.commits().settle(begun, (Fate.Ended) fate, StepStore.Attempted.NO, priority);
  }

  /** Code that ends its process whenever it is called would take down one worker after another. */
  private Optional<Fate.Ended> givenUp(StepClaims.Claim claim) throws SQLException {
    if (claim.epoch() <= MOST_LOST) {
      return Optional.empty();
    }
    long lost = parts.tables().claims().lostAttempts(claim.step());
    return lost < MOST_LOST
        ? Optional.empty()
        : Optional.of(
            new Fate.Ended(
                StepState.FAILED,
                Optional.empty(),
                Optional.of(
                    "its worker was lost %d times in the middle of it, expected fewer than %d (see whether it ends its process, such as for want of memory)"
                        .formatted(lost, MOST_LOST))));
  }

  private StepStore.Commit attempt(StepClaims.Begun begun, ActiveRuns.Active active, Fate.Call call)
      throws SQLException, InterruptedException {
    StepKey step = begun.claim().step();
    int number = begun.claim().epoch();
    int priority = active.run().priority();
    Doing doing =
        new Doing(
            step,
            parts.logs(),
            () ->
                parts
                    .worker()
                    .tell(new RunEvent.AttemptStarted(step.run(), begun.at(), step.name(), number)),
            () -> release(begun.claim()));
    RunSteps.Attempt attempt = active.steps().attempt(call, number, begun.failures(), doing);
    StepStore.Commit commit = perform(begun, attempt, doing, priority);
    if (commit instanceof StepStore.Fenced) {
      release(begun.claim());
    }
    return commit;
  }

  private StepStore.Commit perform(
      StepClaims.Begun begun, RunSteps.Attempt attempt, Doing doing, int priority)
      throws SQLException, InterruptedException {
    Doing.Outcome outcome = parts.attempts().perform(begun.claim(), attempt, doing);
    if (outcome instanceof Doing.Ended ended) {
      return parts.commits().settle(begun, ended.end(), ended.attempted(), priority);
    }
    if (outcome instanceof Doing.Failed failed) {
      return parts.commits().failed(begun, failed, priority);
    }
    return new StepStore.Fenced("stopped, for its run has ended or another took it over");
  }

  /** What counts for nothing need not be kept: its run may have ended, and looks at it no more. */
  private void release(StepClaims.Claim claim) {
    try {
      parts.worker().release(claim.step().run(), claim.step().name(), claim.epoch());
    } catch (StorageException e) {
      LOG.warn("Cannot release what step {} kept; it costs room only", claim.step(), e);
    }
  }
}
