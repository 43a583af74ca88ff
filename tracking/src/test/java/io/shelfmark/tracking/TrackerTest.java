package io.shelfmark.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.ParamChangedException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TrackerTest {

  @TempDir Path folder;
  private Workspace workspace;
  private Tracker tracker;
  private Experiment experiment;

  @BeforeEach
  void open() {
    workspace = Workspace.open(folder.resolve("workspace"));
    tracker = Tracker.in(workspace);
    experiment = tracker.experiment("tag-detector");
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static Path file(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void tracker_ofWorkspace_isOneAndClosesWithIt() {
    assertThat(Tracker.in(workspace)).isSameAs(tracker);
    workspace.close();
    assertThatThrownBy(() -> tracker.find("x")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> experiment.start("late")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void run_body_givesItsResultAndFinishes() throws IOException {
    Path model = file(folder, "detector.onnx", "weights");
    ArtifactVersion published =
        experiment.run(
            "yolo-640",
            run -> {
              run.param("learningRate", 0.001).param("imageSize", 640);
              for (int epoch = 1; epoch <= 20; epoch++) {
                run.metric("val/mAP50", epoch / 20.0, epoch);
              }
              return run.publish("tag-detector", model);
            });

    RunRecord run = experiment.runs().items().get(0);
    assertThat(run.info().name()).isEqualTo("yolo-640");
    assertThat(run.info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.info().endTime()).isPresent();
    assertThat(run.params()).containsEntry("imageSize", "640");
    assertThat(run.metrics().get("val/mAP50").value()).isEqualTo(1.0);
    assertThat(published.provenance().producer()).contains("run:" + run.info().id());
  }

  @Test
  void run_bodyThatThrows_failsAndSaysWhy() {
    assertThatThrownBy(
            () ->
                experiment.run(
                    "doomed",
                    (Run run) -> {
                      run.param("a", 1);
                      throw new IOException("no photos");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("no photos");

    RunRecord run = experiment.runs().items().get(0);
    assertThat(run.info().status()).isEqualTo(RunStatus.FAILED);
    assertThat(run.tags().get("shelfmark.failure")).contains("no photos");
    assertThat(run.params()).containsEntry("a", "1");
  }

  @Test
  void run_bodyInterrupted_isKilled() {
    assertThatThrownBy(
            () ->
                experiment.run(
                    "stopped",
                    (Run run) -> {
                      throw new InterruptedException();
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(experiment.runs().items().get(0).info().status()).isEqualTo(RunStatus.KILLED);
  }

  @Test
  void run_afterClose_refusesLogs() {
    Run run = experiment.start("closed");
    run.close();
    run.close();
    assertThatThrownBy(() -> run.metric("m", 1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(run.id());
    assertThatThrownBy(() -> run.param("p", 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> run.text("t", "x")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void param_changed_isRefusedAtOnce() {
    try (Run run = experiment.start("params")) {
      run.param("lr", 0.1).param("lr", 0.1);
      assertThatThrownBy(() -> run.param("lr", 0.2)).isInstanceOf(ParamChangedException.class);
    }
  }

  @Test
  void param_changedByAnotherHandle_isToldAtFlush() {
    Run run = experiment.start("two handles");
    run.flush();
    Run again = tracker.resume(run.id());
    run.param("lr", 0.1);
    run.flush();
    again.param("lr", 0.2);

    assertThatThrownBy(again::flush).isInstanceOf(ParamChangedException.class);
    run.close();
    assertThat(tracker.require(run.id()).params()).containsEntry("lr", "0.1");
  }

  @Test
  void key_notAKey_isRefusedAtOnce() {
    try (Run run = experiment.start("keys")) {
      assertThatThrownBy(() -> run.metric("../up", 1, 1))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> run.metric("", 1, 1)).isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> run.tag("a".repeat(251), "v"))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void run_resumed_goesOnWhereItWas() {
    String id;
    try (Run run = experiment.start("resumed")) {
      run.param("a", "1").metric("loss", 2, 1);
      id = run.id();
    }
    try (Run run = tracker.resume(id)) {
      run.flush();
      assertThat(tracker.require(id).info().status()).isEqualTo(RunStatus.RUNNING);
      assertThatThrownBy(() -> run.param("a", "2")).isInstanceOf(ParamChangedException.class);
      run.metric("loss", 1, 2);
    }
    assertThat(tracker.require(id).info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(tracker.curve(id, "loss", 10).points()).hasSize(2);
    assertThatThrownBy(() -> tracker.resume("0".repeat(32)))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void run_nested_namesItsParent() {
    try (Run outer = experiment.start("outer")) {
      String inner = outer.nested("inner", Run::id);
      assertThat(tracker.require(inner).tags()).containsEntry(NewRun.PARENT_TAG, outer.id());
      assertThat(tracker.require(inner).info().status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  void run_notes_hostAndCode() {
    try (Run run = experiment.start("host")) {
      run.flush();
      assertThat(tracker.require(run.id()).tags())
          .containsEntry("mlflow.user", System.getProperty("user.name"))
          .containsEntry("shelfmark.pid", String.valueOf(ProcessHandle.current().pid()))
          .containsKeys("shelfmark.host", "shelfmark.java", "shelfmark.os");
    }
  }

  @Test
  void best_run_isThatWithTheField() {
    IntStream.range(0, 4)
        .forEach(
            i -> {
              try (Run run = experiment.start("r" + i)) {
                if (i != 3) {
                  run.metric("acc", i == 1 ? 0.9 : 0.5, 1);
                }
              }
            });
    Optional<RunRecord> best = experiment.best(Field.metric("acc").descending());
    assertThat(best.orElseThrow().info().name()).isEqualTo("r1");
    assertThat(experiment.best(Field.metric("none").descending())).isEmpty();
  }

  @Test
  void comparison_showsWhatDiffers() {
    Run one = experiment.start("one").param("lr", 0.1).param("epochs", 5).metric("acc", 1);
    Run two = experiment.start("two").param("lr", 0.2).param("epochs", 5);
    one.close();
    two.close();

    RunComparison comparison = tracker.compare(List.of(one.id(), two.id()));

    assertThat(comparison.runs()).extracting(run -> run.name()).containsExactly("one", "two");
    assertThat(comparison.lines())
        .contains(
            new RunComparison.Line(
                Field.param("lr"), List.of(Optional.of("0.1"), Optional.of("0.2"))),
            new RunComparison.Line(
                Field.metric("acc"), List.of(Optional.of("1.0"), Optional.empty())));
    assertThat(comparison.lines())
        .filteredOn(line -> !line.differs())
        .extracting(line -> line.field().key())
        .containsExactly("epochs");
  }

  @Test
  void points_ofManyThreads_areAllThereInOrder() throws Exception {
    int threads = 16;
    int each = 2000;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (Run run = experiment.start("threads")) {
      List<Future<Object>> done =
          IntStream.range(0, threads)
              .mapToObj(
                  thread ->
                      pool.submit(
                          () -> {
                            start.await();
                            for (int i = 0; i < each; i++) {
                              run.metric("t" + thread, i, i);
                            }
                            return (Object) thread;
                          }))
              .toList();
      for (Future<Object> future : done) {
        future.get();
      }
      assertThat(tracker.deliver(Duration.ofSeconds(30))).isTrue();
      for (int thread = 0; thread < threads; thread++) {
        assertThat(
                tracker
                    .store()
                    .runs()
                    .history(run.id(), "t" + thread, 10_000, Optional.empty())
                    .items())
            .extracting(point -> (long) point.value())
            .isEqualTo(IntStream.range(0, each).mapToObj(i -> (long) i).toList());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void experiment_deleted_isRefusedByName() {
    tracker.store().experiments().delete(experiment.id());
    assertThatThrownBy(() -> tracker.experiment("tag-detector"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("deleted");
  }

  @Test
  void tags_andNote_areShown() {
    experiment.note("What finds tags best?").tag("team", "ml");
    try (Run run = experiment.start("tagged", Map.of("first", "1"))) {
      run.tag("second", "2").note("*slow*");
      run.flush();
      assertThat(tracker.require(run.id()).tags())
          .containsEntry("first", "1")
          .containsEntry("second", "2")
          .containsEntry(NewRun.NOTE_TAG, "*slow*");
    }
    assertThat(tracker.store().experiments().find(experiment.id()).orElseThrow().tags())
        .containsEntry("team", "ml");
  }

  @Test
  void run_bodyThatThrowsAfterARefusal_givesItsOwnException() {
    assertThatThrownBy(
            () ->
                experiment.run(
                    "doomed",
                    (Run run) -> {
                      refuse(run);
                      throw new IOException("no photos \0");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no photos")
        .satisfies(
            e -> assertThat(e.getSuppressed()).hasOnlyElementsOfType(ParamChangedException.class));

    RunRecord run = experiment.runs().items().get(0);
    assertThat(run.info().status()).isEqualTo(RunStatus.FAILED);
    assertThat(run.tags().get("shelfmark.failure")).contains("no photos \ufffd");
  }

  /** Another handle writes the param first. */
  private void refuse(Run run) {
    assertThat(tracker.deliver(Duration.ofSeconds(30))).isTrue();
    Run other = tracker.resume(run.id());
    other.param("a", 1).flush();
    run.param("a", 2);
    assertThat(tracker.deliver(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void run_bodyThatThrowsInAClosedWorkspace_givesItsOwnException() {
    assertThatThrownBy(
            () ->
                experiment.run(
                    "doomed",
                    (Run run) -> {
                      workspace.close();
                      throw new IOException("no photos");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("no photos");
  }

  @Test
  void metrics_withABadKeyAmongThem_logNone() {
    Run run = experiment.start("one");
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("good", 1.0);
    values.put("bad\n", 2.0);
    assertThatThrownBy(() -> run.metrics(values, 1)).isInstanceOf(InvalidRequestException.class);
    run.close();
    assertThat(tracker.require(run.id()).metrics()).doesNotContainKey("good");
  }

  @Test
  void params_withAChangedOneAmongThem_noteNone() {
    Run run = experiment.start("one").param("z", 1);
    Map<String, Integer> many = new LinkedHashMap<>();
    IntStream.range(0, 50).forEach(i -> many.put("p" + i, 1));
    many.put("z", 2);
    assertThatThrownBy(() -> run.params(many)).isInstanceOf(ParamChangedException.class);
    IntStream.range(0, 50).forEach(i -> run.param("p" + i, 2));
    run.close();
    assertThat(tracker.require(run.id()).params()).containsEntry("p0", "2").hasSize(51);
  }

  @Test
  void start_withWhatNoRunMayHave_isRefusedAtOnce() {
    assertThatThrownBy(() -> experiment.start("one", Map.of("a\nb", "c")))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> experiment.start("a\0b")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> experiment.start("a".repeat(9000)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void sign_ofADeletedRun_isNothingThatWasLogged() {
    Run deleted = experiment.start("deleted");
    assertThat(tracker.deliver(Duration.ofSeconds(30))).isTrue();
    tracker.store().runs().delete(deleted.id());
    tracker.outbox().add(new RunWrite.Heartbeat(deleted.id(), Instant.now()));
    tracker
        .outbox()
        .metric(
            deleted.id(), "system/cpu_utilization_percentage", 1, 1, System.currentTimeMillis());
    assertThat(tracker.deliver(Duration.ofSeconds(30))).isTrue();

    tracker.flush();
    deleted.metric("mine", 1);
    assertThat(tracker.deliver(Duration.ofSeconds(30))).isTrue();
    assertThatThrownBy(() -> tracker.flush()).isInstanceOf(InvalidRequestException.class);
  }
}
