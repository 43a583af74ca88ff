package io.shelfmark.benchmarks;

import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long does it take from the command to the first reading? Starts the examples' {@code read}
 * several times and waits for the first line of its table; natives are extracted by a start that
 * does not count. CPU time is the whole process's up to that line, so on a busy machine half of it
 * is what two idle cores would need at least. Half a minute:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.FirstReading \
 *     examples/target/shelfmark-examples.jar [STARTS]</pre>
 */
public final class FirstReading {

  /** The header's two lines, then the first tag. */
  private static final int FIRST_TAG = 3;

  private FirstReading() {}

  private record Start(double seconds, double cpu) {}

  /** Measures the jar that the first argument names. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int starts = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    Path folder = Files.createTempDirectory("first-reading");
    PhotoGenerator generator = PhotoGenerator.seeded(20);
    Path closeUp =
        Files.write(
            folder.resolve("close-up.jpg"),
            generator.only(SceneKind.CLOSE_UP).sized(640, 853).photo(0).jpeg());
    Path shelf =
        Files.write(
            folder.resolve("shelf.jpg"), generator.withTags(12).sized(1536, 2048).photo(0).jpeg());
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            args[0],
            "read",
            "--out",
            folder.resolve("out").toString());
    System.out.println("| command | wall clock | CPU time |\n|---|---|---|");
    measure("`read` of a close-up, 640 x 853", with(command, closeUp.toString()), starts);
    measure("`read` of a shelf, 1536 x 2048", with(command, shelf.toString()), starts);
    measure("`read` alone, sample drawn first", with(command, "--seed", "5"), starts);
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(more));
    return whole;
  }

  private static void measure(String name, List<String> command, int starts)
      throws IOException, InterruptedException {
    start(command);
    double[] seconds = new double[starts];
    double[] cpu = new double[starts];
    for (int i = 0; i < starts; i++) {
      Start start = start(command);
      seconds[i] = start.seconds();
      cpu[i] = start.cpu();
    }
    Arrays.sort(seconds);
    Arrays.sort(cpu);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f s (best %.2f) | %.2f s |%n",
        name,
        seconds[starts / 2],
        seconds[0],
        cpu[starts / 2]);
  }

  private static Start start(List<String> command) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int line = 0; line < FIRST_TAG; line++) {
        if (lines.readLine() == null) {
          throw new IOException("Cannot measure " + command + ": found no reading on its output");
        }
      }
      long nanos = System.nanoTime() - begun;
      Duration cpu = process.info().totalCpuDuration().orElse(Duration.ZERO);
      while (lines.readLine() != null) {
        // the rest of the table: let it finish
      }
      process.waitFor();
      return new Start(nanos / 1e9, cpu.toMillis() / 1e3);
    }
  }
}
