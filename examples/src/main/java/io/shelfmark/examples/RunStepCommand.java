package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.OrchestratedRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** What a task of Airflow or Argo calls: one step of a run, in a process of its own. */
@Command(
    name = "run-step",
    description =
        "Does one step of a run that Airflow or Argo leads: --pipeline NAME --run NAME, and --step NAME or --end. Exits with 0 done, 99 skipped, 1 failed, 2 failed for good.")
final class RunStepCommand implements Callable<Integer> {

  @Mixin private WorkspaceOption where = new WorkspaceOption();

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    try (Workspace workspace = where.open();
        OrchestratedRunner runner =
            OrchestratedRunner.in(workspace).log(System.out::println).open()) {
      return runner.perform(ExamplePipelines.all(), arguments.toArray(String[]::new));
    }
  }
}
