package io.shelfmark.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Does a pipeline lose a step, or do one on record again, when its process is killed? Starts a real
 * process, kills it at a random moment, starts the next one on the same folder; exits with 1 when a
 * step that a process said to be on record was called again, or a run did not succeed.
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.PipelineSoak \
 *     FOLDER [KILLS]</pre>
 */
public final class PipelineSoak {

  private static final int LONGEST_MILLIS = 1_500;

  private final Path folder;
  private final Random random = new Random(21);

  /** Steps on record, and how often their code had run when the process was dead. */
  private final Map<String, Integer> onRecord = new HashMap<>();

  private PipelineSoak(Path folder) {
    this.folder = folder;
  }

  /** Kills 200 processes by default. */
  public static void main(String[] args) throws Exception {
    int kills = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    PipelineSoak soak = new PipelineSoak(Files.createDirectories(Path.of(args[0])));
    for (int kill = 0; kill < kills; kill++) {
      soak.kill(kill);
    }
    soak.finish(kills);
  }

  private Process start(Path told, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                PipelineSoakWorker.class.getName(),
                folder.toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectOutput(told.toFile())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  private void kill(int number) throws Exception {
    Path told = folder.resolve("told-" + number);
    Process process = start(told);
    boolean ended = process.waitFor(random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS);
    if (ended) {
      throw new IllegalStateException("a process ended by itself: see " + folder + "/errors");
    }
    process.destroyForcibly().waitFor();
    note(told);
  }

  /** A line that the kill cut off tells nothing. */
  private void note(Path told) throws IOException {
    Map<String, Integer> calls = calls();
    String text = Files.readString(told);
    text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith("step "))
        .forEach(step -> onRecord.putIfAbsent(step, calls.getOrDefault(step, 0)));
  }

  private Map<String, Integer> calls() throws IOException {
    Map<String, Integer> calls = new HashMap<>();
    Path effects = folder.resolve("effects");
    if (Files.exists(effects)) {
      try (Stream<String> lines = Files.lines(effects)) {
        lines.forEach(step -> calls.merge(step, 1, Integer::sum));
      }
    }
    return calls;
  }

  private void finish(int kills) throws Exception {
    Path told = folder.resolve("told-last");
    int exit = start(told, "once").waitFor();
    String last = Files.readString(told);
    Map<String, Integer> calls = calls();
    long again =
        onRecord.entrySet().stream()
            .filter(step -> calls.getOrDefault(step.getKey(), 0) > step.getValue())
            .count();
    long repeated = calls.values().stream().filter(count -> count > 1).count();
    System.out.printf(
        "%d kills: %d steps told to be on record, %d of them called again; %d steps called, %d of them more than once%n",
        kills, onRecord.size(), again, calls.size(), repeated);
    System.out.println(last.substring(last.lastIndexOf('\n', last.length() - 2) + 1));
    if (exit != 0 || again > 0 || last.contains("not succeeded")) {
      System.exit(1);
    }
  }
}
