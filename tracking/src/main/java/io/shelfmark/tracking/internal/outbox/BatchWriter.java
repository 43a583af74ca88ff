package io.shelfmark.tracking.internal.outbox;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what was added into batches, and moves them to the spool when the store does not take
 * them in time. For the writer's thread.
 */
final class BatchWriter {

  private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);
  private static final long DISK_RETRY = Duration.ofSeconds(1).toNanos();

  private enum State {
    WELL,
    FULL,
    FAILING
  }

  private final Buffer buffer;
  private final Backlog backlog;
  private final long maxDelay;
  private final long tick;

  private State state = State.WELL;
  private long retryAt;
  private long lastTick;

  /** When the buffer was seen empty: what is in it was added later. */
  private long since;

  /** What was taken from the buffer and is not in a batch yet; kept in case that fails. */
  private Buffer.@Nullable Taken taken;

  BatchWriter(Buffer buffer, Backlog backlog, Duration maxDelay, long now) {
    this.buffer = buffer;
    this.backlog = backlog;
    this.maxDelay = maxDelay.toNanos();
    this.tick = this.maxDelay / 4;
    this.lastTick = now;
    this.since = now;
  }

  /**
   * Does what is due.
   *
   * @param now by the ticker
   * @return nanoseconds until the next step is due, unless the buffer wakes the writer
   */
  long step(long now) {
    boolean isTick = now - lastTick >= tick;
    long target = taken != null || isTick || buffer.isPressed() ? buffer.position() : 0;
    if (isTick) {
      lastTick = now;
      trim();
    }
    boolean goesOn = spill(now);
    while (goesOn
        && (taken != null || buffer.taken() < target)
        && backlog.hasPlace(buffer.isFull())) {
      backlog.add(gather(now));
      goesOn = spill(now);
    }
    if (buffer.taken() == buffer.position()) {
      since = now;
    }
    long untilTick = Math.max(0, lastTick + tick - now);
    return goesOn ? backlog.untilDeadline(now, untilTick) : untilTick;
  }

  private Batch gather(long now) {
    Buffer.Taken from = taken == null ? buffer.take() : taken;
    taken = from;
    Gathering gathering = new Gathering();
    from.chunks().forEach(chunk -> chunk.drainTo(gathering));
    Batch batch = new Batch(gathering.finish(), from.end(), from.bytes(), since + maxDelay);
    from.chunks().forEach(Chunk::clear);
    buffer.giveBack(from.chunks());
    taken = null;
    if (buffer.taken() == buffer.position()) {
      since = now;
    }
    return batch;
  }

  /** Moves batches to the spool if they have to; false if one has to and cannot. */
  private boolean spill(long now) {
    while (backlog.mustSpill(now, buffer.isCrowded())) {
      Batch batch = backlog.oldestInMemory();
      if (batch == null) {
        break;
      }
      if (state == State.FAILING && now - retryAt < 0) {
        return false;
      }
      try {
        SpoolPosition end = backlog.own().writer().append(batch);
        if (end == null) {
          become(State.FULL, null);
          return false;
        }
        backlog.spilled(batch, end);
        become(State.WELL, null);
      } catch (IOException e) {
        retryAt = now + DISK_RETRY;
        become(State.FAILING, e);
        return false;
      }
    }
    return true;
  }

  private void trim() {
    try {
      backlog.trim();
    } catch (IOException e) {
      become(State.FAILING, e);
    }
  }

  private void become(State next, @Nullable IOException failure) {
    if (state == next) {
      return;
    }
    state = next;
    switch (next) {
      case WELL -> LOG.info("The spool {} takes what is logged again", backlog.own().path());
      case FULL ->
          LOG.warn(
              "The spool {} is full and the store does not keep up: whoever logs has to wait when memory is full, too",
              backlog.own().path());
      case FAILING ->
          LOG.warn(
              "Cannot write to the spool {}: whoever logs has to wait when memory is full",
              backlog.own().path(),
              failure);
    }
  }
}
