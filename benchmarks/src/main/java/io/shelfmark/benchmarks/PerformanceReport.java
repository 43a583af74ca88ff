package io.shelfmark.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs benchmarks, each in a process of its own, and writes what they print into a Markdown file
 * between two comments that name the command; from {@link HotPath}'s table it draws the chart.
 *
 * <pre>
 * java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.PerformanceReport \
 *     docs/performance.md COMMIT [BENCHMARK...]</pre>
 *
 * <p>In the file stands {@code <!-- HotPath FOLDER 15 -->}, what was measured, {@code <!-- end
 * -->}; FOLDER becomes a new temporary one, and words in capitals such as DATA are taken from the
 * environment. Without names all are run.
 */
public final class PerformanceReport {

  private static final Pattern BLOCK =
      Pattern.compile("<!-- (?<command>[A-Z]\\w+[^\\n]*) -->\\n.*?<!-- end -->", Pattern.DOTALL);
  private static final String CHART = "images/photo-time.svg";

  private final String commit;

  private PerformanceReport(String commit) {
    this.commit = commit;
  }

  /** Rewrites the file. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 2) {
      System.err.println("Usage: PerformanceReport FILE.md COMMIT [BENCHMARK...]");
      System.exit(2);
    }
    Path file = Path.of(args[0]);
    List<String> wanted = List.of(args).subList(2, args.length);
    PerformanceReport report = new PerformanceReport(args[1]);
    String text = Files.readString(file);
    StringBuilder written = new StringBuilder();
    Matcher block = BLOCK.matcher(text);
    int copied = 0;
    while (block.find()) {
      String command = block.group("command");
      String name = command.split(" ", 2)[0];
      written.append(text, copied, block.start());
      copied = block.end();
      written.append(
          wanted.isEmpty() || wanted.contains(name) ? report.measured(command) : block.group());
      if (name.equals("HotPath")) {
        String chart = BarChart.of(written.substring(written.lastIndexOf("<!-- HotPath")));
        Files.writeString(file.resolveSibling(CHART), chart);
      }
    }
    Files.writeString(file, written.append(text, copied, text.length()));
  }

  private String measured(String command) throws IOException, InterruptedException {
    String output = run(command);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return String.format(
        Locale.ROOT,
        "<!-- %s -->%n%s%n%n    java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.%s%n%n"
            + "At %s, %s, a load of %.0f at its end.%n<!-- end -->",
        command,
        output.strip(),
        command,
        commit,
        LocalDate.now(ZoneOffset.UTC),
        load);
  }

  private static String run(String command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Xmx1g");
    line.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    String[] words = command.split(" ", -1);
    line.add(PerformanceReport.class.getPackageName() + "." + words[0]);
    for (int i = 1; i < words.length; i++) {
      line.add(argument(words[i]));
    }
    System.out.println(command);
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    System.out.println(output);
    if (status != 0) {
      throw new IOException(
          "Cannot run %s: found status %d, expected 0".formatted(command, status));
    }
    return output;
  }

  /** FOLDER, and DATA in {@code DATA/dev.jsonl}. */
  private static String argument(String word) throws IOException {
    if (word.equals("FOLDER")) {
      return Files.createTempDirectory("shelfmark-report").toString();
    }
    String first = word.split("/", 2)[0];
    String value = first.matches("[A-Z]{2,}") ? System.getenv(first) : null;
    return value == null ? word : value + word.substring(first.length());
  }
}
