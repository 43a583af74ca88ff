package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.StoreUnavailableException;
import java.nio.file.Path;

/**
 * A process that logs the steps 0, 1, 2, … of a run to an outbox whose store is away, flushes now
 * and then and says up to which step it did. Arguments: folder, run.
 */
final class LoggingProcess {

  private LoggingProcess() {}

  public static void main(String[] arguments) {
    FakeStore store = new FakeStore();
    store.answer(
        writes -> {
          throw new StoreUnavailableException("away");
        });
    OutboxOptions options = OutboxOptions.builder().batchPoints(200).build();
    try (Outbox outbox = Outbox.open(store, Path.of(arguments[0]), options)) {
      for (long step = 0; step < 50_000_000; step++) {
        outbox.metric(arguments[1], "loss", step / 2.0, step, step);
        if (step % 1000 == 999) {
          outbox.flush();
          System.out.println(step + 1);
        }
      }
    }
  }
}
