package io.shelfmark.cluster;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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

  private final Queue queue;
  private final String owner;
  private final TicketHandler handler;
  private final DatabaseClock clock;
  private final AtomicInteger underWay = new AtomicInteger();

  /** The queue whose rows they are. */
  interface Queue {

    String label();

    /** Takes a row away; whether it was there. */
    boolean remove(String ticket, long version) throws SQLException;

    /** A ticket is done with that was begun at this moment of the monotonic clock. */
    void done(long begun);

    /** A ticket is taken from a dead owner. */
    void takenOver(String ticket, String deadOwner);
  }

  TicketTask(Queue queue, String owner, TicketHandler handler, DatabaseClock clock) {
    this.queue = queue;
    this.owner = owner;
    this.handler = handler;
    this.clock = clock;
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
      handler.handle(new Ticket(row.getId(), queue.label(), row.getPriority(), Duration.ZERO));
      return (complete, operations) -> done(complete, begun);
    } catch (Redeliver e) {
      LOG.debug("Ticket {} of queue {} goes back: {}", row.getId(), queue.label(), e.getMessage());
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

  private void done(ExecutionComplete complete, long begun) {
    Execution row = complete.getExecution();
    try {
      if (!queue.remove(row.getId(), row.version)) {
        LOG.debug("Ticket {} has another owner by now, or none", row.getId());
      }
    } catch (SQLException e) {
      // it stays with its owner, comes again after the age of death, and finds its step done
      LOG.info("Ticket {} cannot be removed now", row.getId(), e);
    } finally {
      // what the handler put is committed, and need not wait for the next poll
      queue.done(begun);
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
        queue.label(),
        row.pickedBy,
        clock.age(row.lastHeartbeat),
        owner);
    queue.takenOver(row.getId(), row.pickedBy);
  }

  /** A checked exception on its way through db-scheduler. */
  private static final class TicketFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TicketFailedException(String ticket, Exception cause) {
      super("Cannot handle ticket %s: %s".formatted(ticket, cause.getMessage()), cause);
    }
  }
}
