package io.shelfmark.cluster;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.RunSteps;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.pipeline.StepWorker;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a ticket says: one step, or one element of a fan-out. Thread-safe. */
final class StepHandler implements TicketHandler {

  private static final Logger LOG = LoggerFactory.getLogger(StepHandler.class);

  /** Another worker may have the graph; it is looked for after a time from this on. */
  private static final Duration OTHER_GRAPH = Duration.ofMillis(200);

  private static final int LONGEST_FACTOR = 10;

  private static final Duration NEXT_LOOK_FOR_PLACE = Duration.ofMillis(200);

  /** How long a result waits for a database that is away. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

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
      Workspace workspace,
      StepWorker worker,
      ActiveRuns runs,
      RunStore runStore,
      StepStore steps,
      FanOutStore fanOuts,
      Limits limits,
      Attempts attempts,
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
      throw new Redeliver(
          "graph %s of pipeline %s is not registered here"
              .formatted(run.get().start().graph(), run.get().start().pipeline()),
          OTHER_GRAPH.multipliedBy(1 + ThreadLocalRandom.current().nextInt(LONGEST_FACTOR)));
    }
    boolean limited = parts.limits().isLimited(ticket.queue());
    if (limited) {
      awaitPlace(id.step(), ticket.queue());
    }
    boolean fenced = false;
    try {
      fenced = begin(id, active.get()) instanceof StepStore.Fenced;
    } finally {
      if (limited && !fenced) {
        parts.limits().give(id.step());
      }
    }
  }

  /** On this thread: the others of the queue want the same places. */
  private void awaitPlace(StepKey step, String queue) throws SQLException, InterruptedException {
    while (!parts.limits().take(step, queue)) {
      TimeUnit.NANOSECONDS.sleep(NEXT_LOOK_FOR_PLACE.toNanos());
    }
  }

  private StepStore.Commit begin(TicketId ticket, ActiveRuns.Active active) throws Exception {
    StepKey step = ticket.step();
    List<String> sources = step.isElement() ? List.of() : active.from(step.node());
    String holder = parts.owner() + "/" + begun.incrementAndGet();
    Optional<StepStore.Begun> found = parts.steps().begin(ticket, holder, sources);
    if (found.isEmpty()) {
      return StepStore.Settled.NOTHING_MORE;
    }
    Fate fate;
    try {
      fate = fate(found.get(), active);
    } catch (IllegalStateException e) {
      LOG.warn("Run {} cannot go on", step.run(), e);
      parts
          .runStore()
          .end(step.run(), RunState.FAILED, "it cannot go on: " + e.getMessage())
          .ifPresent(parts.ended());
      return StepStore.Settled.NOTHING_MORE;
    }
    StepStore.Commit commit = act(found.get(), active, fate);
    if (commit instanceof StepStore.Fenced fenced) {
      LOG.info(
          "What step {} gave in epoch {} counts for nothing: it is {}",
          step,
          found.get().claim().epoch(),
          fenced.found());
    } else if (commit instanceof StepStore.Settled settled) {
      settled.end().ifPresent(parts.ended());
    }
    return commit;
  }

  private Fate fate(StepStore.Begun begun, ActiveRuns.Active active) throws SQLException {
    StepKey step = begun.claim().step();
    RunSteps.Known known = parts.runs().known(active, begun.sources());
    if (step.isElement()) {
      return active.steps().element(step.node(), step.place(), begun.input().orElseThrow(), known);
    }
    if (begun.isExpanded()) {
      return active.steps().gather(parts.fanOuts().elements(step));
    }
    Fate fate = active.steps().decide(step.node(), known);
    return fate instanceof Fate.Each each && each.size() == 0
        ? active.steps().gather(List.of())
        : fate;
  }

  private StepStore.Commit act(StepStore.Begun begun, ActiveRuns.Active active, Fate fate)
      throws Exception {
    if (fate instanceof Fate.Call call) {
      return attempt(begun, active, call);
    }
    if (fate instanceof Fate.Each each) {
      return stubbornly(() -> parts.fanOuts().expand(begun.claim(), each, active.run().priority()));
    }
    return settle(begun, active, (Fate.Ended) fate);
  }

  private StepStore.Commit settle(StepStore.Begun begun, ActiveRuns.Active active, Fate.Ended end)
      throws Exception {
    StepKey step = begun.claim().step();
    return settle(
        begun,
        active,
        new RunEvent.StepEnded(
            step.run(), Instant.now(), step.name(), end.state(), end.result(), end.failure()),
        StepStore.Attempted.NO);
  }

  private StepStore.Commit settle(
      StepStore.Begun begun,
      ActiveRuns.Active active,
      RunEvent.StepEnded event,
      StepStore.Attempted attempted)
      throws Exception {
    Fate.Ended end = new Fate.Ended(event.state(), event.result(), event.failure());
    StepStore.Commit commit =
        stubbornly(
            () -> parts.steps().commit(begun.claim(), end, attempted, active.run().priority()));
    if (commit instanceof StepStore.Settled) {
      if (event.state() == StepState.FAILED && attempted == StepStore.Attempted.YES) {
        parts
            .worker()
            .tell(
                new RunEvent.AttemptFailed(
                    event.run(),
                    event.at(),
                    event.step(),
                    begun.claim().epoch(),
                    event.failure().orElse(""),
                    Optional.empty()));
      }
      parts.worker().tell(event);
    }
    return commit;
  }

  private StepStore.Commit attempt(StepStore.Begun begun, ActiveRuns.Active active, Fate.Call call)
      throws Exception {
    StepKey step = begun.claim().step();
    Doing doing = new Doing(step, parts.workspace(), parts.worker()::tell);
    RunSteps.Attempt attempt =
        active.steps().attempt(call, begun.claim().epoch(), begun.failures(), doing);
    Doing.Outcome outcome = parts.attempts().perform(step, attempt, doing);
    if (outcome instanceof Doing.Ended ended) {
      return settle(begun, active, ended.event(), ended.attempted());
    }
    if (outcome instanceof Doing.Failed failed) {
      RunEvent.AttemptFailed event = failed.event();
      StepStore.Commit commit =
          stubbornly(
              () ->
                  parts
                      .steps()
                      .failed(
                          begun.claim(),
                          event.failure(),
                          event.nextIn().orElseThrow(),
                          active.run().priority()));
      if (commit instanceof StepStore.Settled) {
        parts.worker().tell(event);
      }
      return commit;
    }
    LOG.debug("Step {} was stopped: its run has ended", step);
    return StepStore.Settled.NOTHING_MORE;
  }

  /** What is done until the database answers. */
  @FunctionalInterface
  private interface Committing {
    StepStore.Commit commit() throws SQLException;
  }

  /** The work is done: a database that is away is waited for. */
  private static StepStore.Commit stubbornly(Committing what)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long pause = TimeUnit.MILLISECONDS.toNanos(50);
    while (true) {
      try {
        return what.commit();
      } catch (SQLException e) {
        if (!Database.isAway(e) || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LOG.debug("A result waits for the database", e);
      }
      TimeUnit.NANOSECONDS.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
    }
  }
}
