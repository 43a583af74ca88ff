package io.shelfmark.benchmarks;

import io.shelfmark.Workspace;
import io.shelfmark.dataset.CheckoutMode;
import io.shelfmark.dataset.CheckoutOptions;
import io.shelfmark.dataset.DatasetCommit;
import io.shelfmark.dataset.DatasetDiff;
import io.shelfmark.dataset.DatasetEntry;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.dataset.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Do a million files go through a small heap? Writes them, commits them twice, compares, lists, and
 * checks a part out, and prints the seconds of each; that it ends at all under {@code -Xmx64m} is
 * the answer. The files are tiny and of a thousand contents: entries are what counts here.
 *
 * <pre>java -Xmx64m -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.MillionEntries FOLDER [FILES]</pre>
 */
public final class MillionEntries {

  private static final int CONTENTS = 1_000;

  private MillionEntries() {}

  /** A million files by default; the folder must be empty and is left for a look. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int files = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
    Path source = folder.resolve("source");
    System.out.printf(Locale.ROOT, "heap: %d MB at most%n", Runtime.getRuntime().maxMemory() >> 20);
    timed("write files", () -> write(source, 0, files, 1));
    try (Workspace workspace = Workspace.open(folder.resolve("workspace"))) {
      DatasetVersion first = timed("commit", () -> commit(workspace, source));
      // a stamp younger than the stat cache's tick is not trusted
      Thread.sleep(2_500);
      write(source, 7, files, 100);
      DatasetVersion second = timed("commit with 1 % changed", () -> commit(workspace, source));
      DatasetDiff diff = timed("diff", () -> first.diff(second));
      System.out.printf(
          Locale.ROOT,
          "%,d and %,d files, %,d changed%n",
          first.fileCount(),
          second.fileCount(),
          diff.changed().size());
      timed(
          "list entries",
          () -> {
            try (Stream<DatasetEntry> entries = second.entries()) {
              return entries.count();
            }
          });
      Split split = Split.by(path -> path).part("part", 0.01).part("rest", 0.99);
      timed(
          "check 1 % out by LINK",
          () ->
              second.checkout(
                  folder.resolve("part"),
                  CheckoutOptions.defaults().mode(CheckoutMode.LINK).where(split.in("part"))));
    }
  }

  private static DatasetVersion commit(Workspace workspace, Path source) {
    try (DatasetCommit commit = workspace.dataset("files").newCommit()) {
      return commit.replaceWith(source).commit();
    }
  }

  private static Path write(Path source, int first, int files, int step) throws IOException {
    for (int i = first; i < files; i += step) {
      Path folder = source.resolve("%04d".formatted(i / 1_000));
      if (i % 1_000 == first % 1_000) {
        Files.createDirectories(folder);
      }
      String content = "content " + i % CONTENTS + " of " + step;
      Files.writeString(folder.resolve("%07d".formatted(i)), content);
    }
    return source;
  }

  private static <T> T timed(String what, Callable<T> work) throws Exception {
    long start = System.nanoTime();
    T result = work.call();
    System.out.printf(Locale.ROOT, "%s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
    return result;
  }
}
