package io.shelfmark.inference;

import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the figures of a tuning depend on, in words. */
final class Circumstances {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Circumstances() {}

  /** The machine, the engine, and the models by their digests. */
  static List<String> of(List<ModelSource> models) {
    List<String> words = new ArrayList<>();
    words.add(
        "%s %s, %d processors%s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                processorName()));
    words.add("ONNX Runtime " + OnnxModel.engineVersion());
    models.forEach(model -> words.add(model.digest()));
    return words;
  }

  /** Empty where the system does not tell. */
  private static String processorName() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("model name"))
          .findFirst()
          .map(line -> ", " + line.substring(line.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
