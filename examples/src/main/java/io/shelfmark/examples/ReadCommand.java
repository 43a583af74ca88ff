package io.shelfmark.examples;

import io.shelfmark.examples.PhotoFiles.PhotoFile;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.UnreadablePhotoException;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Reads photos and shows what was read: a table, JSON, the photos with their tags drawn in, one
 * HTML page.
 */
@Command(
    name = "read",
    mixinStandardHelpOptions = true,
    description = {
      "Reads the price tags of shelf photos.",
      "Prints a table and writes to the output folder NAME.annotated.jpg for every photo,",
      "readings.json, and report.html, a page that needs no other file.",
      ""
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:every photo was read", "1:some photo could not be read", "2:wrong usage"})
final class ReadCommand implements Callable<Integer> {

  private static final int PHOTOS_AHEAD = 4;
  private static final int SEEDS = 1_000_000;

  @Parameters(
      paramLabel = "FILE|FOLDER",
      description =
          "Photos, or folders that are searched at any depth. Without any, a sample photo is drawn and read.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "shelfmark-out",
      description = "Where results are written (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("shelfmark-out");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draw this sample photo again, when no photo is named (default: a new one).")
  private @Nullable Long seed;

  @Mixin private RecognizerOptions options = new RecognizerOptions();

  private final Function<RecognizerOptions, PriceTagRecognizer> recognizers;
  private final PrintStream stdout;
  private @Nullable Font font;

  ReadCommand() {
    this(RecognizerOptions::open, System.out);
  }

  ReadCommand(Function<RecognizerOptions, PriceTagRecognizer> recognizers, PrintStream stdout) {
    this.recognizers = recognizers;
    this.stdout = stdout;
  }

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(out);
    List<Path> paths = inputs.isEmpty() ? List.of(sample()) : inputs;
    List<PhotoFile> files = PhotoFiles.of(paths, inputs.isEmpty() ? out.resolve("none") : out);
    if (files.isEmpty()) {
      System.err.println(
          "Cannot read "
              + inputs
              + ": found no pictures, expected JPEG, PNG, WebP, BMP, TIFF or GIF files");
      return 2;
    }
    Path unfinished = out.resolve("readings.json.tmp");
    int failed;
    try (PriceTagRecognizer recognizer = recognizers.apply(options);
        ReadingsJson json = new ReadingsJson(unfinished);
        HtmlReport report = new HtmlReport(out.resolve("report.html"))) {
      failed = readAll(files, recognizer, json, report);
    }
    Files.move(unfinished, out.resolve("readings.json"), StandardCopyOption.REPLACE_EXISTING);
    System.err.printf(
        "Wrote %s, readings.json and %d annotated photos to %s%n",
        out.resolve("report.html"), files.size() - failed, out);
    return failed == 0 ? 0 : 1;
  }

  private Path sample() throws IOException {
    long drawn = seed == null ? new SecureRandom().nextInt(SEEDS) : seed;
    Path file = SamplePhoto.write(out, drawn);
    System.err.printf("Drew a sample photo: %s (--seed %d draws it again)%n", file, drawn);
    return file;
  }

  /** A photo on its way: the recognizer's threads read the next ones while this one is drawn. */
  private record Pending(
      PhotoFile file, @Nullable ShelfPhoto photo, CompletableFuture<ShelfReading> reading) {}

  private int readAll(
      List<PhotoFile> files, PriceTagRecognizer recognizer, ReadingsJson json, HtmlReport report)
      throws IOException {
    PhotoProgress progress = PhotoProgress.onStderr("Read");
    TagTable table = new TagTable(stdout);
    table.header();
    Deque<Pending> pending = new ArrayDeque<>();
    int failed = 0;
    int next = 0;
    for (int done = 0; done < files.size(); done++) {
      while (next < files.size() && pending.size() < PHOTOS_AHEAD) {
        pending.add(submit(files.get(next++), recognizer));
      }
      Pending current = pending.remove();
      String name = current.file().path().toString();
      try {
        ShelfReading reading = join(current.reading());
        progress.clear();
        table.reading(name, reading);
        json.reading(name, reading);
        draw(current, reading, report);
      } catch (UnreadablePhotoException e) {
        failed++;
        String message = String.valueOf(e.getMessage());
        progress.clear();
        table.failure(name, message);
        json.failure(name, message);
        report.failure(name, message);
      }
      progress.at(done + 1, files.size(), name);
    }
    return failed;
  }

  private static Pending submit(PhotoFile file, PriceTagRecognizer recognizer) {
    try {
      ShelfPhoto photo = ShelfPhoto.read(file.path());
      return new Pending(file, photo, recognizer.recognizeAsync(photo));
    } catch (UnreadablePhotoException e) {
      return new Pending(file, null, CompletableFuture.failedFuture(e));
    }
  }

  private static ShelfReading join(CompletableFuture<ShelfReading> reading) {
    try {
      return reading.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void draw(Pending read, ShelfReading reading, HtmlReport report) throws IOException {
    ShelfPhoto photo = read.photo();
    if (photo == null) {
      throw new IllegalStateException("a photo that was read has been opened");
    }
    if (font == null) {
      font = PlateFont.load();
    }
    BufferedImage pixels = FullPhoto.pixels(read.file().path(), photo, reading);
    BufferedImage annotated = AnnotatedPhoto.draw(pixels, reading.tags(), font);
    Pictures.writeJpeg(annotated, out.resolve(read.file().outputName() + ".annotated.jpg"));
    report.reading(read.file().path().toString(), reading, pixels, annotated);
  }
}
