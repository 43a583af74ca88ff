package io.shelfmark.examples;

import io.shelfmark.inference.synthetic.PhotoFolder;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes labelled photos of price tags and shelves, as the bundled models were trained on. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Writes generated shelf photos and their labels (labels.jsonl) into a folder.")
final class GenerateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "OUT", description = "Folder to write to.")
  private Path out = Path.of(".");

  @Option(names = "--seed", description = "Same seed, same photos (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--count", description = "Number of photos (default: ${DEFAULT-VALUE}).")
  private int count = 100;

  @Option(names = "--kind", description = "Only this kind: ${COMPLETION-CANDIDATES}.")
  private @Nullable SceneKind kind;

  @Option(names = "--size", description = "Width and height in pixels, as 1280x1706.")
  private @Nullable String size;

  @Option(names = "--tags", description = "Exactly so many tags, all wholly visible.")
  private int tags;

  @Option(names = "--held-out", description = "Only layouts that no bundled model was trained on.")
  private boolean heldOut;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description = "Product names, one a line, for half of the tags.")
  private @Nullable Path names;

  @Option(names = "--threads", description = "Photos made at a time (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Override
  public Integer call() throws IOException {
    PhotoGenerator generator = PhotoGenerator.seeded(seed);
    if (kind != null) {
      generator = generator.only(kind);
    }
    if (size != null) {
      String[] sides = size.split("x", 2);
      generator = generator.sized(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }
    if (tags > 0) {
      generator = generator.withTags(tags);
    }
    if (names != null) {
      generator = generator.withNames(Files.readAllLines(names));
    }
    if (heldOut) {
      generator = generator.heldOutLayouts();
    }
    new PhotoFolder(generator, out).write(count, threads);
    return 0;
  }
}
