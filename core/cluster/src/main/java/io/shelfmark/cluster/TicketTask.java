package io.shelfmark.cluster;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What db-scheduler does with a queue's rows: hands them to the handler, and with its answer takes
 * them away or puts them back. How often a step is tried is not decided here but by the runner.
 */
final class TicketTask {

  private static final Logger LOG = LoggerFactory.getLogger(TicketTask.class);
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final int MOST_DOUBLINGS = 6;

  private final String queue;
  private final String owner;
  private final TicketHandler handler;
  private final DatabaseClock clock;
  private final LongConsumer afterEach;
  private final AtomicInteger underWay = new AtomicInteger();
  private final TakeoverListener takeovers;

  /** Hears that a ticket is taken from a dead owner. */
  @FunctionalInterface
  interface TakeoverListener {
    void taken(String queue, String ticket, String deadOwner);
  }

  TicketTask(
      String queue,
      String owner,
      TicketHandler handler,
      DatabaseClock clock,
      TakeoverListener takeovers,
      LongConsumer afterEach) {
    this.queue = queue;
    this.owner = owner;
    this.handler = handler;
    this.clock = clock;
    this.takeovers = takeovers;
    this.afterEach = afterEach;
  }

  Task<Void> task() {
    return Tasks.custom(QueueTable.TASK, Void.class)
        .onFailure(this::failed)
        .onDeadExecution(this::ownerDead)
        .execute(this::execute);
  }

  int underWay() {
    return underWay.get();
  }

  private CompletionHandler<Void> execute(TaskInstance<Void> row, ExecutionContext context) {
    long begun = System.nanoTime();
    underWay.incrementAndGet();
    try {
      handler.handle(new Ticket(row.getId(), queue, row.getPriority(), Duration.ZERO));
      return (complete, operations) -> done(operations, begun);
    } catch (Redeliver e) {
      LOG.debug("Ticket {} of queue {} goes back: {}", row.getId(), queue, e.getMessage());
      return (complete, operations) -> operations.reschedule(complete, clock.now().plus(e.delay()));
    } catch (InterruptedException e) {
      // it was its turn, and the next process begins with it
      return (complete, operations) ->
          operations.reschedule(complete, complete.getExecution().executionTime);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new TicketFailedException(row.getId(), e);
    } finally {
      underWay.decrementAndGet();
      if (Thread.interrupted()) {
        LOG.debug("Ticket {} was interrupted", row.getId());
      }
    }
  }

  private void done(ExecutionOperations<Void> operations, long begun) {
    try {
      operations.remove();
    } finally {
      // what the handler put is committed, and need not wait for the next poll
      afterEach.accept(begun);
    }
  }

  private void failed(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    int before = Math.min(complete.getExecution().consecutiveFailures, MOST_DOUBLINGS);
    Duration wait = SHORTEST_WAIT.multipliedBy(1L << before);
    operations.reschedule(
        complete, clock.now().plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT));
  }

  /** Several processes may see the death; the row's version lets one of them do it. */
  private void ownerDead(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    Execution row = complete.getExecution();
    if (!clock.isSettled()) {
      LOG.info("Ticket {} waits: its owner may have been away with the database", row.getId());
      return;
    }
    try {
      // due since then: it has waited its turn, and does not go behind the others again
      operations.reschedule(complete, row.executionTime);
    } catch (com.github.kagkarlsson.scheduler.exceptions.ExecutionException e) {
      LOG.debug("Ticket {} was taken over by another process", row.getId(), e);
      return;
    }
    LOG.info(
        "Ticket {} of queue {} goes to another process: {} has not been heard of for {} ({} says so)",
        row.getId(),
        queue,
        row.pickedBy,
        clock.age(row.lastHeartbeat),
        owner);
    takeovers.taken(queue, row.getId(), row.pickedBy);
  }

  /** A checked exception on its way through db-scheduler. */
  private static final class TicketFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TicketFailedException(String ticket, Exception cause) {
      super("Cannot handle ticket %s: %s".formatted(ticket, cause.getMessage()), cause);
    }
  }
}
