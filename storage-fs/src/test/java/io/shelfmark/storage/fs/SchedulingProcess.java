package io.shelfmark.storage.fs;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.FolderRunner;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.schedule.CatchUp;
import io.shelfmark.pipeline.schedule.Overlap;
import io.shelfmark.pipeline.schedule.Schedule;
import io.shelfmark.pipeline.schedule.Scheduler;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that watches for four schedules of a fire each second, until its input ends. Arguments:
 * folder.
 */
final class SchedulingProcess {

  static final int SCHEDULES = 4;

  private SchedulingProcess() {}

  static Schedule schedule() {
    return Schedule.every(Duration.ofSeconds(1)).catchUp(CatchUp.all(1_000)).overlap(Overlap.ALLOW);
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Pipeline<String> pipeline =
        Pipeline.of("each-second", Step.named("tick", String.class).run(context -> "done"));
    try (Workspace workspace = Workspace.builder().folder(folder).threads(4).open();
        FolderRunner runner =
            new FolderRunner(folder.resolve("runs"), Duration.ofMillis(50), System.out::println);
        Scheduler scheduler =
            Scheduler.on(runner, workspace).takeover(Duration.ofSeconds(1)).history(1_000).open()) {
      for (int i = 0; i < SCHEDULES; i++) {
        scheduler.schedule("each-second-" + i, pipeline, schedule());
      }
      System.out.println("watching");
      while (System.in.read() >= 0) {
        // goes on until its input ends
      }
    }
  }
}
