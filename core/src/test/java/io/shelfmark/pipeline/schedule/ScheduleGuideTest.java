package io.shelfmark.pipeline.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/schedules.md, on a real runner. */
@Timeout(60)
class ScheduleGuideTest {

  @TempDir Path folder;
  private final SettableClock clock = SettableClock.at(Instant.parse("2024-05-01T12:00:00Z"));
  private final Parameter<VersionRef> photos =
      Parameter.of("photos", VersionRef.parse("dataset:shelf-photos@1"));
  private final Pipeline<String> training =
      Pipeline.of(
          "training",
          Step.named("train", String.class).input(photos).run((context, ref) -> "by " + ref));
  private Workspace workspace;
  private LocalRunner runner;
  private Scheduler scheduler;

  @BeforeEach
  void open() {
    workspace =
        Workspace.builder()
            .store(new InMemoryBlobStore(clock))
            .home(folder.resolve("home"))
            .clock(clock)
            .open();
    runner = LocalRunner.in(workspace).open();
    scheduler = Scheduler.on(runner, workspace).withoutThread().open();
  }

  @AfterEach
  void close() {
    scheduler.close();
    runner.close();
    workspace.close();
  }

  private String result(Fire fire) {
    RunId run = fire.run().orElseThrow();
    return runner.start(training, RunOptions.defaults().id(run)).result();
  }

  @Test
  void guide_schedule_runsAtThree() {
    Schedule nightly = Schedule.daily(LocalTime.of(3, 0), ZoneId.of("Europe/Moscow"));
    assertThat(nightly.next(clock.instant(), 2))
        .containsExactly(
            Instant.parse("2024-05-02T00:00:00Z"), Instant.parse("2024-05-03T00:00:00Z"));
    Watch watch = scheduler.schedule(training, nightly);
    scheduler.schedule(
        "every-quarter",
        training,
        Schedule.cron("*/15 8-19 * * MON-FRI", ZoneId.of("Europe/Moscow"))
            .catchUp(CatchUp.skip())
            .overlap(Overlap.QUEUE_ONE)
            .until(Instant.parse("2030-01-01T00:00:00Z")),
        RunOptions.defaults().deadline(Duration.ofMinutes(10)));
    clock.advance(Duration.ofHours(12));
    scheduler.fireDue();
    Fire fire = watch.history().get(0);
    assertThat(fire.state()).isEqualTo(FireState.STARTED);
    assertThat(result(fire)).isEqualTo("by dataset:shelf-photos@1");
    assertThat(runner.runs("training"))
        .extracting(run -> run.id().value())
        .contains("training-20240502-000000");
  }

  @Test
  void guide_trigger_runsWithTheNewVersion() throws Exception {
    Watch watch =
        scheduler.trigger(
            "retrain",
            training,
            Trigger.newDatasetVersion("shelf-photos")
                .set(photos, "version")
                .debounce(Duration.ofMinutes(10)));
    for (String name : List.of("1", "2")) {
      Path file = Files.writeString(folder.resolve(name), name);
      try (var commit = workspace.dataset("shelf-photos").newCommit()) {
        commit.addFile(name, file).commit();
      }
      scheduler.fireDue();
      clock.advance(Duration.ofMinutes(4));
    }
    clock.advance(Duration.ofMinutes(4));
    scheduler.fireDue();
    assertThat(watch.history())
        .extracting(Fire::state)
        .containsExactly(FireState.JOINED, FireState.STARTED);
    assertThat(result(watch.history().get(1))).isEqualTo("by dataset:shelf-photos@2");
  }

  @Test
  void guide_endOfAPipeline_runsAnother() {
    scheduler.trigger("train-anew", training, Trigger.endOf("import", RunState.SUCCEEDED));
    Pipeline<Integer> imports =
        Pipeline.of("import", Step.named("files", Integer.class).run(context -> 7));
    clock.advance(Duration.ofSeconds(1));
    runner.run(imports);
    scheduler.fireDue();
    assertThat(runner.runs("training")).hasSize(1);
  }

  /** A web hook: the sender's id of the delivery makes a repeated one the same event. */
  private static void hook(HttpExchange exchange, Watch watch, byte[] token) throws IOException {
    try (exchange) {
      String given = exchange.getRequestHeaders().getFirst("Authorization");
      String delivery = exchange.getRequestHeaders().getFirst("X-Delivery");
      if (given == null || !MessageDigest.isEqual(given.getBytes(UTF_8), token)) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      if (delivery == null) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      String version = new String(exchange.getRequestBody().readNBytes(1_000), UTF_8);
      Fire fire = watch.fire(delivery, Map.of("version", version));
      byte[] reply = fire.state().name().getBytes(UTF_8);
      exchange.sendResponseHeaders(202, reply.length);
      exchange.getResponseBody().write(reply);
    }
  }

  @Test
  void guide_webHook_firesOnceForEachDelivery() throws Exception {
    Watch watch =
        scheduler.trigger(
            "hook", training, Trigger.calls().set(photos, "version").overlap(Overlap.ALLOW));
    byte[] token = "Bearer t0ken".getBytes(UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/train", exchange -> hook(exchange, watch, token));
    server.start();
    try {
      URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/train");
      assertThat(post(uri, "Bearer guess", "17").statusCode()).isEqualTo(401);
      assertThat(watch.history()).isEmpty();
      assertThat(post(uri, "Bearer t0ken", "17").body()).isEqualTo("STARTED");
      assertThat(post(uri, "Bearer t0ken", "17").statusCode()).isEqualTo(202);
      assertThat(post(uri, "Bearer t0ken", "18").statusCode()).isEqualTo(202);
    } finally {
      server.stop(0);
    }
    assertThat(watch.history()).hasSize(2);
    assertThat(runner.runs("training")).hasSize(2);
    assertThat(result(watch.history().get(0))).isEqualTo("by dataset:shelf-photos@5");
  }

  private static HttpResponse<String> post(URI uri, String token, String delivery)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri)
                .header("Authorization", token)
                .header("X-Delivery", delivery)
                .POST(HttpRequest.BodyPublishers.ofString("dataset:shelf-photos@5"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** Where the runners of two machines know nothing of each other's runs. */
  @Test
  void separateHomes_oneStore_startEachFireInOneOfThem() {
    clock.advance(Duration.ofSeconds(1));
    InMemoryBlobStore shared = new InMemoryBlobStore(clock);
    try (Workspace one = on(shared, "one");
        Workspace two = on(shared, "two");
        LocalRunner first = LocalRunner.in(one).open();
        LocalRunner second = LocalRunner.in(two).open();
        Scheduler here = Scheduler.on(first, one).withoutThread().open();
        Scheduler there = Scheduler.on(second, two).withoutThread().open()) {
      Schedule hourly = Schedule.every(Duration.ofHours(1));
      here.schedule(training, hourly);
      there.schedule(training, hourly);
      for (int hour = 0; hour < 6; hour++) {
        clock.advance(Duration.ofHours(1));
        (hour % 2 == 0 ? here : there).fireDue();
        (hour % 2 == 0 ? there : here).fireDue();
        awaitEnds(first);
        awaitEnds(second);
      }
      assertThat(first.runs("training")).hasSize(3);
      assertThat(second.runs("training")).hasSize(3);
    }
  }

  /** A run that goes on would have the next fire skipped. */
  private void awaitEnds(LocalRunner runner) {
    for (RunRecord run : runner.runs("training")) {
      assertThat(
              runner
                  .start(training, RunOptions.defaults().id(run.id()))
                  .await(Duration.ofSeconds(30)))
          .isTrue();
    }
  }

  private Workspace on(InMemoryBlobStore shared, String home) {
    return Workspace.builder()
        .store(shared.another())
        .home(folder.resolve(home))
        .clock(clock)
        .open();
  }
}
