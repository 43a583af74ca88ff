package io.shelfmark.tracking.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.internal.sql.SqlTrackingStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentCopyTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00.123Z");

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private TrackingStore source;
  private TrackingStore target;
  private String experiment;

  @BeforeEach
  void open() {
    source = open("source");
    target = open("target");
    experiment =
        source
            .experiments()
            .create(new NewExperiment("detector", Optional.empty(), Map.of("team", "ml")))
            .id();
  }

  private TrackingStore open(String name) {
    Workspace workspace = Workspace.open(folder.resolve(name));
    opened.add(0, workspace);
    TrackingStore store =
        SqlTrackingStore.sqlite(folder.resolve(name).resolve("t.db"), workspace, Clock.systemUTC());
    opened.add(0, store);
    return store;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private RunRecord log(String name, Map<String, String> tags, long points) {
    RunRecord run =
        source.runs().create(new NewRun(NewRun.newId(), experiment, name, "ann", START, tags));
    String id = run.info().id();
    source.runs().log(id, RunLog.params(Map.of("lr", "0.1")));
    for (long from = 0; from < points; from += 1000) {
      source
          .runs()
          .log(
              id,
              RunLog.metrics(
                  LongStream.range(from, Math.min(points, from + 1000))
                      .mapToObj(i -> new Metric("loss", 1.0 / (i + 1), i, START.plusMillis(i)))
                      .toList()));
    }
    return run;
  }

  private void end(RunRecord run) {
    source.runs().update(run.info().id(), RunUpdate.ended(RunStatus.FAILED, START.plusSeconds(9)));
  }

  private static void put(TrackingStore store, RunRecord run, String path, String content) {
    store
        .files(run.info().artifactLocation())
        .put(path, new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private CopyReport copy() {
    return ExperimentCopy.from(source).to(target).copy("detector");
  }

  private RunRecord copied(RunRecord run) {
    return target.runs().find(run.info().id()).orElseThrow();
  }

  @Test
  void run_copied_isWhole() throws IOException {
    RunRecord outer = log("outer", Map.of(), 0);
    RunRecord run = log("yolo", Map.of(NewRun.PARENT_TAG, outer.info().id(), "gpu", "no"), 2500);
    DatasetInput input =
        new DatasetInput("photos", "d1", "local", "s", "{}", "{}", Map.of("a", "b"));
    source.runs().logInputs(run.info().id(), List.of(input), List.of());
    put(source, run, "model/weights.bin", "weights");
    put(source, run, "note.txt", "note");
    end(run);
    end(outer);
    List<CopyProgress> progress = new ArrayList<>();

    CopyReport report =
        ExperimentCopy.from(source).to(target).onProgress(progress::add).copy("detector");

    assertThat(report.isComplete()).isTrue();
    assertThat(report.copied()).containsExactlyInAnyOrder(outer.info().id(), run.info().id());
    assertThat(report.points()).isEqualTo(2500);
    assertThat(report.files()).isEqualTo(2);
    assertThat(report.bytes()).isEqualTo(11);
    assertThat(progress).hasSize(2);
    ExperimentRecord made = target.experiments().findByName("detector").orElseThrow();
    assertThat(made.tags()).isEqualTo(Map.of("team", "ml"));
    RunRecord original = source.runs().find(run.info().id()).orElseThrow();
    RunRecord copy = copied(run);
    assertThat(copy.info().experimentId()).isEqualTo(made.id());
    assertThat(copy.info().name()).isEqualTo("yolo");
    assertThat(copy.info().user()).isEqualTo("ann");
    assertThat(copy.info().status()).isEqualTo(RunStatus.FAILED);
    assertThat(copy.info().startTime()).isEqualTo(START);
    assertThat(copy.info().endTime()).contains(START.plusSeconds(9));
    assertThat(copy.params()).isEqualTo(original.params());
    assertThat(copy.metrics()).isEqualTo(original.metrics());
    assertThat(copy.datasets()).isEqualTo(original.datasets());
    assertThat(copy.tags())
        .containsAllEntriesOf(original.tags())
        .containsEntry("shelfmark.copy", "complete")
        .containsEntry("shelfmark.copiedFrom", source.location() + "#" + original.info().id());
    assertThat(target.runs().history(run.info().id(), "loss", 5000, Optional.empty()).items())
        .isEqualTo(source.runs().history(run.info().id(), "loss", 5000, Optional.empty()).items());
    try (InputStream content =
        target.files(copy.info().artifactLocation()).open("model/weights.bin")) {
      assertThat(content).hasContent("weights");
    }
  }

  @Test
  void copiedTwice_secondDoesNothing() {
    RunRecord run = log("yolo", Map.of(), 10);
    end(run);
    copy();

    CopyReport second = copy();

    assertThat(second.copied()).isEmpty();
    assertThat(second.left()).containsExactly(run.info().id());
    assertThat(second.points()).isZero();
  }

  @Test
  void cutShort_goesOnWithoutDoubling() {
    RunRecord first = log("first", Map.of(), 1500);
    RunRecord second = log("second", Map.of(), 3500);
    put(source, second, "a.txt", "a");
    end(first);
    end(second);
    TrackingStore away =
        new InterruptedStore(target, "log", 6, new StoreUnavailableException("away"));

    assertThatThrownBy(() -> ExperimentCopy.from(source).to(away).copy("detector"))
        .isInstanceOf(StoreUnavailableException.class);
    CopyReport report = copy();

    assertThat(report.copied()).hasSize(1);
    assertThat(report.left()).hasSize(1);
    for (RunRecord run : List.of(first, second)) {
      String id = run.info().id();
      assertThat(target.runs().history(id, "loss", 5000, Optional.empty()).items())
          .isEqualTo(source.runs().history(id, "loss", 5000, Optional.empty()).items());
      assertThat(copied(run).tags()).containsEntry("shelfmark.copy", "complete");
    }
    assertThat(target.files(copied(second).info().artifactLocation()).find("a.txt")).isPresent();
  }

  @Test
  void runAtWork_isBroughtUpToDate() {
    RunRecord run = log("yolo", Map.of(), 10);
    put(source, run, "a.txt", "a");
    copy();
    assertThat(copied(run).info().status()).isEqualTo(RunStatus.RUNNING);
    assertThat(copied(run).tags()).containsEntry("shelfmark.copy", "partial");

    source.runs().log(run.info().id(), RunLog.metrics(List.of(new Metric("loss", 0, 10, START))));
    end(run);
    CopyReport report = copy();

    assertThat(report.copied()).containsExactly(run.info().id());
    assertThat(report.files()).isZero();
    assertThat(copied(run).metrics().get("loss").step()).isEqualTo(10);
    assertThat(copied(run).info().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void oneRefused_othersAreCopied() {
    RunRecord first = log("first", Map.of(), 5);
    RunRecord second = log("second", Map.of(), 5);
    TrackingStore unwilling =
        new InterruptedStore(target, "log", 0, new InvalidRequestException("too long"));

    CopyReport report = ExperimentCopy.from(source).to(unwilling).copy("detector");

    assertThat(report.copied()).hasSize(1);
    assertThat(report.isComplete()).isFalse();
    assertThat(report.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.what()).startsWith("run ");
              assertThat(failure.reason()).hasMessage("too long");
            });
    assertThat(copy().isComplete()).isTrue();
    assertThat(copied(first).metrics()).hasSize(1);
    assertThat(copied(second).metrics()).hasSize(1);
  }

  @Test
  void runOfTheTarget_isLeftAsItIs() {
    RunRecord run = log("yolo", Map.of(), 5);
    end(run);
    String elsewhere = target.experiments().create(NewExperiment.named("other")).id();
    target.runs().create(new NewRun(run.info().id(), elsewhere, "own", "", START, Map.of()));

    assertThat(copy().left()).containsExactly(run.info().id());
    assertThat(copied(run).info().name()).isEqualTo("own");
    assertThat(copied(run).metrics()).isEmpty();
  }

  @Test
  void withoutFiles_leavesThem() {
    RunRecord run = log("yolo", Map.of(), 0);
    put(source, run, "a.txt", "a");

    ExperimentCopy.from(source).to(target).withoutFiles().copy("detector", "renamed");

    assertThat(target.files(copied(run).info().artifactLocation()).list("")).isEmpty();
    assertThat(target.experiments().findByName("renamed")).isPresent();
  }

  @Test
  void wrongStoresOrNames_areRefused() {
    ExperimentCopy.From from = ExperimentCopy.from(source);
    assertThatThrownBy(() -> from.to(source))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("expected another store");
    assertThatThrownBy(() -> from.to(target).copy("none"))
        .isInstanceOf(RecordNotFoundException.class)
        .hasMessageContaining("none");
    target.experiments().delete(target.experiments().create(NewExperiment.named("gone")).id());
    assertThatThrownBy(() -> from.to(target).copy("detector", "gone"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("it was deleted");
  }
}
