package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of the lines of a file that grows. Thread-safe: it guards itself. */
final class LogTail implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
  private static final long PERIOD_MILLIS = 500;
  private static final int BLOCK = 64 << 10;

  private final Path file;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private Optional<Future<?>> period = Optional.empty();
  private long offset;
  private boolean closed;

  LogTail(Path file, Consumer<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /** Looks again and again. */
  synchronized void follow(ScheduledExecutorService timer) {
    try {
      period =
          Optional.of(
              timer.scheduleWithFixedDelay(
                  this::read, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException e) {
      LOG.debug("{} is read at its end alone", file, e);
    }
  }

  private synchronized void read() {
    if (closed || Files.notExists(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
      while (channel.read(bytes, offset) > 0) {
        offset += bytes.position();
        for (int i = 0; i < bytes.position(); i++) {
          if (bytes.get(i) == '\n') {
            lines.accept(line.toString(UTF_8));
            line.reset();
          } else {
            line.write(bytes.get(i));
          }
        }
        bytes.clear();
      }
    } catch (IOException e) {
      LOG.debug("{} cannot be followed", file, e);
    }
  }

  /** Tells of what is left; may be called twice. */
  @Override
  public synchronized void close() {
    read();
    closed = true;
    period.ifPresent(future -> future.cancel(false));
  }
}
