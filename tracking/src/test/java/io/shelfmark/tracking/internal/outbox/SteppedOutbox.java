package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * An outbox whose threads' steps a test takes, at times that the test sets. For one thread, who
 * closes it.
 */
final class SteppedOutbox implements AutoCloseable {

  static final Duration DELAY = Duration.ofMillis(200);

  final Outbox outbox;
  private long now;

  SteppedOutbox(RunStore store, Path folder, OutboxOptions options) {
    // ticks may be of any sign
    now = ThreadLocalRandom.current().nextLong();
    outbox = Outbox.assemble(store, folder, options, now);
  }

  static OutboxOptions.Builder options() {
    return OutboxOptions.builder()
        .maxDelay(DELAY)
        .backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
  }

  void advance(Duration by) {
    now += by.toNanos();
  }

  /** The writer's step. */
  void writer() {
    outbox.writer().step(now);
  }

  /** The sender's step. */
  void sender() {
    outbox.sender().step(now);
  }

  /** Steps of both until nothing is left, or a limit. */
  void settle() {
    for (int i = 0; i < 2000 && !isSettled(); i++) {
      advance(DELAY);
      writer();
      sender();
    }
  }

  boolean isSettled() {
    return outbox.backlog().awaitSent(outbox.buffer().position(), 0) && outbox.backlog().isEmpty();
  }

  void metric(String run, long step) {
    outbox.metric(run, "loss", step / 2.0, step, 1_700_000_000_000L + step);
  }

  boolean isDurable(long position) {
    return outbox.backlog().isDurable(position);
  }

  Path spool() {
    return outbox.backlog().own().path();
  }

  List<Path> segments() throws IOException {
    return files(spool()).stream().filter(file -> file.toString().endsWith(".spool")).toList();
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The files as they are now, as a killed process would leave them. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** Releases the files, as the end of its process does. */
  @Override
  public void close() {
    try {
      outbox.backlog().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
