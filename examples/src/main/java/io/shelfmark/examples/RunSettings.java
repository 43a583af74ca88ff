package io.shelfmark.examples;

import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a run differs from the pipeline's defaults. */
final class RunSettings {

  @Option(
      names = "--set",
      paramLabel = "PARAMETER=VALUE",
      description = "A parameter's value: JSON, or a text without quotes.")
  private Map<String, String> values = Map.of();

  @Option(
      names = "--rerun",
      paramLabel = "RUN",
      description = "Take the results of this earlier run up to --from-step.")
  private @Nullable String rerun;

  @Option(
      names = "--from-step",
      paramLabel = "STEP",
      description = "The first step of --rerun that is done anew, with all that take from it.")
  private @Nullable String fromStep;

  @Option(
      names = "--id",
      paramLabel = "RUN",
      description = "The run's id; asked for twice, it is started once (default: a new one).")
  private @Nullable String id;

  RunOptions options() {
    RunOptions options = RunOptions.defaults();
    for (Map.Entry<String, String> value : values.entrySet()) {
      options = options.with(value.getKey(), value.getValue());
    }
    if (id != null) {
      options = options.id(RunId.of(id));
    }
    if (rerun == null && fromStep == null) {
      return options;
    }
    if (rerun == null || fromStep == null) {
      throw new IllegalArgumentException(
          "Cannot rerun: found one of --rerun and --from-step, expected both or neither");
    }
    return options.rerun(RunId.of(rerun), fromStep);
  }
}
