package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the writes of a batch at which the store fails, as many at once as it takes, and so finds
 * the ones at which it fails. By halves: one bad write of n costs 2 log n calls. For one thread.
 */
final class Sifting {

  private final RunStore store;
  private final List<Refusal> refusals = new ArrayList<>();
  private @Nullable Throwable failure;
  private boolean wrote;

  Sifting(RunStore store) {
    this.store = store;
  }

  /** Makes the writes in their order. */
  void write(List<RunWrite> writes) {
    try {
      refusals.addAll(store.write(writes));
      wrote = true;
    } catch (StoreUnavailableException | AccessDeniedException | OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      failure = e;
      if (writes.size() == 1) {
        refusals.add(new Refusal(writes.get(0), reason(writes.get(0), e)));
      } else {
        int middle = writes.size() / 2;
        write(writes.subList(0, middle));
        write(writes.subList(middle, writes.size()));
      }
    }
  }

  private static InvalidRequestException reason(RunWrite write, Throwable failure) {
    return new InvalidRequestException(
        "Cannot write to run %s: the store failed again and again with %s, expected none (the write is left out; the cause says where it failed)"
            .formatted(write.runId(), failure),
        failure);
  }

  /**
   * What was refused or failed.
   *
   * @throws IllegalStateException with the failure, when not one write was made: then it need not
   *     be the writes' fault
   */
  List<Refusal> requireSome() {
    if (!wrote && failure != null) {
      throw new IllegalStateException("the store fails at every write", failure);
    }
    return refusals;
  }

  /** What was refused or failed, be it all. */
  List<Refusal> refusals() {
    return refusals;
  }
}
