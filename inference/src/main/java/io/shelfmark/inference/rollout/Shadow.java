package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.rollout.Disagreement.Field;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a candidate read photos that the version in use has read already, on one thread of its own,
 * and compares. A photo that finds the queue full is dropped and counted: who hands one over never
 * waits. Each photo in the queue holds the candidate, so that it is not closed under it.
 * Thread-safe.
 */
final class Shadow {

  private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);

  private final Lane lane;
  private final Comparison.Listener listener;
  private final Clock clock;
  private final ThreadPoolExecutor thread;
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong disagreeing = new AtomicLong();
  private final Map<Field, Long> fields = new ConcurrentHashMap<>();
  private volatile int share;

  Shadow(ModelVersion candidate, RollingBuilder options) {
    this.lane = Lane.of(candidate);
    this.listener = options.listener;
    this.clock = options.clock;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(options.shadowRoom),
            options.shadowThreads,
            (task, pool) -> drop((Task) task));
    thread.allowCoreThreadTimeOut(true);
  }

  /** What the candidate reads here. */
  Lane lane() {
    return lane;
  }

  int share() {
    return share;
  }

  /** Of {@link Traffic#PARTS}: those of the other end than the canary's, so that both have some. */
  void share(int value) {
    share = value;
  }

  /** Takes a photo if it is of the share and there is room. */
  void offer(ShelfPhoto photo, ShelfReading reading, String current) {
    int wanted = share;
    if (wanted > 0
        && photo.partition(Traffic.PARTS) >= Traffic.PARTS - wanted
        && lane.version().acquire()) {
      Task task = new Task(photo, reading, current);
      try {
        thread.execute(task);
      } catch (OutOfMemoryError e) {
        // the system has no thread to spare: the caller's photo is read, and that is what counts
        drop(task);
      }
    }
  }

  private void drop(Task task) {
    dropped.incrementAndGet();
    task.drop();
  }

  /** Takes no more photos and forgets those that wait; one being read is read. */
  void stop() {
    share = 0;
    thread.shutdown();
    List<Runnable> waiting = new ArrayList<>();
    thread.getQueue().drainTo(waiting);
    waiting.forEach(task -> ((Task) task).drop());
  }

  ShadowFigures figures() {
    return new ShadowFigures(
        Traffic.percent(share), lane.figures(), dropped.get(), disagreeing.get(), fields);
  }

  private final class Task implements Runnable {
    private final ShelfPhoto photo;
    private final ShelfReading reading;
    private final String current;

    Task(ShelfPhoto photo, ShelfReading reading, String current) {
      this.photo = photo;
      this.reading = reading;
      this.current = current;
    }

    void drop() {
      lane.version().release();
    }

    @Override
    public void run() {
      List<Disagreement> found;
      long start = System.nanoTime();
      try {
        ShelfReading other = lane.version().recognizer().recognize(photo);
        lane.meter().read(other, System.nanoTime() - start);
        found = TagPairs.disagreements(reading, other);
      } catch (RuntimeException | Error e) {
        lane.meter().failed();
        found = List.of(failure(e));
      } finally {
        lane.version().release();
      }
      if (!found.isEmpty()) {
        tell(new Comparison(clock.instant(), photo, current, lane.version().name(), found));
      }
    }

    private Disagreement failure(Throwable cause) {
      return new Disagreement(
          Field.PHOTO,
          Optional.empty(),
          Optional.of(reading.tags().size() + " tags"),
          Optional.of(cause.toString()));
    }
  }

  private void tell(Comparison comparison) {
    disagreeing.incrementAndGet();
    comparison.disagreements().forEach(each -> fields.merge(each.field(), 1L, Long::sum));
    try {
      listener.onDisagreement(comparison);
    } catch (RuntimeException | Error e) {
      LOG.warn("Cannot tell of a disagreement on photo {}", comparison.photo(), e);
    }
  }
}
