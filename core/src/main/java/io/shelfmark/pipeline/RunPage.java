package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.internal.runpage.RunDocument;
import io.shelfmark.internal.runpage.StepShape;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.pipeline.Node.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A run as one HTML file for people: its graph, when its attempts ran, its parameters, and each
 * step with its attempts, result, versions and log.
 *
 * <pre>{@code
 * RunPage.of(runner, pipeline, run.id()).writeTo(Path.of("run.html"));
 * }</pre>
 *
 * <p>The file needs no other and no network; it can be opened from a folder, mailed or kept. It
 * shows the run as it was when the page was made. Its size is bounded, whatever the run's: of a
 * fan-out it has the counts, the elements that failed and those that took longest, 48 KiB of each
 * log and 1.5 million characters of all, those of failed steps first. Immutable and thread-safe.
 */
public final class RunPage {

  private final String html;

  private RunPage(String html) {
    this.html = html;
  }

  /**
   * The page of a run. When the run began with another graph than the pipeline has now, the graph
   * is not drawn and versions that steps took are not shown.
   *
   * @throws IllegalArgumentException when the runner has no such run, or it is another pipeline's
   */
  public static RunPage of(PipelineRunner runner, Pipeline<?> pipeline, RunId run) {
    RunRecord record =
        runner
            .find(run)
            .filter(found -> found.pipeline().equals(pipeline.name()))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot draw run %s of %s: found no such run, expected one on record"
                            .formatted(run, pipeline)));
    boolean same = record.graph().equals(pipeline.graph().digest());
    Optional<RunLineage> lineage = same ? Optional.of(record.lineage(pipeline)) : Optional.empty();
    List<StepShape> graph =
        same ? pipeline.graph().nodes().stream().map(RunPage::shape).toList() : List.of();
    return new RunPage(RunDocument.of(record, graph, lineage, step -> runner.log(run, step)));
  }

  private static StepShape shape(Node node) {
    StepShape.Kind kind =
        node.isFanOut()
            ? StepShape.Kind.FAN_OUT
            : node.isSubPipeline() ? StepShape.Kind.SUB_PIPELINE : StepShape.Kind.CALL;
    return new StepShape(node.id(), kind, steps(node.inputs()), steps(node.conditions()));
  }

  private static List<String> steps(List<Source> sources) {
    return sources.stream()
        .filter(source -> source instanceof FromStep)
        .map(Source::id)
        .distinct()
        .toList();
  }

  /** The page's HTML, to be served or written in UTF-8. */
  public String html() {
    return html;
  }

  /**
   * Writes the page to a file, in place of what was there.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  public void writeTo(Path file) {
    Objects.requireNonNull(file, "file");
    try {
      Files.writeString(file, html, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write page %s: found %s, expected a folder with room for it".formatted(file, e),
          e);
    }
  }
}
