package io.shelfmark.inference;

import io.shelfmark.inference.batching.Deadline;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How one photo is to be read. Get one from {@link #interactive} or {@link #bulk} and refine it:
 *
 * <pre>{@code
 * recognizer.recognizeAsync(photo, ReadOptions.interactive().within(Duration.ofMillis(500)));
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param deadline how long from the call on the reading is of use; without end by default. After it
 *     the photo fails with {@link DeadlineException}, within milliseconds even where a stage is
 *     still at work on it, and its other stages are left out
 * @param priority who goes first when photos wait
 * @param caller photos of one caller share a turn, so that none keeps the others from being read;
 *     the calling thread by default
 */
public record ReadOptions(Optional<Duration> deadline, Priority priority, Optional<String> caller) {

  private static final ReadOptions INTERACTIVE =
      new ReadOptions(Optional.empty(), Priority.INTERACTIVE, Optional.empty());
  private static final ReadOptions BULK =
      new ReadOptions(Optional.empty(), Priority.BULK, Optional.empty());

  /** Refuses nulls, and a deadline that is no time at all or more than 100 years. */
  public ReadOptions {
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(caller, "caller");
    // what the queue would refuse later
    deadline.ifPresent(Deadline::in);
  }

  /** Before bulk, without a deadline: what {@code recognizeAsync} does by itself. */
  public static ReadOptions interactive() {
    return INTERACTIVE;
  }

  /** After what is interactive, without a deadline: what {@code recognizeAll} does by itself. */
  public static ReadOptions bulk() {
    return BULK;
  }

  /** The same with a deadline so long after the call, at most 100 years. */
  public ReadOptions within(Duration time) {
    return new ReadOptions(Optional.of(time), priority, caller);
  }

  /** The same for one of the host's callers, such as a tenant or a device. */
  public ReadOptions from(String name) {
    return new ReadOptions(deadline, priority, Optional.of(name));
  }
}
