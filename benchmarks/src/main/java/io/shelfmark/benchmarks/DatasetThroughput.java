package io.shelfmark.benchmarks;

import io.shelfmark.Workspace;
import io.shelfmark.dataset.CheckoutMode;
import io.shelfmark.dataset.CheckoutOptions;
import io.shelfmark.dataset.DatasetCommit;
import io.shelfmark.dataset.DatasetVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * How near do commit and checkout come to a bare writer of the same bytes, hashes, syncs and
 * threads? Takes turns with it, and prints the median seconds of each and the median of the turns'
 * ratios; {@code cp -r} with {@code sync} and {@code sha256sum} are beside it.
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.DatasetThroughput FOLDER [FILES] [BYTES] [TURNS]</pre>
 */
public final class DatasetThroughput {

  private static final int THREADS = 16;

  private final Path folder;
  private final int turns;

  private DatasetThroughput(Path folder, int turns) {
    this.folder = folder;
    this.turns = turns;
  }

  /** 20,000 files of 100 kB in five turns by default. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int files = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
    long size = args.length > 2 ? Long.parseLong(args[2]) : 100_000;
    int turns = args.length > 3 ? Integer.parseInt(args[3]) : 5;
    Path source = folder.resolve("source");
    write(source, files, size);
    new DatasetThroughput(folder, turns).run(source, files);
    delete(folder);
  }

  /** A commit with and without a first one, checkouts, and their rivals, in seconds. */
  private record Turn(
      double bare,
      double commit,
      double again,
      double linked,
      double copied,
      double verified,
      double cp,
      double sha256sum) {}

  private void run(Path source, int files) throws Exception {
    List<Turn> measured = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      measured.add(turn(source, i, files));
    }
    System.out.println("| | median | of the bare writer |\n|---|---|---|");
    print("bare writer", measured, Turn::bare);
    print("commit", measured, Turn::commit);
    print("commit with 1 % changed", measured, Turn::again);
    print("checkout by LINK", measured, Turn::linked);
    print("checkout by COPY", measured, Turn::copied);
    print("verify", measured, Turn::verified);
    print("cp -r and sync", measured, Turn::cp);
    print("sha256sum", measured, Turn::sha256sum);
    double linked = median(measured.stream().mapToDouble(Turn::linked));
    System.out.printf(Locale.ROOT, "LINK: %,.0f files/s%n", files / linked);
  }

  private Turn turn(Path source, int number, int files) throws Exception {
    Path root = Files.createDirectories(folder.resolve("turn"));
    try (Workspace workspace =
        Workspace.builder().folder(root.resolve("workspace")).threads(THREADS).open()) {
      double bare = 0;
      // who goes first meets the colder caches: they take turns in that, too
      if (number % 2 == 0) {
        bare = seconds(() -> BareWriter.copy(source, root.resolve("bare"), THREADS));
      }
      double commit = seconds(() -> commit(workspace, source));
      if (number % 2 == 1) {
        bare = seconds(() -> BareWriter.copy(source, root.resolve("bare"), THREADS));
      }
      // a stamp younger than the cache's tick is not trusted
      Thread.sleep(2_500);
      commit(workspace, source);
      change(source, files, number);
      double again = seconds(() -> commit(workspace, source));
      DatasetVersion version = workspace.dataset("files").latest().orElseThrow();
      CheckoutOptions link = CheckoutOptions.defaults().mode(CheckoutMode.LINK);
      version.checkout(root.resolve("first"), link);
      double linked = seconds(() -> version.checkout(root.resolve("linked"), link));
      double copied = seconds(() -> version.checkout(root.resolve("copied")));
      double verified = seconds(() -> version.verify(progress -> {}));
      double cp =
          seconds(
              () -> {
                exec("cp", "-r", source.toString(), root.resolve("cp").toString());
                exec("sync", "-f", root.toString());
              });
      double sha256sum =
          seconds(() -> exec("sh", "-c", "find '" + source + "' -type f | xargs sha256sum"));
      return new Turn(bare, commit, again, linked, copied, verified, cp, sha256sum);
    } finally {
      delete(root);
    }
  }

  private static void commit(Workspace workspace, Path source) {
    try (DatasetCommit commit = workspace.dataset("files").newCommit()) {
      commit.replaceWith(source).commit();
    }
  }

  private static void write(Path source, int files, long size) throws IOException {
    Random random = new Random(11);
    byte[] block = new byte[(int) Math.min(size, 1 << 20)];
    for (int i = 0; i < files; i++) {
      Path file = source.resolve("%03d".formatted(i / 100)).resolve("%05d.jpg".formatted(i));
      Files.createDirectories(file.getParent());
      try (OutputStream out = Files.newOutputStream(file)) {
        for (long left = size; left > 0; left -= block.length) {
          random.nextBytes(block);
          out.write(block, 0, (int) Math.min(left, block.length));
        }
      }
    }
  }

  private static void change(Path source, int files, int turn) throws IOException {
    for (int i = turn; i < files; i += 100) {
      Path file = source.resolve("%03d".formatted(i / 100)).resolve("%05d.jpg".formatted(i));
      byte[] bytes = new byte[1000];
      Arrays.fill(bytes, (byte) turn);
      Files.write(file, bytes, StandardOpenOption.APPEND);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }

  private static void exec(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + " failed");
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double seconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void print(String what, List<Turn> turns, ToDoubleFunction<Turn> figure) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f s | %.2f |%n",
        what,
        median(turns.stream().mapToDouble(figure)),
        median(turns.stream().mapToDouble(turn -> figure.applyAsDouble(turn) / turn.bare())));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
