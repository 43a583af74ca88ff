package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.Step;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.InMemoryBlobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process looks at again and again, over a store that is slow or refuses. */
@Timeout(60)
class WatchTest {

  private static final String LOGS = "pipeline-logs";

  private static TestDatabase server;

  @TempDir Path temporary;

  /** Sees each call of the store, of which it gets the arguments. */
  private volatile Consumer<String> seen = call -> {};

  private BlobStore store;
  private String url;
  private Workspace workspace;
  private ClusterRunner runner;

  @BeforeAll
  static void startServer() {
    server = TestDatabase.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() {
    BlobStore blobs = new InMemoryBlobStore(Clock.systemUTC());
    store =
        (BlobStore)
            Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(),
                new Class<?>[] {BlobStore.class},
                (proxy, method, arguments) -> {
                  if (arguments != null && isOfTheWatch()) {
                    seen.accept(String.valueOf(arguments[0]));
                  }
                  try {
                    return method.invoke(blobs, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    url = server.url(server.create());
    workspace = Workspace.builder().store(store).home(temporary.resolve("home")).open();
    runner =
        ClusterRunner.over(server.pool(url), workspace)
            .queue("default", 2)
            .retention(RetentionRule.keepLast(1))
            .poll(Duration.ofMillis(20))
            .watch(Duration.ofMillis(50), Duration.ofMillis(100))
            .open();
  }

  private static boolean isOfTheWatch() {
    String thread = Thread.currentThread().getName();
    return thread.startsWith("shelfmark-cluster-watch")
        || thread.startsWith("shelfmark-cluster-tidy");
  }

  @AfterEach
  void close() {
    runner.close();
    workspace.close();
  }

  private static Pipeline<Integer> logging() {
    return Pipeline.of(
        "logging",
        Step.named("a", Integer.class)
            .run(
                context -> {
                  context.log("a line");
                  return 1;
                }));
  }

  @Test
  void cancel_whileTheStoreIsSlow_interruptsTheStep() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    seen =
        call -> {
          if (call.contains(LOGS)) {
            entered.countDown();
            awaitUninterrupted(go);
          }
        };
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    PipelineRun<Integer> waiting =
        runner.start(
            Pipeline.of(
                "waiting",
                Step.named("wait", Integer.class)
                    .run(
                        context -> {
                          begun.countDown();
                          try {
                            new CountDownLatch(1).await();
                          } finally {
                            interrupted.countDown();
                          }
                          return 1;
                        })));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    runner.run(logging());
    runner.run(logging());
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    try (Workspace other =
            Workspace.builder().store(store).home(temporary.resolve("other")).open();
        ClusterRunner host = ClusterRunner.over(server.pool(url), other).open()) {
      host.cancel(waiting.id(), "not needed");
      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      go.countDown();
    }
  }

  @Test
  void retention_ofARunThatCannotBeRemoved_removesTheOthers() throws Exception {
    seen =
        call -> {
          if (call.contains("bad-")) {
            throw new StorageException("this one cannot be removed");
          }
        };
    for (String id : new String[] {"good-1", "bad-1", "good-2", "bad-2", "good-3", "good-4"}) {
      runner.start(logging(), RunOptions.defaults().id(RunId.of(id))).result();
    }
    TestDatabase.await("the others are gone", () -> runner.runs("logging").size() == 3);
    assertThat(runner.runs("logging"))
        .extracting(RunRecord::id)
        .containsExactlyInAnyOrder(RunId.of("good-4"), RunId.of("bad-1"), RunId.of("bad-2"));
    seen = call -> {};
    TestDatabase.await("all but the last are gone", () -> runner.runs("logging").size() == 1);
  }

  @Test
  void close_waitsForALookUnderWay() throws Exception {
    AtomicReference<Thread> closing = new AtomicReference<>();
    AtomicReference<Boolean> waitedFor = new AtomicReference<>();
    CountDownLatch entered = new CountDownLatch(1);
    seen =
        call -> {
          if (call.contains(LOGS) && waitedFor.get() == null) {
            entered.countDown();
            Thread closer = closing.get();
            while (closer == null
                || (closer.getState() != Thread.State.TIMED_WAITING && closer.isAlive())) {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
              closer = closing.get();
            }
            waitedFor.set(isIn(closer, Watch.class));
          }
        };
    runner.run(logging());
    runner.run(logging());
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    Thread closer = new Thread(runner::close);
    closer.start();
    closing.set(closer);
    closer.join(30_000);
    TestDatabase.await("the look is over", () -> waitedFor.get() != null);
    assertThat(waitedFor.get()).isTrue();
  }

  private static boolean isIn(Thread thread, Class<?> type) {
    for (StackTraceElement element : thread.getStackTrace()) {
      if (element.getClassName().equals(type.getName())) {
        return true;
      }
    }
    return false;
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
