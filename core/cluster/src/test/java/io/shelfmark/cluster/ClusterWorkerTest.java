package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RetryPolicy;
import io.shelfmark.pipeline.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ClusterWorkerTest {

  @TempDir Path folder;

  private Map<String, String> environment(String database) {
    return Map.of(
        "SHELFMARK_DATABASE",
        database,
        "SHELFMARK_STORE",
        folder.resolve("store").toUri().toString(),
        "SHELFMARK_HOME",
        folder.resolve("home").toString(),
        "SHELFMARK_QUEUES",
        "default=2",
        "SHELFMARK_HEARTBEAT_SECONDS",
        "1",
        "SHELFMARK_HEALTH_PORT",
        "0");
  }

  private static int ready(int port) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void worker_ofAnEnvironment_doesStepsAndTellsOfThem() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    AtomicInteger calls = new AtomicInteger();
    Step<List<Integer>> numbers =
        Step.named("numbers", ResultType.listOf(Integer.class))
            .run(context -> IntStream.range(0, 5).boxed().toList());
    Step<List<Integer>> each =
        Step.forEach("each", numbers, Integer.class).run((context, n) -> n + 1);
    Step<Integer> flaky =
        Step.named("flaky", Integer.class)
            .retry(
                RetryPolicy.attempts(2)
                    .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                    .on(IOException.class))
            .input(each)
            .run(
                (context, all) -> {
                  if (calls.incrementAndGet() == 1) {
                    throw new IOException("once");
                  }
                  return all.size();
                });
    Pipeline<Integer> pipeline = Pipeline.of("worker", flaky);
    try (TestDatabase server = TestDatabase.start();
        ClusterWorker worker =
            ClusterWorker.configured(environment(server.url(server.create())))
                .pipeline(pipeline)
                .metrics(meters)
                .start()) {
      assertThat(worker.runner().run(pipeline).result()).isEqualTo(5);
      TestDatabase.await("it is ready", () -> ready(worker.healthPort()) == 200);
      TestDatabase.await(
          "all is told", () -> meters.get("shelfmark.cluster.committed").counter().count() == 8);
      assertThat(meters.get("shelfmark.cluster.step").tags("step", "each").timer().count())
          .isEqualTo(5);
      assertThat(
              meters
                  .get("shelfmark.cluster.step")
                  .tags("step", "flaky", "outcome", "RETRIED")
                  .timer()
                  .count())
          .isEqualTo(1);
      assertThat(meters.get("shelfmark.cluster.fenced").counter().count()).isZero();
      assertThat(meters.get("shelfmark.cluster.running").gauge().value()).isZero();
      assertThat(
              meters
                  .get("shelfmark.cluster.tickets")
                  .tags("queue", "default", "state", "delayed")
                  .gauge()
                  .value())
          .isZero();
    }
  }

  @Test
  void worker_whoseDatabaseStops_isNotReady() throws Exception {
    TestDatabase server = TestDatabase.start();
    String url = server.url(server.create());
    ClusterWorker worker = ClusterWorker.configured(environment(url)).start();
    try {
      TestDatabase.await("it is ready", () -> ready(worker.healthPort()) == 200);
      server.close();
      TestDatabase.await("it is not ready", () -> ready(worker.healthPort()) == 503);
    } finally {
      worker.close();
    }
  }

  @Test
  void close_whileAStepGoesOn_waitsForIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "slow",
            Step.named("slow", Integer.class)
                .run(
                    context -> {
                      begun.countDown();
                      go.await();
                      return ended.incrementAndGet();
                    }));
    try (TestDatabase server = TestDatabase.start()) {
      ClusterWorker worker =
          ClusterWorker.configured(environment(server.url(server.create())))
              .pipeline(pipeline)
              .start();
      var run = worker.runner().start(pipeline);
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      Thread closing = new Thread(worker::close);
      closing.start();
      TestDatabase.await("it is not ready", () -> ready(worker.healthPort()) == 503);
      go.countDown();
      worker.awaitEnd();
      closing.join();
      assertThat(ended).hasValue(1);
      assertThat(run.id()).isNotNull();
    }
  }

  @Test
  void environment_thatIsWrong_isRefusedByName() {
    Map<String, String> good = environment("jdbc:postgresql://localhost/none");
    for (String name : List.of("SHELFMARK_DATABASE", "SHELFMARK_STORE", "SHELFMARK_QUEUES")) {
      Map<String, String> without = new HashMap<>(good);
      without.remove(name);
      assertThatThrownBy(() -> ClusterWorker.configured(without))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found no environment variable " + name);
    }
    for (String queues : List.of("gpu", "gpu=0", "=1", "gpu=1,,cpu=2", "gpu=many")) {
      Map<String, String> wrong = new HashMap<>(good);
      wrong.put("SHELFMARK_QUEUES", queues);
      assertThatThrownBy(() -> ClusterWorker.configured(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected LABEL=STEPS-AT-ONCE");
    }
    Map<String, String> open = new HashMap<>(good);
    open.put("SHELFMARK_HEALTH_HOST", "0.0.0.0");
    assertThatThrownBy(() -> ClusterWorker.configured(open))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no token, expected one beyond the loopback");
    Map<String, String> port = new HashMap<>(good);
    port.put("SHELFMARK_HEALTH_PORT", "high");
    assertThatThrownBy(() -> ClusterWorker.configured(port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found SHELFMARK_HEALTH_PORT=high, expected a number");
  }

  private static boolean takesFrom(String queue) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .anyMatch(
            name ->
                name.startsWith("shelfmark-poll-" + queue)
                    || name.startsWith("shelfmark-heartbeat-" + queue));
  }

  @Test
  void start_whereHealthHasNoPort_leavesNothingBehind() throws Exception {
    try (TestDatabase server = TestDatabase.start();
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> environment = new HashMap<>(environment(server.url(server.create())));
      environment.put("SHELFMARK_QUEUES", "portless=1");
      environment.put("SHELFMARK_HEALTH_PORT", Integer.toString(taken.getLocalPort()));
      assertThatThrownBy(() -> ClusterWorker.configured(environment).start())
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("expected a free port");
      TestDatabase.await("nothing is taken", () -> !takesFrom("portless"));
    }
  }

  @Test
  void start_thatFailsAtTheSecondQueue_leavesNothingBehind() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    AtomicBoolean tookFromFirst = new AtomicBoolean();
    meters
        .config()
        .meterFilter(
            MeterFilter.deny(
                id -> {
                  if ("second".equals(id.getTag("queue"))) {
                    tookFromFirst.set(takesFrom("first"));
                    throw new IllegalStateException("no meter of the second");
                  }
                  return false;
                }));
    try (TestDatabase server = TestDatabase.start()) {
      Map<String, String> environment = new HashMap<>(environment(server.url(server.create())));
      environment.put("SHELFMARK_QUEUES", "first=1,second=1");
      assertThatThrownBy(() -> ClusterWorker.configured(environment).metrics(meters).start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no meter of the second");
      assertThat(tookFromFirst).isTrue();
      TestDatabase.await("nothing is taken", () -> !takesFrom("first"));
    }
  }
}
