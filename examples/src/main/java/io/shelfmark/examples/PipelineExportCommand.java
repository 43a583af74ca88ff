package io.shelfmark.examples;

import io.shelfmark.pipeline.AirflowDag;
import io.shelfmark.pipeline.ArgoWorkflow;
import io.shelfmark.pipeline.Pipeline;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a pipeline as a file for Airflow or Argo, whose tasks call {@link RunStepCommand}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Prints a pipeline as a DAG of Airflow or a workflow of Argo.")
final class PipelineExportCommand implements Callable<Integer> {

  private final PrintStream out;

  /** For which tool. */
  enum Target {
    AIRFLOW,
    ARGO
  }

  @Parameters(index = "0", paramLabel = "TOOL", description = "${COMPLETION-CANDIDATES}.")
  private @Nullable Target target;

  @Parameters(index = "1", paramLabel = "NAME", description = "The pipeline.")
  private @Nullable String name;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "Image that tasks run in: needed for Argo (default: Airflow's own workers).")
  private @Nullable String image;

  @Option(
      names = "--namespace",
      defaultValue = "default",
      description = "Namespace of Airflow's pods (default: ${DEFAULT-VALUE}).")
  private String namespace = "default";

  @Option(
      names = "--workspace",
      required = true,
      paramLabel = "s3://BUCKET/PREFIX",
      description = "The store that all tasks reach.")
  private @Nullable String workspace;

  @Option(
      names = "--jar",
      defaultValue = "/opt/shelfmark-examples.jar",
      description = "Where the tasks find this program (default: ${DEFAULT-VALUE}).")
  private String jar = "";

  PipelineExportCommand() {
    this(System.out);
  }

  PipelineExportCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    Pipeline<?> pipeline = ExamplePipelines.require(String.valueOf(name));
    String[] main = {"java", "-jar", jar, "pipeline"};
    out.print(target == Target.ARGO ? argo(pipeline, main) : airflow(pipeline, main));
    return 0;
  }

  private String airflow(Pipeline<?> pipeline, String[] main) {
    AirflowDag dag =
        AirflowDag.of(pipeline)
            .command(main)
            .environment("SHELFMARK_WORKSPACE", String.valueOf(workspace));
    return (image == null ? dag : dag.inKubernetes(image, namespace)).toString();
  }

  private String argo(Pipeline<?> pipeline, String[] main) {
    if (image == null) {
      throw new IllegalArgumentException(
          "Cannot write a workflow of %s: found no --image, expected one".formatted(pipeline));
    }
    return ArgoWorkflow.of(pipeline, image)
        .command(main)
        .environment("SHELFMARK_WORKSPACE", String.valueOf(workspace))
        .toString();
  }
}
