package io.shelfmark.pipeline.schedule;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.ScriptedRunner;
import io.shelfmark.pipeline.Step;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.testing.FaultyBlobStore;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Processes of one cluster on one store, all in this one and on one clock. */
final class Processes implements AutoCloseable {

  /** The pipeline that all of them run. */
  static final Parameter<String> DATA = Parameter.of("data", "none");

  static final Pipeline<String> NIGHTLY =
      Pipeline.of(
          "nightly", Step.named("train", String.class).input(DATA).run((context, data) -> data));

  final SettableClock clock = SettableClock.at(Instant.parse("2024-05-01T12:00:00Z"));
  final InMemoryBlobStore content = new InMemoryBlobStore(clock);
  final ScriptedRunner runs = new ScriptedRunner(clock);
  private final Path folder;
  private final List<Process> all = new ArrayList<>();

  Processes(Path folder) {
    this.folder = folder;
  }

  /** One process. */
  static final class Process {
    final FaultyBlobStore store;
    final ScriptedRunner runner;
    final Workspace workspace;
    final Scheduler scheduler;

    Process(
        FaultyBlobStore store, ScriptedRunner runner, Workspace workspace, Scheduler scheduler) {
      this.store = store;
      this.runner = runner;
      this.workspace = workspace;
      this.scheduler = scheduler;
    }
  }

  Process start() {
    return start(store -> store);
  }

  /** Starts one whose requests go through something. */
  Process start(UnaryOperator<BlobStore> front) {
    FaultyBlobStore store = new FaultyBlobStore(front.apply(content.another()));
    ScriptedRunner runner = runs.another();
    Workspace workspace =
        Workspace.builder()
            .store(store)
            .home(folder.resolve("home" + all.size()))
            .clock(clock)
            .author("process-" + all.size())
            .open();
    Process process =
        new Process(
            store, runner, workspace, Scheduler.on(runner, workspace).withoutThread().open());
    all.add(process);
    return process;
  }

  /** Moves the clock and lets some look. */
  void at(String time, Process... looking) {
    clock.advance(Duration.between(clock.instant(), Instant.parse(time)));
    for (Process process : looking) {
      process.scheduler.fireDue();
    }
  }

  /** Lets some look for so long, every few seconds. */
  void during(Duration time, Process... looking) {
    for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
      clock.advance(Duration.ofSeconds(7));
      for (Process process : looking) {
        process.scheduler.fireDue();
      }
    }
  }

  void endRuns() {
    runs.endAll(RunState.SUCCEEDED);
  }

  List<String> started() {
    return runs.started();
  }

  /** What became of the fires of a name, the first due first, as {@code id STATE}. */
  List<String> history(String name) {
    try (Workspace workspace =
        Workspace.builder().store(content.another()).home(folder.resolve("reader")).open()) {
      List<String> lines = new ArrayList<>();
      workspace.fires().history(name).forEach(fire -> lines.add(0, fire.id() + " " + fire.state()));
      return lines;
    }
  }

  @Override
  public void close() {
    for (Process process : all) {
      process.scheduler.close();
      try {
        process.workspace.close();
      } catch (FaultyBlobStore.Killed e) {
        // dead already
      }
    }
  }
}
