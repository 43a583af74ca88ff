package io.shelfmark.tracking.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of an outbox one by one, without threads. */
class OutboxTest {

  private static final Instant TIME = Instant.parse("2024-05-01T12:00:00Z");

  @TempDir Path folder;
  private final FakeStore store = new FakeStore();
  private final List<Refusal> refusals = new ArrayList<>();

  private SteppedOutbox open(OutboxOptions.Builder options) {
    return new SteppedOutbox(store, folder, options.refusals(refusals::add).build());
  }

  private SteppedOutbox open() {
    return open(SteppedOutbox.options());
  }

  private static List<Refusal> away(List<RunWrite> writes) {
    throw new StoreUnavailableException("away");
  }

  private static RunWrite param(String run, String value) {
    return new RunWrite.Log(run, RunLog.params(Map.of("rate", value)));
  }

  @Test
  void metrics_ofRunsBetweenOtherWrites_becomeOneLogARun() {
    RunWrite create = new RunWrite.Create(NewRun.of("1", "first", TIME));
    RunWrite end = new RunWrite.Update("a", RunUpdate.ended(RunStatus.FINISHED, TIME));
    try (SteppedOutbox process = open()) {
      process.outbox.add(create);
      process.metric("a", 1);
      process.metric("b", 1);
      process.metric("a", 2);
      process.outbox.add(end);
      process.metric("b", 2);
      process.advance(Duration.ofMillis(50));
      process.writer();
      process.sender();
      assertThat(store.calls()).hasSize(1);
      assertThat(store.taken())
          .containsExactly(create, log("a", 1, 2), log("b", 1), end, log("b", 2));
      assertThat(process.isDurable(6)).isTrue();
      assertThat(process.segments()).isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static RunWrite log(String run, long... steps) {
    return new RunWrite.Log(
        run,
        RunLog.metrics(
            LongStream.of(steps)
                .mapToObj(
                    step ->
                        new Metric(
                            "loss",
                            step / 2.0,
                            step,
                            Instant.ofEpochMilli(1_700_000_000_000L + step)))
                .toList()));
  }

  @Test
  void writer_beforeItsTick_gathersOnlyWhatAFlushAsksFor() {
    try (SteppedOutbox process = open()) {
      process.metric("a", 1);
      process.advance(Duration.ofMillis(10));
      process.writer();
      process.sender();
      assertThat(store.calls()).isEmpty();
      long position = process.outbox.buffer().press();
      process.writer();
      assertThat(process.isDurable(position)).isFalse();
      process.sender();
      assertThat(process.isDurable(position)).isTrue();
    }
  }

  @Test
  void storeThatIsAway_hasTheSpoolTakeOverAtOnceAndGetsEverythingInOrder() throws IOException {
    store.answer(OutboxTest::away);
    try (SteppedOutbox process = open()) {
      process.metric("a", 0);
      process.advance(Duration.ofMillis(50));
      process.writer();
      process.sender();
      assertThat(process.isDurable(1)).isFalse();
      process.writer();
      assertThat(process.isDurable(1)).isTrue();
      assertThat(process.segments()).hasSize(1);
      process.metric("a", 1);
      process.outbox.add(param("a", "1"));
      process.outbox.buffer().press();
      process.writer();
      assertThat(process.isDurable(3)).isTrue();

      store.takeAll();
      process.sender();
      assertThat(store.calls()).as("not before the wait is over").isEmpty();
      process.advance(Duration.ofMillis(100));
      process.sender();
      assertThat(store.calls()).as("two records in one call").hasSize(1);
      assertThat(store.taken()).containsExactly(log("a", 0), log("a", 1), param("a", "1"));

      process.advance(Duration.ofMillis(50));
      process.writer();
      assertThat(process.segments()).as("it is empty and gone").isEmpty();
      process.metric("a", 2);
      process.advance(Duration.ofMillis(50));
      process.writer();
      process.sender();
      assertThat(process.segments()).as("the direct way again").isEmpty();
      assertThat(store.steps("a")).containsExactly(0L, 1L, 2L);
    }
  }

  @Test
  void storeThatDeniesAccess_isTriedUntilItGrantsIt_andNothingIsRefused() throws IOException {
    store.answer(
        writes -> {
          throw new AccessDeniedException("the token ran out");
        });
    try (SteppedOutbox process = open()) {
      process.metric("a", 0);
      process.advance(Duration.ofMillis(50));
      for (int attempt = 0; attempt < 3 * Sender.ALL; attempt++) {
        process.writer();
        process.sender();
        process.advance(Duration.ofMinutes(1));
      }
      store.takeAll();
      process.sender();
      assertThat(store.steps("a")).containsExactly(0L);
      assertThat(refusals).isEmpty();
    }
  }

  @Test
  void storeThatIsSlow_hasTheSpoolMakeItDurable_andTheCallsEndIsTheEnd() throws IOException {
    try (SteppedOutbox process = open()) {
      store.answer(
          writes -> {
            process.metric("a", 1);
            process.advance(Duration.ofMillis(100));
            process.writer();
            assertThat(process.isDurable(1)).as("not late yet").isFalse();
            process.advance(Duration.ofMillis(100));
            process.writer();
            assertThat(process.isDurable(2)).as("late: both are on disk").isTrue();
            return store.take(writes);
          });
      process.metric("a", 0);
      process.advance(Duration.ofMillis(50));
      process.writer();
      process.sender();
      store.takeAll();
      process.settle();
      assertThat(store.steps("a")).as("the first one is not repeated").containsExactly(0L, 1L);
    }
  }

  /** The sender's call ends while the writer's thread is in the middle of the sync. */
  @Test
  void batchThatIsSentWhileItIsSpilled_isNotSentAgain() throws IOException {
    try (SteppedOutbox process = open()) {
      process.metric("a", 0);
      process.advance(Duration.ofMillis(50));
      process.writer();
      Backlog backlog = process.outbox.backlog();
      Batch batch = backlog.oldestInMemory();
      assertThat(backlog.first()).isSameAs(batch);
      SpoolPosition end = backlog.own().writer().append(batch);
      backlog.sent(batch);
      assertThat(process.isDurable(1)).isTrue();
      backlog.spilled(batch, end);
      assertThat(backlog.isEmpty()).isTrue();
      assertThat(backlog.first()).isNull();
      process.metric("a", 1);
      process.settle();
      assertThat(store.steps("a")).containsExactly(1L);
    }
  }

  @Test
  void spoolWithARest_getsWhatComesNextAtOnce_thoughTheStoreIsBack() throws IOException {
    store.answer(OutboxTest::away);
    try (SteppedOutbox process = open()) {
      process.outbox.add(param("a", "x".repeat(2_000_000)));
      process.outbox.add(param("a", "x"));
      process.outbox.buffer().press();
      process.writer();
      process.sender();
      process.writer();
      process.metric("a", 0);
      process.outbox.buffer().press();
      process.writer();
      store.takeAll();
      process.advance(Duration.ofSeconds(1));
      process.sender();
      assertThat(process.outbox.backlog().isEmpty()).as("a second record is left").isFalse();
      process.metric("a", 1);
      long position = process.outbox.buffer().press();
      process.writer();
      assertThat(process.isDurable(position)).isTrue();
      process.settle();
      assertThat(store.steps("a")).containsExactly(0L, 1L);
    }
  }

  @Test
  void refusedWrite_isToldOfAndKeepsNoOther() {
    RunWrite bad = param("a", "2");
    InvalidRequestException reason = new InvalidRequestException("no");
    store.answer(
        writes -> {
          List<RunWrite> good = new ArrayList<>(writes);
          List<Refusal> refused = good.remove(bad) ? List.of(new Refusal(bad, reason)) : List.of();
          store.take(good);
          return refused;
        });
    try (SteppedOutbox process = open()) {
      process.outbox.add(param("a", "1"));
      process.outbox.add(bad);
      process.metric("a", 0);
      process.settle();
      assertThat(store.taken()).containsExactly(param("a", "1"), log("a", 0));
      assertThat(refusals).containsExactly(new Refusal(bad, reason));
    }
  }

  @Test
  void writeAtWhichTheStoreFails_isFoundAndRefusedAlone() {
    List<RunWrite> writes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      writes.add(param("run" + i, "1"));
    }
    RunWrite bad = writes.get(37);
    List<Integer> sizes = new ArrayList<>();
    store.answer(
        some -> {
          sizes.add(some.size());
          if (some.contains(bad)) {
            throw new IllegalStateException("a bug");
          }
          return store.take(some);
        });
    try (SteppedOutbox process = open()) {
      writes.forEach(process.outbox::add);
      process.settle();
      assertThat(refusals).extracting(Refusal::write).containsExactly(bad);
      assertThat(refusals.get(0).reason())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageStartingWith("Cannot write to run run37: the store failed again and again")
          .hasRootCauseMessage("a bug");
      writes.remove(bad);
      assertThat(store.taken()).isEqualTo(writes);
      assertThat(sizes).startsWith(100, 100, 100, 100, 50).hasSizeLessThan(3 + 2 * 8);
    }
  }

  @Test
  void storeThatFailsAtEverything_isNotTakenForABadWriteUntilManyAttempts() {
    store.answer(
        writes -> {
          throw new IllegalStateException("a bug");
        });
    try (SteppedOutbox process = open()) {
      process.outbox.add(param("a", "1"));
      process.outbox.add(param("b", "1"));
      process.advance(Duration.ofMillis(50));
      process.writer();
      for (int attempt = 0; attempt < Sender.ALL; attempt++) {
        process.sender();
        process.writer();
        process.advance(Duration.ofSeconds(1));
      }
      assertThat(refusals).isEmpty();
      process.sender();
      assertThat(refusals)
          .extracting(Refusal::write)
          .containsExactly(param("a", "1"), param("b", "1"));
      store.takeAll();
      process.outbox.add(param("c", "1"));
      process.settle();
      assertThat(store.taken()).containsExactly(param("c", "1"));
    }
  }

  @Test
  void errorOfTheStore_isTreatedAsAFailure() {
    RunWrite bad = param("bad", "1");
    store.answer(
        some -> {
          if (some.contains(bad)) {
            throw new StackOverflowError("deep");
          }
          return store.take(some);
        });
    try (SteppedOutbox process = open()) {
      process.outbox.add(param("a", "1"));
      process.outbox.add(bad);
      process.settle();
      assertThat(store.taken()).containsExactly(param("a", "1"));
      assertThat(refusals).extracting(Refusal::write).containsExactly(bad);
    }
  }

  @Test
  void backoff_doublesUpToItsLimit_andLeavesOutARandomHalf() {
    Backoff backoff =
        new Backoff(Duration.ofNanos(100), Duration.ofNanos(1000), new SplittableRandom(1));
    for (long most : new long[] {100, 200, 400, 800, 1000, 1000}) {
      assertThat(backoff.next()).isBetween(most / 2, most);
    }
    backoff.reset();
    assertThat(backoff.next()).isBetween(50L, 100L);
  }

  @Test
  void storeThatRecoversFromABug_losesNothing() {
    store.answer(
        writes -> {
          throw new IllegalStateException("a bug");
        });
    try (SteppedOutbox process = open()) {
      process.outbox.add(param("a", "1"));
      process.outbox.add(param("b", "1"));
      for (int attempt = 0; attempt < Sender.ALL - 1; attempt++) {
        process.advance(Duration.ofSeconds(1));
        process.writer();
        process.sender();
      }
      store.takeAll();
      process.settle();
      assertThat(store.taken()).containsExactly(param("a", "1"), param("b", "1"));
      assertThat(refusals).isEmpty();
    }
  }

  @Test
  void listenerThatFails_keepsNothing() {
    store.answer(
        writes -> {
          store.take(writes);
          return List.of(new Refusal(writes.get(0), new InvalidRequestException("no")));
        });
    OutboxOptions options =
        SteppedOutbox.options()
            .refusals(
                refusal -> {
                  throw new IllegalStateException("a listener's bug");
                })
            .build();
    try (SteppedOutbox process = new SteppedOutbox(store, folder, options)) {
      process.metric("a", 0);
      process.settle();
      process.metric("a", 1);
      process.settle();
      assertThat(store.steps("a")).containsExactly(0L, 1L);
    }
  }

  @Test
  void fullSpool_keepsItsBoundAndGoesOnWhenThereIsRoom() throws IOException {
    store.answer(OutboxTest::away);
    long bound = 20_000;
    try (SteppedOutbox process = open(SteppedOutbox.options().batchPoints(50).spoolBytes(bound))) {
      for (int i = 0; i < 4000; i++) {
        process.metric("a", i);
        if (i % 50 == 49) {
          process.advance(Duration.ofMillis(50));
          process.writer();
          process.sender();
        }
      }
      assertThat(bytes(process)).isBetween(bound - 1500, bound);
      assertThat(process.isDurable(4000)).isFalse();
      store.takeAll();
      process.settle();
      assertThat(store.steps("a"))
          .containsExactlyElementsOf(LongStream.range(0, 4000).boxed().toList());
      process.advance(Duration.ofMillis(50));
      process.writer();
      assertThat(bytes(process)).isZero();
    }
  }

  private static long bytes(SteppedOutbox process) throws IOException {
    long bytes = 0;
    for (Path segment : process.segments()) {
      bytes += Files.size(segment);
    }
    return bytes;
  }

  @Test
  void recordLongerThanTheSpool_goesInWhenItIsEmpty() throws IOException {
    store.answer(OutboxTest::away);
    try (SteppedOutbox process = open(SteppedOutbox.options().spoolBytes(100))) {
      process.outbox.add(param("a", "x".repeat(5000)));
      process.outbox.add(param("a", "x"));
      process.advance(Duration.ofMillis(50));
      process.writer();
      process.sender();
      process.writer();
      assertThat(process.isDurable(2)).isTrue();
      store.takeAll();
      process.advance(Duration.ofSeconds(1));
      process.settle();
      assertThat(store.taken()).hasSize(2);
    }
  }

  /** A folder that lost its permission or its disk; the store's way stays open. */
  @Test
  void spoolThatCannotBeWritten_losesNothing() throws IOException {
    store.answer(OutboxTest::away);
    try (SteppedOutbox process = open()) {
      // where the first file would be, something else is in the way
      Path inTheWay = process.spool().resolve("0000000001.spool");
      Files.createDirectory(inTheWay);
      process.metric("a", 0);
      process.advance(Duration.ofMillis(50));
      process.writer();
      process.sender();
      process.writer();
      assertThat(process.isDurable(1)).isFalse();
      process.metric("a", 1);
      process.advance(Duration.ofMillis(500));
      process.writer();

      Files.delete(inTheWay);
      process.advance(Duration.ofMillis(500));
      process.writer();
      assertThat(process.isDurable(2)).isTrue();
      store.takeAll();
      process.settle();
      assertThat(store.steps("a")).containsExactly(0L, 1L);
    }
  }

  @Test
  void options_outOfRange_areRefused() {
    assertThatThrownBy(() -> OutboxOptions.builder().maxDelay(Duration.ofMillis(9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set maxDelay: found PT0.009S, expected PT0.01S to a day");
    assertThatThrownBy(() -> OutboxOptions.builder().spoolBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set spoolBytes: found 0, expected 1 or more");
    assertThatThrownBy(
            () -> OutboxOptions.builder().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set backoff: found PT1S, expected PT2S to a day");
  }
}
