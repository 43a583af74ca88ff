package io.shelfmark.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import io.shelfmark.testing.SettableClock;
import io.shelfmark.tracking.internal.sql.SqlTrackingStore;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events that come while the tracker's store does not answer. */
@Timeout(60)
class PipelineTrackingAwayTest {

  @TempDir Path folder;
  private final SettableClock clock = SettableClock.at(Instant.parse("2024-05-01T12:00:00Z"));
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean away;
  private Workspace workspace;
  private Tracker tracker;

  @BeforeEach
  void open() {
    workspace = Workspace.open(folder.resolve("workspace"));
    TrackingStore real =
        SqlTrackingStore.sqlite(folder.resolve("record.db"), workspace, Clock.systemUTC());
    RunStore runs = through(RunStore.class, real.runs());
    TrackingStore store =
        (TrackingStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TrackingStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("runs") ? runs : method.invoke(real, arguments));
    tracker = Tracker.builder(workspace).store(store).clock(clock).withoutSystemMetrics().open();
  }

  @AfterEach
  void close() {
    away = false;
    tracker.close();
    workspace.close();
  }

  private <T> T through(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (away && method.getName().equals("find")) {
                refused.incrementAndGet();
                throw new StoreUnavailableException("it is away", null);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  /** Asks until it is so; the test's time limit ends it. */
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private List<RunEvent> events() {
    List<RunEvent> events = new ArrayList<>();
    try (LocalRunner runner = LocalRunner.in(workspace).listener(events::add).open()) {
      Pipeline<Integer> pipeline =
          Pipeline.of("away", Step.named("one", Integer.class).run(context -> 1));
      assertThat(runner.start(pipeline).await(Duration.ofSeconds(30))).isTrue();
    }
    return events;
  }

  private RunRecord record(RunId id, String step) {
    return tracker.require(PipelineTracking.runId(id, step));
  }

  private boolean isEnded(String run) {
    return tracker.find(run).filter(r -> r.tags().containsKey("shelfmark.state")).isPresent();
  }

  @Test
  void runEnded_whileTheStoreIsAway_isToldLater() {
    PipelineTracking tracking = PipelineTracking.of(tracker);
    List<RunEvent> events = events();
    RunId id = events.get(0).run();
    events.subList(0, 2).forEach(tracking::happened);
    assertThat(tracker.deliver(Duration.ofSeconds(20))).isTrue();
    clock.advance(Duration.ofMinutes(2)); // so that it looks for runs that others ended
    away = true;
    tracking.happened(
        new RunEvent.RunEnded(id, Instant.now(), RunState.FAILED, Optional.of("a deadline")));
    int before = refused.get();
    assertThat(before).isPositive();
    await(() -> refused.get() > before); // the second try found it away, too
    away = false;
    await(() -> isEnded(PipelineTracking.runId(id)));
    RunRecord run = tracker.require(PipelineTracking.runId(id));
    assertThat(run.info().status()).isEqualTo(RunStatus.FAILED);
    assertThat(record(id, "one").info().status()).isEqualTo(RunStatus.KILLED);
  }

  @Test
  void run_allOfWhichHappensWhileTheStoreIsAway_isToldLater() {
    PipelineTracking other = PipelineTracking.of(tracker);
    List<RunEvent> events = events();
    RunId id = events.get(0).run();
    other.happened(events.get(0));
    assertThat(tracker.deliver(Duration.ofSeconds(20))).isTrue();
    PipelineTracking tracking = PipelineTracking.of(tracker);
    away = true;
    events.subList(1, events.size()).forEach(tracking::happened);
    int before = refused.get();
    assertThat(before).isPositive();
    await(() -> refused.get() > before);
    away = false;
    await(() -> isEnded(PipelineTracking.runId(id)));
    RunRecord run = tracker.require(PipelineTracking.runId(id));
    assertThat(run.info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(record(id, "one").info().status()).isEqualTo(RunStatus.FINISHED);
  }
}
