package io.shelfmark.pipeline.schedule;

import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Instants up to an end. Not thread-safe. */
final class Ending implements Iterator<Instant> {

  private final Iterator<Instant> all;
  private final Instant end;
  private @Nullable Instant next;

  Ending(Iterator<Instant> all, Instant end) {
    this.all = all;
    this.end = end;
  }

  @Override
  public boolean hasNext() {
    if (next == null && all.hasNext()) {
      next = all.next();
    }
    return next != null && next.isBefore(end);
  }

  @Override
  public Instant next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("no instant before " + end);
    }
    Instant given = next;
    next = null;
    return given;
  }
}
