package io.shelfmark.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Scratch memory that is lent out and taken back: there are as many of it as were ever in use at
 * once. Thread-safe; the garbage collector frees what lies idle once the pool is gone, but for what
 * has to be freed by hand: see {@link #drain}.
 *
 * @param <T> what is lent
 */
public final class Pool<T> {

  // guards itself; a queue without locks would leave a node on the heap at each return
  private final ArrayDeque<T> idle = new ArrayDeque<>();
  private final Supplier<T> make;

  /** A pool that makes what it lacks. */
  public Pool(Supplier<T> make) {
    this.make = make;
  }

  /** Lends to a task for as long as it runs. */
  public <R> R with(Function<T, R> task) {
    T idling;
    synchronized (idle) {
      idling = idle.poll();
    }
    T lent = idling == null ? make.get() : idling;
    try {
      return task.apply(lent);
    } finally {
      synchronized (idle) {
        idle.push(lent);
      }
    }
  }

  /** Gives all that lies idle to {@code end}; what is lent now will lie idle again. */
  public void drain(Consumer<? super T> end) {
    List<T> drained;
    synchronized (idle) {
      drained = new ArrayList<>(idle);
      idle.clear();
    }
    drained.forEach(end);
  }
}
