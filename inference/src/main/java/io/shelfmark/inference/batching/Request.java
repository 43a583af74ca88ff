package io.shelfmark.inference.batching;

import io.shelfmark.inference.Priority;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Who asks, how urgently, and until when. Immutable.
 *
 * @param caller callers that are equal share one turn; any object with a sound {@code equals}
 * @param priority who goes first
 * @param deadline until when the answer is of use
 */
public record Request(Object caller, Priority priority, Deadline deadline) {

  /** Refuses nulls. */
  public Request {
    Objects.requireNonNull(caller, "caller");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(deadline, "deadline");
  }

  private static final ThreadLocal<Request> CURRENT = new ThreadLocal<>();

  /** The calling thread, interactive, without a deadline. */
  public static Request ofThisThread() {
    return new Request(Thread.currentThread(), Priority.INTERACTIVE, Deadline.never());
  }

  /**
   * For whom the calling thread works at the moment: what runs {@link #during} said, itself
   * otherwise.
   */
  public static Request current() {
    Request current = CURRENT.get();
    return current == null ? ofThisThread() : current;
  }

  /** Does {@code work} for this request, so that what it asks of other batchers says so. */
  public <V> V during(Supplier<V> work) {
    Request before = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }
}
