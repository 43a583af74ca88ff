package io.shelfmark.tracking;

import io.shelfmark.tracking.store.ExperimentRecord;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Order;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import java.util.Map;
import java.util.Optional;

/**
 * A named question, and the runs that tried to answer it. Get one from {@link Tracker#experiment}.
 * Thread-safe; nothing to close.
 */
@SuppressWarnings("overloads") // of run: a block either returns something or it does not
public final class Experiment {

  private final Tracker tracker;
  private final ExperimentRecord record;

  Experiment(Tracker tracker, ExperimentRecord record) {
    this.tracker = tracker;
    this.record = record;
  }

  /** Its id, decimal digits. */
  public String id() {
    return record.id();
  }

  /** Its name when it was opened. */
  public String name() {
    return record.name();
  }

  /** Begins a run, which the caller closes. An empty name is replaced by one made up. */
  public Run start(String name) {
    return start(name, Map.of());
  }

  /** Begins a run with tags. */
  public Run start(String name, Map<String, String> tags) {
    return tracker.live().start(tracker, record.id(), name, tags);
  }

  /**
   * Runs a body as a run and gives what it returns. The run becomes FINISHED when it returns,
   * FAILED when it throws, KILLED when it is interrupted; what it throws goes on to the caller.
   */
  public <T, X extends Exception> T run(String name, RunBody.Giving<T, X> body) throws X {
    return within(start(name), body);
  }

  /** The same for a body that returns nothing. */
  public <X extends Exception> void run(String name, RunBody<X> body) throws X {
    this.<Optional<Object>, X>run(
        name,
        run -> {
          body.run(run);
          return Optional.empty();
        });
  }

  static <T, X extends Exception> T within(Run run, RunBody.Giving<T, X> body) throws X {
    try (run) {
      try {
        return body.run(run);
      } catch (Throwable e) {
        end(run, e);
        throw e;
      }
    }
  }

  /** What goes wrong here does not hide why the body failed. */
  private static void end(Run run, Throwable failure) {
    boolean isInterrupted = failure instanceof InterruptedException;
    try {
      run.end(isInterrupted ? RunStatus.KILLED : RunStatus.FAILED, failure);
    } catch (RuntimeException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Its runs, the last begun first. */
  public Page<RunRecord> runs() {
    return tracker.search(query());
  }

  /** A query for its runs, to be narrowed and ordered and given to {@link Tracker#search}. */
  public RunQuery query() {
    return RunQuery.in(record.id());
  }

  /**
   * The run that comes first by an order, among those that have the field: {@code
   * best(Field.metric("val/mAP50").descending())}.
   */
  public Optional<RunRecord> best(Order order) {
    return tracker
        .search(query().where(order.field().isThere()).orderBy(order).limit(1))
        .items()
        .stream()
        .findFirst();
  }

  /** Sets a tag in place of what it was. */
  public Experiment tag(String key, String value) {
    tracker.store().experiments().setTag(record.id(), key, value);
    return this;
  }

  /** Writes what people should know of it, as Markdown. */
  public Experiment note(String markdown) {
    return tag(NewRun.NOTE_TAG, markdown);
  }
}
