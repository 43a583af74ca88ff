package io.shelfmark.examples.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.pipeline.StepContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Whether a Python can train.
 *
 * @param ready whether it has what the training imports
 * @param found the versions, or what is missing
 */
record PythonCheck(boolean ready, String found) {

  /** PyTorch comes from the disk at its first import. */
  private static final int MOST_SECONDS = 120;

  private static final String CODE =
      "import torch, onnx, cv2, numpy, platform;"
          + "print('Python', platform.python_version(), 'PyTorch', torch.__version__)";

  static PythonCheck run(StepContext context, String python) throws Exception {
    PythonCheck check = ask(context.workFolder(), python);
    context.log(
        check.ready
            ? "%s: %s".formatted(python, check.found)
            : "training is skipped: %s".formatted(check.found));
    return check;
  }

  private static PythonCheck ask(Path folder, String python) throws Exception {
    Path output = folder.resolve("output.txt");
    Process process;
    try {
      process =
          new ProcessBuilder(python, "-c", CODE)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      return new PythonCheck(false, "%s cannot be started (%s)".formatted(python, e.getMessage()));
    }
    try {
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        return new PythonCheck(false, "%s did not answer in %d s".formatted(python, MOST_SECONDS));
      }
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output, UTF_8);
    String last = lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    return process.exitValue() == 0
        ? new PythonCheck(true, last)
        : new PythonCheck(false, "%s says: %s".formatted(python, last));
  }
}
