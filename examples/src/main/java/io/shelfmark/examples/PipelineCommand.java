package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineGraph;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunFailedException;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunPage;
import io.shelfmark.pipeline.RunRecord;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the example pipelines in this process, explains and draws them, and shows their runs. */
@Command(
    name = "pipeline",
    mixinStandardHelpOptions = true,
    subcommands = {WatchCommand.class, RunStepCommand.class, PipelineExportCommand.class},
    description = "Runs the example pipelines; `pipeline list` names them.")
final class PipelineCommand {

  /** How a graph is written. */
  enum GraphFormat {
    TEXT,
    DOT,
    MERMAID
  }

  private final PrintStream out;

  PipelineCommand() {
    this(System.out);
  }

  PipelineCommand(PrintStream out) {
    this.out = out;
  }

  @Command(description = "Lists the pipelines, or the runs of one, the last one first.")
  int list(
      @Mixin WorkspaceOption where,
      @Mixin ClusterOption cluster,
      @Parameters(paramLabel = "NAME", arity = "0..1", defaultValue = "") String name) {
    if (name.isEmpty()) {
      ExamplePipelines.all().forEach(pipeline -> out.println(pipeline.name()));
      return 0;
    }
    Pipeline<?> pipeline = ExamplePipelines.require(name);
    try (Workspace workspace = where.open();
        ClusterOption.Open opened = cluster.open(workspace)) {
      opened.runner().runs(pipeline.name()).forEach(run -> out.println(RunText.line(run)));
      return 0;
    }
  }

  @Command(description = "Prints the steps of a pipeline and what they take from each other.")
  int graph(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--format",
              defaultValue = "TEXT",
              description = "${COMPLETION-CANDIDATES}, in any case (default: ${DEFAULT-VALUE}).")
          GraphFormat format) {
    PipelineGraph graph = ExamplePipelines.require(name).graph();
    out.print(
        switch (format) {
          case TEXT -> graph.text();
          case DOT -> graph.dot();
          case MERMAID -> graph.mermaid();
        });
    return 0;
  }

  @Command(description = "Tells what a run would do, and why, without doing anything.")
  int explain(
      @Mixin WorkspaceOption where,
      @Mixin ClusterOption cluster,
      @Mixin RunSettings settings,
      @Parameters(paramLabel = "NAME") String name) {
    Pipeline<?> pipeline = ExamplePipelines.require(name);
    try (Workspace workspace = where.open();
        ClusterOption.Open opened = cluster.open(workspace)) {
      out.println(opened.runner().explain(pipeline, settings.options()));
      return 0;
    }
  }

  @Command(description = "Runs a pipeline and prints its result.")
  int run(
      @Mixin WorkspaceOption where,
      @Mixin ClusterOption cluster,
      @Mixin RunSettings settings,
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--html",
              paramLabel = "FILE",
              description = "Write the page of the run: graph, times, steps, logs.")
          @Nullable Path html) {
    Pipeline<?> pipeline = ExamplePipelines.require(name);
    try (Workspace workspace = where.open();
        ClusterOption.Open opened = cluster.open(workspace, new PipelineProgress(out))) {
      PipelineRun<?> run = opened.runner().start(pipeline, settings.options());
      return end(opened, List.of(run), html);
    }
  }

  @Command(description = "Goes on with the runs that an ended process left.")
  int resume(@Mixin WorkspaceOption where, @Mixin ClusterOption cluster) {
    try (Workspace workspace = where.open();
        ClusterOption.Open opened = cluster.open(workspace, new PipelineProgress(out))) {
      ExamplePipelines.register(opened.runner());
      return end(opened, opened.runner().resume(), null);
    }
  }

  /** Waits for runs; what the steps did is printed before the results. */
  private int end(ClusterOption.Open opened, List<PipelineRun<?>> runs, @Nullable Path html) {
    int status = 0;
    List<String> lines = new ArrayList<>();
    for (PipelineRun<?> run : runs) {
      String result;
      try {
        result = String.valueOf(run.result());
      } catch (RunFailedException e) {
        result = String.valueOf(e.getMessage());
        status = 1;
      }
      // what others did, this process has not heard of
      lines.add(opened.isCluster() ? RunText.whole(run.record()) : RunText.line(run.record()));
      lines.add(result);
    }
    if (html != null) {
      lines.add(page(opened.runner(), runs.get(0).record(), html));
    }
    opened.close();
    lines.forEach(out::println);
    return status;
  }

  @Command(description = "Prints what is on record of a run: states, times, results, logs.")
  int show(
      @Mixin WorkspaceOption where,
      @Mixin ClusterOption cluster,
      @Parameters(paramLabel = "RUN") String id,
      @Option(
              names = "--log",
              paramLabel = "STEP",
              description = "Print what this step logged instead.")
          @Nullable String step,
      @Option(
              names = "--html",
              paramLabel = "FILE",
              description = "Write a page of it instead: graph, times, steps, logs.")
          @Nullable Path html) {
    try (Workspace workspace = where.open();
        ClusterOption.Open opened = cluster.open(workspace)) {
      PipelineRunner runner = opened.runner();
      RunRecord run =
          runner
              .find(RunId.of(id))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "Cannot find run %s: found none on record, expected one of this workspace (see pipeline list NAME)"
                              .formatted(id)));
      if (html != null) {
        out.println(page(runner, run, html));
      } else {
        out.print(step == null ? RunText.whole(run) : runner.log(run.id(), step));
      }
      return 0;
    }
  }

  private static String page(PipelineRunner runner, RunRecord run, Path file) {
    RunPage.of(runner, ExamplePipelines.require(run.pipeline()), run.id()).writeTo(file);
    return "the run's page is " + file.toAbsolutePath();
  }
}
