package io.shelfmark.examples;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.bulk.BulkProgress;
import io.shelfmark.inference.bulk.BulkRecognition;
import io.shelfmark.inference.parquet.ParquetTags;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a folder of any number of photos into a file, and goes on with it when it was stopped. */
@Command(
    name = "read-all",
    mixinStandardHelpOptions = true,
    description = {
      "Reads all photos of a folder into a file with one line of JSON a photo.",
      "Stop it at any time: started again it goes on, with photos that are new, that changed, and",
      "that failed without being bad themselves. docs/bulk.md has the format.",
      ""
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every photo is on record, and none failed in this run",
      "1:some photo failed in this run, or the run itself did",
      "2:wrong usage"
    })
final class ReadAllCommand implements Callable<Integer> {

  private static final Duration PERIOD = Duration.ofSeconds(1);

  @Parameters(paramLabel = "FOLDER", description = "Searched for pictures at any depth.")
  private Path folder = Path.of("photos");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "results.jsonl",
      description = "The file of results (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("results.jsonl");

  @Option(
      names = "--parquet",
      paramLabel = "FILE",
      description = "At the end, write the tags on record as a table in Parquet, too.")
  private @Nullable Path parquet;

  @Option(
      names = "--read-by",
      paramLabel = "NAME",
      description =
          "What results call these models and options; photos on record under another name are read again.")
  private @Nullable String readBy;

  @Mixin private RecognizerOptions options = new RecognizerOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Function<RecognizerOptions, PriceTagRecognizer> recognizers;
  private final PrintStream stdout;

  ReadAllCommand() {
    this(RecognizerOptions::open, System.out);
  }

  ReadAllCommand(Function<RecognizerOptions, PriceTagRecognizer> recognizers, PrintStream stdout) {
    this.recognizers = recognizers;
    this.stdout = stdout;
  }

  @Override
  public Integer call() {
    BulkProgress done;
    try (PriceTagRecognizer recognizer = recognizers.apply(options)) {
      PhotoProgress line = PhotoProgress.onStderr("Read");
      BulkRecognition bulk =
          BulkRecognition.of(recognizer).progress(PERIOD, progress -> show(progress, line));
      done = (readBy == null ? bulk : bulk.readBy(readBy)).run(folder, out);
    }
    stdout.printf(
        Locale.ROOT,
        "%s: %d photos read, %d failed, %d on record already; %d tags, %.1f photos/s%n",
        out,
        done.read(),
        done.failed(),
        done.skipped(),
        done.tags(),
        done.photosPerSecond());
    if (done.total().orElse(1) == 0) {
      spec.commandLine()
          .getErr()
          .printf(
              "Found no pictures in %s, expected JPEG, PNG, WebP, BMP, TIFF or GIF files%n",
              folder);
    }
    if (done.failed() > 0) {
      spec.commandLine().getErr().printf("Why photos failed: \"error\" in %s%n", out);
    }
    if (parquet != null) {
      stdout.printf("%s: %d tags%n", parquet, ParquetTags.write(out, parquet));
    }
    return done.failed() == 0 ? 0 : 1;
  }

  private static void show(BulkProgress progress, PhotoProgress line) {
    // photos that came after the count are read, too
    long total = Math.max(progress.total().orElse(0), progress.done());
    if (total > 0) {
      line.at(
          Math.toIntExact(progress.done()),
          Math.toIntExact(total),
          String.format(
              Locale.ROOT,
              "%d failed, %.1f photos/s%s",
              progress.failed(),
              progress.photosPerSecond(),
              progress.remaining().map(left -> ", " + text(left) + " left").orElse("")));
    }
  }

  private static String text(Duration left) {
    return left.toHours() > 0
        ? "%d h %d min".formatted(left.toHours(), left.toMinutesPart())
        : "%d min %d s".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
