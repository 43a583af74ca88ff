package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetVersion;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a command step does.
 *
 * @param command the program and its arguments
 * @param names of the inputs, in order
 * @param environment variables and their values
 * @param secretEnvironment variables and the names of their secrets
 * @param outputs paths to publish, by artifact
 * @param metrics path of the file of numbers
 */
record CommandRun(
    List<String> command,
    List<String> names,
    Map<String, String> environment,
    Map<String, String> secretEnvironment,
    Map<String, String> outputs,
    Optional<String> metrics) {

  private static final Pattern PLACE = Pattern.compile("\\{([^{}]+)}");

  /** A program did not do what was declared. */
  static final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    CommandFailedException(String message) {
      super(message);
    }
  }

  CommandResult run(StepContext context, List<Object> values) throws Exception {
    // the program runs in it, where paths relative to the host's folder would lead elsewhere
    Path folder = context.workFolder().toAbsolutePath();
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      texts.put(names.get(i), text(folder, names.get(i), values.get(i)));
    }
    List<String> filled = command.stream().map(argument -> fill(argument, texts)).toList();
    ProcessBuilder builder =
        new ProcessBuilder(filled)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File(nullDevice())))
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    secretEnvironment.forEach(
        (variable, secret) -> builder.environment().put(variable, context.secret(secret)));
    int exit = await(builder.start(), context);
    if (exit != 0) {
      throw new CommandFailedException(
          "%s exited with %d%s, expected 0 (look at the step's log)"
              .formatted(filled.get(0), exit, signal(exit)));
    }
    return result(context, folder);
  }

  private static String nullDevice() {
    return File.separatorChar == '\\' ? "NUL" : "/dev/null";
  }

  private static String signal(int exit) {
    return exit == 137
        ? " (killed; the system does that when memory runs out)"
        : exit > 128 ? " (ended by signal " + (exit - 128) + ")" : "";
  }

  private static String text(Path folder, String name, Object value) throws IOException {
    Path place = folder.resolve("inputs").resolve(name);
    if (value instanceof ArtifactVersion version) {
      Files.createDirectories(place.getParent());
      version.download(place);
      return place.toString();
    }
    if (value instanceof DatasetVersion version) {
      Files.createDirectories(place.getParent());
      version.checkout(place);
      return place.toString();
    }
    return value instanceof CharSequence || value instanceof Path
        ? value.toString()
        : new String(Documents.write(value), UTF_8);
  }

  /** What an input says may look like the place of another one, and stays as it is. */
  private static String fill(String argument, Map<String, String> texts) {
    return PLACE
        .matcher(argument)
        .replaceAll(
            place -> Matcher.quoteReplacement(texts.getOrDefault(place.group(1), place.group())));
  }

  /** Waits for its end; interrupted, it ends it and what it started. */
  private static int await(Process process, StepContext context) throws InterruptedException {
    Thread printing = new ProcessOutput(process.getInputStream(), context).start();
    try {
      int exit = process.waitFor();
      // who was left behind by it may hold its output open
      printing.join(1_000);
      return exit;
    } finally {
      List<ProcessHandle> started = new ArrayList<>(process.descendants().toList());
      process.destroyForcibly();
      started.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private CommandResult result(StepContext context, Path folder) throws Exception {
    Map<String, ArtifactVersion> artifacts = new LinkedHashMap<>();
    Map<String, Path> paths = new LinkedHashMap<>();
    for (Map.Entry<String, String> output : outputs.entrySet()) {
      paths.put(output.getKey(), inside(folder, output.getValue()));
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    if (metrics.isPresent()) {
      Path file = inside(folder, metrics.get());
      Map<?, ?> found = Documents.read(Files.readAllBytes(file), Map.class, metrics.get());
      for (Map.Entry<?, ?> metric : found.entrySet()) {
        if (metric.getValue() instanceof Number number) {
          numbers.put(metric.getKey().toString(), number.doubleValue());
        }
      }
    }
    for (Map.Entry<String, Path> path : paths.entrySet()) {
      artifacts.put(path.getKey(), context.publish(path.getKey(), path.getValue()));
    }
    return new CommandResult(artifacts, numbers);
  }

  /** Where an output is, which must not lead out of the folder. */
  private static Path inside(Path folder, String output) throws Exception {
    Path path = folder.resolve(output);
    if (!Files.exists(path)) {
      throw new CommandFailedException(
          "output %s is missing, expected the program to leave it in its folder".formatted(output));
    }
    if (!path.toRealPath().startsWith(folder.toRealPath())) {
      throw new CommandFailedException(
          "output %s is outside the program's folder, expected it inside".formatted(output));
    }
    return path;
  }
}
