package io.shelfmark.inference.batching;

import io.shelfmark.inference.Priority;
import java.util.Objects;

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

  /** The calling thread, interactive, without a deadline. */
  public static Request ofThisThread() {
    return new Request(Thread.currentThread(), Priority.INTERACTIVE, Deadline.never());
  }
}
