package io.shelfmark.pipeline.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.pipeline.MetricPoint;
import io.shelfmark.pipeline.MetricSource;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.schedule.Processes.Process;
import io.shelfmark.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Triggers on a clock that stands until it is moved. */
@Timeout(60)
class TriggerFiresTest {

  private static final Duration A_WHILE = Duration.ofSeconds(15);

  @TempDir Path folder;
  private Processes processes;

  @BeforeEach
  void open() {
    processes = new Processes(folder);
  }

  @AfterEach
  void close() {
    processes.close();
  }

  private Process watching(Trigger trigger) {
    Process process = processes.start();
    process.scheduler.trigger(Processes.NIGHTLY, trigger.set(Processes.DATA, "version"));
    return process;
  }

  private static ArtifactVersion publish(Process process, String content) {
    return process
        .workspace
        .artifacts()
        .publish("model", "model.onnx", new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private DatasetVersion commit(Process process, String content) throws Exception {
    Path file = Files.writeString(folder.resolve("photo.txt"), content);
    try (var commit = process.workspace.dataset("photos").newCommit()) {
      return commit.addFile("photo.txt", file).commit();
    }
  }

  /** The values of the parameter that the runs were started with, in order. */
  private List<String> data() {
    return processes.started().stream()
        .filter(run -> run.startsWith("nightly-") || run.startsWith("upload-"))
        .map(run -> processes.runs.parameter(run, "data"))
        .toList();
  }

  @Test
  void newVersion_eachByOneOfThreeProcesses_startsOneRun() {
    Process one = processes.start();
    publish(one, "there before");
    Trigger trigger = Trigger.newArtifactVersion("model").overlap(Overlap.ALLOW);
    one.scheduler.trigger(Processes.NIGHTLY, trigger.set(Processes.DATA, "version"));
    Process two = watching(trigger);
    Process three = watching(trigger);
    processes.during(A_WHILE, one, two, three);
    assertThat(processes.started()).isEmpty();
    publish(two, "second");
    publish(three, "third");
    processes.during(A_WHILE, three, one, two);
    publish(one, "fourth");
    processes.during(A_WHILE, two, three, one);
    assertThat(data()).containsExactly("artifact:model@2", "artifact:model@3", "artifact:model@4");
    Fire fire = one.workspace.fires().history("nightly").get(0);
    assertThat(fire.events()).containsExactly("artifact:model@4");
    assertThat(fire.values()).containsEntry("number", "4").containsEntry("name", "model");
  }

  @Test
  void newVersion_whileNobodyWatches_firesLater() throws Exception {
    Trigger trigger = Trigger.newDatasetVersion("photos").overlap(Overlap.ALLOW);
    Process first = watching(trigger);
    commit(first, "1");
    processes.during(A_WHILE, first);
    first.scheduler.close();
    commit(first, "2");
    commit(first, "3");
    Process second = watching(trigger);
    processes.during(A_WHILE, second);
    assertThat(data()).containsExactly("dataset:photos@1", "dataset:photos@2", "dataset:photos@3");
  }

  @Test
  void newVersion_whileARunGoesOn_waitsAndTheLastOneIsTaken() {
    Process process = watching(Trigger.newArtifactVersion("model"));
    publish(process, "1");
    processes.during(A_WHILE, process);
    publish(process, "2");
    publish(process, "3");
    processes.during(A_WHILE, process);
    assertThat(data()).containsExactly("artifact:model@1");
    processes.endRuns();
    processes.during(A_WHILE, process);
    assertThat(data()).containsExactly("artifact:model@1", "artifact:model@3");
  }

  @Test
  void newVersion_debounced_startOneRunForAllOfTheWindow() {
    Process process = watching(Trigger.newArtifactVersion("model").debounce(Duration.ofMinutes(5)));
    publish(process, "1");
    processes.during(Duration.ofMinutes(2), process);
    publish(process, "2");
    processes.during(Duration.ofMinutes(2), process);
    publish(process, "3");
    assertThat(processes.started()).isEmpty();
    processes.during(Duration.ofMinutes(2), process);
    assertThat(data()).containsExactly("artifact:model@3");
    List<Fire> history = process.workspace.fires().history("nightly");
    assertThat(history)
        .extracting(Fire::state)
        .containsExactly(FireState.JOINED, FireState.JOINED, FireState.STARTED);
    assertThat(history.get(2).events())
        .containsExactly("artifact:model@1", "artifact:model@2", "artifact:model@3");
    assertThat(history.get(0).run()).isEqualTo(history.get(2).run());
  }

  @Test
  void newVersion_noneThere_takesOneRequestForEachLook() {
    RequestCount requests = new RequestCount();
    Process process = processes.start(requests::of);
    process.scheduler.trigger(Processes.NIGHTLY, Trigger.newArtifactVersion("model"));
    process.scheduler.fireDue();
    requests.take();
    processes.during(Duration.ofMinutes(5), process);
    // 7 s between calls, so a look every 14 s; and a listing each minute
    assertThat(requests.take()).isBetween(25, 28);
  }

  @Test
  void aliasMove_toAVersion_firesOnce() {
    Process process = processes.start();
    ArtifactVersion first = publish(process, "1");
    ArtifactVersion second = publish(process, "2");
    process.workspace.artifacts().alias("model", "production", first);
    process.scheduler.trigger(
        Processes.NIGHTLY,
        Trigger.artifactAlias("model", "production").overlap(Overlap.ALLOW).set("data", "version"));
    processes.during(A_WHILE, process);
    assertThat(processes.started()).as("there before").isEmpty();
    process.workspace.artifacts().alias("model", "production", second, "better");
    processes.during(A_WHILE, process);
    process.workspace.artifacts().removeAlias("model", "production", "withdrawn");
    processes.during(A_WHILE, process);
    process.workspace.artifacts().alias("model", "production", first);
    processes.during(Duration.ofMinutes(2), process);
    assertThat(data()).containsExactly("artifact:model@2", "artifact:model@1");
    assertThat(process.workspace.fires().history("nightly").get(1).values())
        .containsEntry("from", "artifact:model@1")
        .containsEntry("reason", "better");
  }

  @Test
  void datasetAlias_firstMove_fires() throws Exception {
    Process process = watching(Trigger.datasetAlias("photos", "train"));
    process.workspace.dataset("photos").alias("train", commit(process, "1"));
    processes.during(A_WHILE, process);
    assertThat(data()).containsExactly("dataset:photos@1");
  }

  private static final Pipeline<String> OTHER =
      Pipeline.of("other", Step.named("one", String.class).run(context -> "1"));

  @Test
  void endOf_anotherPipeline_firesInTheStatesAskedFor() {
    Process process = processes.start();
    process.runner.start(OTHER, RunOptions.defaults().id(RunId.of("before")));
    processes.runs.endAll(RunState.FAILED);
    processes.clock.advance(Duration.ofSeconds(1));
    process.scheduler.trigger(
        Processes.NIGHTLY,
        Trigger.endOf("other", RunState.FAILED).overlap(Overlap.ALLOW).set("data", "run"));
    for (RunState state : new RunState[] {RunState.SUCCEEDED, RunState.FAILED}) {
      process.runner.start(OTHER, RunOptions.defaults().id(RunId.of("run-" + state)));
      processes.during(A_WHILE, process);
      processes.runs.endAll(state);
      processes.during(A_WHILE, process);
    }
    assertThat(data()).containsExactly("run-FAILED");
    assertThat(process.workspace.fires().history("nightly").get(0).values())
        .containsEntry("state", "FAILED")
        .containsEntry("pipeline", "other");
  }

  /** Metrics that a test writes. */
  private final class Metrics implements MetricSource {
    final List<MetricPoint> points = new ArrayList<>();
    boolean away;

    void put(String run, double value) {
      processes.clock.advance(Duration.ofSeconds(1));
      points.removeIf(point -> point.run().equals(run));
      points.add(0, new MetricPoint(run, value, points.size(), processes.clock.instant()));
    }

    @Override
    public List<MetricPoint> latest(String experiment, String metric, int runs) {
      if (away) {
        throw new StorageException("away");
      }
      assertThat(experiment + "/" + metric).isEqualTo("drift/psi");
      return points.subList(0, Math.min(runs, points.size()));
    }
  }

  private Process watching(Metrics metrics, Trigger trigger) {
    Process process = processes.start();
    process.scheduler.trigger(Processes.NIGHTLY, trigger.overlap(Overlap.ALLOW).set("data", "run"));
    return process;
  }

  @Test
  void metric_aboveALimit_firesOnceForEachRun() {
    Metrics metrics = new Metrics();
    metrics.put("before", 0.9);
    Process process = watching(metrics, Trigger.metric(metrics, "drift", "psi").above(0.2));
    metrics.put("low", 0.2);
    metrics.put("nan", Double.NaN);
    processes.during(A_WHILE, process);
    assertThat(data()).isEmpty();
    metrics.put("high", 0.3);
    metrics.put("higher", 0.4);
    processes.during(A_WHILE, process);
    metrics.put("high", 0.5);
    metrics.put("low", 0.6);
    processes.during(A_WHILE, process);
    assertThat(data()).containsExactly("high", "higher", "low");
    assertThat(process.workspace.fires().history("nightly").get(0).values())
        .containsEntry("value", "0.6")
        .containsEntry("experiment", "drift")
        .containsEntry("metric", "psi");
  }

  @Test
  void metric_belowALimit_fires() {
    Metrics metrics = new Metrics();
    Process process = watching(metrics, Trigger.metric(metrics, "drift", "psi").below(0.9));
    metrics.put("good", 0.95);
    metrics.put("bad", 0.85);
    processes.during(A_WHILE, process);
    assertThat(data()).containsExactly("bad");
  }

  @Test
  void metric_changes_firesFarFromTheLastFire() {
    Metrics metrics = new Metrics();
    metrics.put("a", 0.50);
    Trigger trigger = Trigger.metric(metrics, "drift", "psi").changesBy(0.1);
    Process process = watching(metrics, trigger);
    for (String run : new String[] {"b 0.55", "c 0.59", "d 0.61", "e 0.70", "f 0.50", "g 0.58"}) {
      metrics.put(run.substring(0, 1), Double.parseDouble(run.substring(2)));
      processes.during(A_WHILE, process);
    }
    assertThat(data()).containsExactly("d", "f");
    process.scheduler.close();
    Process restarted = watching(metrics, trigger);
    metrics.put("h", 0.59);
    processes.during(A_WHILE, restarted);
    metrics.put("i", 0.38);
    processes.during(A_WHILE, restarted);
    assertThat(data()).containsExactly("d", "f", "i");
    assertThatThrownBy(() -> Trigger.metric(metrics, "drift", "psi").changesBy(0))
        .hasMessage("Cannot watch for a change by 0.0: expected more than 0");
  }

  @Test
  void metric_sourceAway_isAskedAgain() {
    Metrics metrics = new Metrics();
    Process process = watching(metrics, Trigger.metric(metrics, "drift", "psi").above(0.2));
    metrics.put("high", 0.3);
    metrics.away = true;
    processes.during(A_WHILE, process);
    metrics.away = false;
    processes.during(Duration.ofMinutes(1), process);
    assertThat(data()).containsExactly("high");
  }

  @Test
  void call_toldAgainAndElsewhere_startsOneRun() {
    Process one = processes.start();
    Process two = processes.start();
    Trigger trigger = Trigger.calls().set(Processes.DATA, "file");
    Watch first = one.scheduler.trigger("upload", Processes.NIGHTLY, trigger);
    Watch second = two.scheduler.trigger("upload", Processes.NIGHTLY, trigger);
    Fire fire = first.fire("delivery-17", Map.of("file", "may.zip"));
    assertThat(fire.state()).isEqualTo(FireState.STARTED);
    assertThat(fire.run().orElseThrow().value()).startsWith("upload-");
    assertThat(first.fire("delivery-17", Map.of("file", "may.zip")).run()).isEqualTo(fire.run());
    assertThat(second.fire("delivery-17", Map.of("file", "other.zip")).run()).isEqualTo(fire.run());
    assertThat(data()).containsExactly("may.zip");
    assertThat(second.fire("delivery-18", Map.of("file", "june.zip")).state())
        .isEqualTo(FireState.WAITING);
    processes.endRuns();
    processes.during(A_WHILE, two);
    assertThat(data()).containsExactly("may.zip", "june.zip");
    assertThat(first.history()).hasSize(2);
  }

  @Test
  void call_withoutTheValue_failsAndSaysSo() {
    Process process = processes.start();
    Watch watch = process.scheduler.trigger(Processes.NIGHTLY, Trigger.calls().set("data", "file"));
    Fire fire = watch.fire("1", Map.of("name", "x"));
    assertThat(fire.state()).isEqualTo(FireState.FAILED);
    assertThat(fire.reason())
        .contains(
            "Cannot set parameter data of pipeline nightly: found an event with [name], expected a value file");
    processes.during(Duration.ofMinutes(2), process);
    assertThat(processes.started()).isEmpty();
    assertThat(watch.fire("2", Map.of("file", "y")).state())
        .as("it holds up nothing")
        .isEqualTo(FireState.STARTED);
    process.scheduler.close();
    assertThatThrownBy(() -> watch.fire("3", Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void call_ofASchedule_firesBesides() {
    Process process = processes.start();
    Watch watch =
        process.scheduler.schedule(Processes.NIGHTLY, Schedule.every(Duration.ofHours(24)));
    assertThat(watch.fire("by hand", Map.of()).state()).isEqualTo(FireState.STARTED);
    processes.endRuns();
    processes.at("2024-05-02T00:00:00Z", process);
    assertThat(processes.started()).hasSize(2).contains("nightly-20240502-000000");
  }

  @Test
  void call_claimedByAProcessThatIsGone_isStartedByAnotherOne() {
    Process killed = processes.start();
    Process other = processes.start();
    Watch first = killed.scheduler.trigger(Processes.NIGHTLY, Trigger.calls());
    other.scheduler.trigger(Processes.NIGHTLY, Trigger.calls());
    killed.runner.around(
        () -> {
          throw new IllegalStateException("gone");
        },
        () -> {});
    assertThatThrownBy(() -> first.fire("1", Map.of())).hasMessage("gone");
    killed.scheduler.close();
    processes.during(Duration.ofMinutes(3), other);
    assertThat(processes.started()).hasSize(1);
  }

  @Test
  void trigger_parameterThatIsNotThere_isRefused() {
    Process process = processes.start();
    assertThatThrownBy(
            () -> process.scheduler.trigger(Processes.NIGHTLY, Trigger.calls().set("date", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot run pipeline nightly at calls: found settings for [date], expected parameters among [data]");
    assertThatThrownBy(() -> Trigger.calls().debounce(Duration.ofSeconds(-1)))
        .hasMessage("Cannot gather events for PT-1S: expected 0 or more");
    assertThatThrownBy(() -> Trigger.calls().lookEvery(Duration.ZERO))
        .hasMessage("Cannot look every PT0S: expected a second or more");
  }

  /** Tells of more events than stay on record, so that the oldest records are removed. */
  private void tellMany(Process process, Watch watch) {
    for (int i = 0; i < 150; i++) {
      watch.fire("by hand " + i, Map.of("version", "by hand"));
      processes.clock.advance(Duration.ofMillis(10));
    }
    processes.during(Duration.ofMinutes(2), process);
    assertThat(watch.history()).hasSizeLessThan(120);
  }

  @Test
  void newVersion_afterManyEventsByHandAndARestart_doesNotFireAgain() {
    Trigger trigger = Trigger.newArtifactVersion("model").set(Processes.DATA, "version");
    Process first = processes.start();
    Watch watch = first.scheduler.trigger(Processes.NIGHTLY, trigger.overlap(Overlap.ALLOW));
    publish(first, "1");
    publish(first, "2");
    processes.during(A_WHILE, first);
    tellMany(first, watch);
    first.scheduler.close();
    Process second = processes.start();
    second.scheduler.trigger(Processes.NIGHTLY, trigger.overlap(Overlap.ALLOW));
    processes.during(Duration.ofMinutes(2), second);
    assertThat(data().stream().filter(value -> value.startsWith("artifact:")))
        .containsExactly("artifact:model@1", "artifact:model@2");
    assertThat(second.workspace.fires().history("nightly"))
        .filteredOn(fire -> fire.events().contains("artifact:model@2"))
        .singleElement()
        .satisfies(fire -> assertThat(fire.by()).startsWith("process-0/"));
  }

  @Test
  void eventByHand_joinsAnother_isSettledWithIt() {
    Process process = processes.start();
    Watch watch =
        process.scheduler.trigger(
            Processes.NIGHTLY, Trigger.calls().debounce(Duration.ofMinutes(1)));
    watch.fire("a", Map.of());
    processes.clock.advance(Duration.ofSeconds(1));
    watch.fire("b", Map.of());
    processes.during(Duration.ofMinutes(2), process);
    assertThat(watch.history())
        .extracting(Fire::state)
        .containsExactly(FireState.JOINED, FireState.STARTED);
  }
}
