package io.shelfmark.tracking.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;

/**
 * Schedules of logging, of a store that fails in every way, and of kills. A process logs the steps
 * 0, 1, 2, … to a run of its own; the next one logs to the next run.
 */
class OutboxProperties {

  private static final int MEMORY_POINTS = 200;

  private final List<Path> temporary = new CopyOnWriteArrayList<>();

  @AfterProperty
  void removeTemporary() throws IOException {
    for (Path folder : temporary) {
      for (Path file : SteppedOutbox.files(folder)) {
        Files.delete(file);
      }
    }
  }

  private Path folder() throws IOException {
    Path folder = Files.createTempDirectory("outbox");
    temporary.add(folder);
    return folder;
  }

  @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
  void schedule_losesNothingDurableAndLeavesNoHole(
      @ForAll @Size(max = 150) List<@IntRange(max = 99) Integer> schedule) throws IOException {
    World world = new World();
    for (int action : schedule) {
      world.act(action);
    }
    world.finish();
  }

  /** That the schedules reach what they are about. */
  @Example
  void schedule_reachesSpoolFullSpoolAndKills() throws IOException {
    World world = new World();
    // the same each time
    Random random = new Random(7);
    int spooled = 0;
    for (int i = 0; i < 4000; i++) {
      world.act(random.nextInt(100));
      spooled += world.process.segments().isEmpty() ? 0 : 1;
    }
    world.finish();
    assertThat(spooled).isGreaterThan(100);
    assertThat(world.kills).isGreaterThan(5);
    assertThat(world.killsInCall).isGreaterThan(2);
    assertThat(world.slowCalls).isGreaterThan(10);
    assertThat(world.crowded).isGreaterThan(10);
  }

  private static List<Refusal> away(List<RunWrite> writes) {
    throw new StoreUnavailableException("away");
  }

  private final class World {
    final FakeStore store = new FakeStore();
    final List<Long> durableAtKill = new ArrayList<>();
    Path parent = folder();
    SteppedOutbox process = open();

    /** The files that a killed process left, until the next one opens them. */
    Path left;

    int number;
    long logged;
    int kills;
    int killsInCall;
    int slowCalls;
    int crowded;
    boolean mayRepeat;

    World() throws IOException {}

    private SteppedOutbox open() {
      return new SteppedOutbox(
          store,
          parent,
          SteppedOutbox.options()
              .memoryBytes(MEMORY_POINTS * Footprint.METRIC)
              .batchPoints(50)
              .spoolBytes(6_000)
              .build());
    }

    void act(int action) throws IOException {
      if (action < 35) {
        log(1 + action);
      } else if (action < 55) {
        process.writer();
      } else if (action < 65) {
        process.advance(Duration.ofMillis(60));
        process.writer();
      } else if (action < 70) {
        process.outbox.buffer().press();
      } else {
        call(action);
      }
      if (left != null) {
        reopen();
      }
    }

    private void log(int points) {
      for (int i = 0; i < points; i++) {
        if (process.outbox.buffer().isCrowded()) {
          crowded++;
          return;
        }
        process.metric("run" + number, logged++);
      }
    }

    private void call(int action) {
      if (action < 88) {
        send();
      } else if (action < 91) {
        store.takeAll();
      } else if (action < 94) {
        store.answer(OutboxProperties::away);
      } else if (action < 96) {
        store.answer(this::slowly);
      } else if (action == 96) {
        store.answer(this::taken);
        send();
        store.takeAll();
      } else if (action == 97) {
        store.answer(
            writes -> {
              throw new IllegalStateException("a bug");
            });
        send();
        store.takeAll();
      } else if (logged >= 300L * (number % 6)) {
        if (number % 3 == 0) {
          kill();
        } else {
          store.answer(this::killed);
          send();
        }
      }
    }

    private void send() {
      process.advance(Duration.ofSeconds(2));
      process.sender();
    }

    private List<Refusal> taken(List<RunWrite> writes) {
      mayRepeat = true;
      store.take(writes);
      throw new StoreUnavailableException("the answer is lost");
    }

    private List<Refusal> killed(List<RunWrite> writes) {
      killsInCall++;
      if (number % 3 == 1) {
        store.take(writes);
      }
      kill();
      throw new StoreUnavailableException("what the killed process does now is not seen");
    }

    private List<Refusal> slowly(List<RunWrite> writes) {
      slowCalls++;
      log(20);
      process.advance(Duration.ofMillis(300));
      process.writer();
      log(20);
      process.writer();
      return store.take(writes);
    }

    /** Takes the files as they are, with the begin of a record behind them now and then. */
    private void kill() {
      kills++;
      mayRepeat = true;
      long durable = 0;
      while (durable < logged && process.isDurable(durable + 1)) {
        durable++;
      }
      durableAtKill.add(durable);
      try {
        Path next = folder();
        SteppedOutbox.copy(parent, next);
        if (kills % 2 == 0) {
          for (Path file : lastSegments(next)) {
            Files.write(file, new byte[] {0, 0, 1, 7, 9, 9}, StandardOpenOption.APPEND);
          }
        }
        left = next;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private List<Path> lastSegments(Path folder) throws IOException {
      List<Path> segments =
          SteppedOutbox.files(folder).stream()
              .filter(file -> file.toString().endsWith(".spool"))
              .toList();
      return segments.stream()
          .filter(
              file ->
                  segments.stream()
                      .noneMatch(
                          other ->
                              other.getParent().equals(file.getParent())
                                  && other.compareTo(file) > 0))
          .toList();
    }

    private void reopen() {
      process.close();
      parent = left;
      left = null;
      number++;
      logged = 0;
      store.takeAll();
      process = open();
    }

    void finish() {
      store.takeAll();
      process.advance(Duration.ofSeconds(2));
      process.settle();
      assertThat(process.isSettled()).isTrue();
      durableAtKill.add(logged);
      requireOrder();
      process.close();
    }

    private void requireOrder() {
      for (int of = 0; of <= number; of++) {
        List<Long> steps = store.steps("run" + of);
        long next = 0;
        for (long step : steps) {
          assertThat(step).as("no hole in run %s", of).isLessThanOrEqualTo(next);
          next = Math.max(next, step + 1);
        }
        assertThat(next).as("run %s", of).isGreaterThanOrEqualTo(durableAtKill.get(of));
        if (!mayRepeat) {
          assertThat(steps).containsExactlyElementsOf(LongStream.range(0, next).boxed().toList());
        }
      }
      requireNotEarlier();
    }

    /** What a process left is on record before what the next one logged. */
    private void requireNotEarlier() {
      List<Integer> firsts = new ArrayList<>();
      for (RunWrite write : store.taken()) {
        int of = Integer.parseInt(write.runId().substring(3));
        if (firsts.isEmpty() || firsts.get(firsts.size() - 1) != of) {
          firsts.add(of);
        }
      }
      List<Integer> sorted = new ArrayList<>(firsts);
      Collections.sort(sorted);
      assertThat(firsts).isEqualTo(sorted);
    }
  }
}
