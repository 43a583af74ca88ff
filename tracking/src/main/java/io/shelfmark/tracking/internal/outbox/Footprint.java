package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunWrite;
import java.util.Map;

/** About how much memory a write takes until it is sent, in bytes. */
final class Footprint {

  /** A metric: its place in a chunk is 32 bytes, its record with its time about 60. */
  static final long METRIC = 64;

  /** A write, or an entry of a map, without its texts. */
  private static final long OBJECT = 64;

  private Footprint() {}

  static long of(RunWrite write) {
    if (write instanceof RunWrite.Log log) {
      RunLog content = log.log();
      return OBJECT + METRIC * content.metrics().size() + of(content.params()) + of(content.tags());
    }
    if (write instanceof RunWrite.Create create) {
      NewRun run = create.run();
      return 4 * OBJECT + of(run.name()) + of(run.user()) + of(run.tags());
    }
    return 2 * OBJECT;
  }

  private static long of(Map<String, String> texts) {
    long bytes = 0;
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      bytes += OBJECT + of(entry.getKey()) + of(entry.getValue());
    }
    return bytes;
  }

  private static long of(String text) {
    return 2L * text.length();
  }
}
