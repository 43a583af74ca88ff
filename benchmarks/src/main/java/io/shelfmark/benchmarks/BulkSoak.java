package io.shelfmark.benchmarks;

import io.shelfmark.inference.bulk.BulkOutcome;
import io.shelfmark.inference.bulk.ResultLines;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Is every photo of a folder on record once, however often the process that reads it is killed?
 * Starts a real process with the bundled models, kills it at a random moment, cuts a piece off the
 * file's end after every fourth kill, as a power failure may, and starts the next one; the last one
 * reads on to the end. Exits with 1 when a line that was whole is lost or changed, or a photo is
 * not on record exactly once.
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.BulkSoak \
 *     FOLDER [KILLS [PHOTOS]]</pre>
 */
public final class BulkSoak {

  private static final int LONGEST_MILLIS = 5_000;
  private static final int DIFFERENT_PHOTOS = 20;
  private static final int CUT_BYTES = 1_500;

  private final Path folder;
  private final Path photos;
  private final Path results;
  private final Random random = new Random(21);

  private BulkSoak(Path folder) {
    this.folder = folder;
    this.photos = folder.resolve("photos");
    this.results = folder.resolve("results.jsonl");
  }

  /** 50 kills and 3,000 photos by default. */
  public static void main(String[] args) throws Exception {
    int kills = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    int count = args.length > 2 ? Integer.parseInt(args[2]) : 3_000;
    BulkSoak soak = new BulkSoak(Files.createDirectories(Path.of(args[0])));
    soak.makePhotos(count);
    List<String> onRecord = List.of();
    int cuts = 0;
    for (int kill = 1; kill <= kills; kill++) {
      soak.kill();
      List<String> left = soak.lines();
      requirePrefix(onRecord, left);
      onRecord = left;
      if (kill % 4 == 0 && !left.isEmpty()) {
        soak.cut();
        onRecord = soak.lines();
        cuts++;
      }
    }
    soak.finish(kills, cuts, count, onRecord);
  }

  /** A few different ones, each many times: it is the files that count. */
  private void makePhotos(int count) throws IOException {
    PhotoGenerator generator = PhotoGenerator.seeded(21).withTags(1).sized(480, 640);
    byte[][] different = new byte[DIFFERENT_PHOTOS][];
    for (int i = 0; i < different.length; i++) {
      different[i] = generator.photo(i).jpeg();
    }
    for (int i = 0; i < count; i++) {
      Path file = photos.resolve("store-%d/%d.jpg".formatted(i % 7, i));
      Files.createDirectories(file.getParent());
      Files.write(file, different[i % different.length]);
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            BulkSoakWorker.class.getName(),
            photos.toString(),
            results.toString())
        .redirectOutput(folder.resolve("told").toFile())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  private void kill() throws Exception {
    Process process = start();
    boolean ended = process.waitFor(random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    if (ended && process.exitValue() != 0) {
      throw new IllegalStateException("a process ended by itself: see " + folder + "/errors");
    }
  }

  private void cut() throws IOException {
    try (FileChannel file = FileChannel.open(results, StandardOpenOption.WRITE)) {
      file.truncate(Math.max(0, file.size() - 1 - random.nextInt(CUT_BYTES)));
    }
  }

  private List<String> lines() throws IOException {
    if (!Files.exists(results)) {
      return List.of();
    }
    String text = Files.readString(results);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private static void requirePrefix(List<String> before, List<String> after) {
    if (after.size() < before.size() || !after.subList(0, before.size()).equals(before)) {
      System.out.println("lines that were whole are lost or changed");
      System.exit(1);
    }
  }

  private void finish(int kills, int cuts, int count, List<String> onRecord) throws Exception {
    int exit = start().waitFor();
    requirePrefix(onRecord, lines());
    Set<String> names = new HashSet<>();
    long twice;
    try (Stream<BulkOutcome> outcomes = ResultLines.read(results)) {
      twice =
          outcomes
              .filter(outcome -> outcome.reading().isPresent())
              .filter(outcome -> !names.add(outcome.file()))
              .count();
    }
    System.out.printf(
        "%d kills, %d cuts: %d of %d photos on record, %d of them more than once, %d before the last process%n",
        kills, cuts, names.size(), count, twice, onRecord.size());
    System.exit(exit == 0 && names.size() == count && twice == 0 ? 0 : 1);
  }
}
