package io.shelfmark.examples;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.evaluation.Evaluation;
import io.shelfmark.inference.evaluation.EvaluationReport;
import io.shelfmark.inference.evaluation.Labels;
import io.shelfmark.inference.evaluation.PhotoReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores the recognizer on labelled photos. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Scores the recognizer on labelled photos; docs/evaluation.md has the format and the figures.",
      ""
    })
final class EvaluateCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "LABELS.jsonl",
      description = "One JSON object per line and photo; photos are relative to this file.")
  private Path labels = Path.of("labels.jsonl");

  @Option(
      names = "--extra",
      paramLabel = "FILE",
      description = "More labels of the same tags: units, barcodes, conditions.")
  private List<Path> extras = List.of();

  @Option(
      names = "--out-of-fold",
      paramLabel = "LABELS=DIR",
      description =
          "Score photos of the training set as well, each by the models of the one folder 0, 1, ... in DIR that were trained without the photo's fold.")
  private Map<Path, Path> outOfFold = Map.of();

  @Option(names = "--json", paramLabel = "OUT", description = "Write the scores as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--failures",
      paramLabel = "HTML",
      description = "Write the mistakes as one HTML page with pictures.")
  private @Nullable Path failures;

  @Mixin private RecognizerOptions options = new RecognizerOptions();

  private final Function<RecognizerOptions, PriceTagRecognizer> recognizers;
  private final PrintStream stdout;

  EvaluateCommand() {
    this(RecognizerOptions::open, System.out);
  }

  EvaluateCommand(Function<RecognizerOptions, PriceTagRecognizer> recognizers, PrintStream stdout) {
    this.recognizers = recognizers;
    this.stdout = stdout;
  }

  @Override
  public Integer call() throws IOException {
    Labels truth = Labels.read(labels);
    for (Path extra : extras) {
      truth = truth.with(extra);
    }
    PhotoProgress progress = PhotoProgress.onStderr("Read");
    try (PriceTagRecognizer recognizer = recognizers.apply(options)) {
      EvaluationReport report =
          Evaluation.of(recognizer)
              .run(truth, (done, total, photo) -> progress.at(done, total, photo.file()));
      for (Map.Entry<Path, Path> set : outOfFold.entrySet()) {
        report = report.and(outOfFold(Labels.read(set.getKey()), set.getValue()));
      }
      stdout.print(report.table());
      if (json != null) {
        report.writeJson(json);
      }
      if (failures != null) {
        report.writeFailures(failures);
      }
    }
    return 0;
  }

  private EvaluationReport outOfFold(Labels truth, Path folder) {
    List<PriceTagRecognizer> recognizers = new ArrayList<>();
    try {
      for (int i = 0; Files.isDirectory(folder.resolve(Integer.toString(i))); i++) {
        recognizers.add(options.open(folder.resolve(Integer.toString(i))));
      }
      if (recognizers.size() < 2) {
        throw new ModelException(
            "Cannot load folds of %s: found %d, expected folders 0, 1 and so on (check the path)"
                .formatted(folder, recognizers.size()));
      }
      PhotoProgress progress = PhotoProgress.onStderr("Read out of fold");
      return Evaluation.of(PhotoReader.outOfFold(recognizers))
          .run(truth, (done, total, photo) -> progress.at(done, total, photo.file()));
    } finally {
      recognizers.forEach(PriceTagRecognizer::close);
    }
  }
}
