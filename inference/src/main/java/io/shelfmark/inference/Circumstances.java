package io.shelfmark.inference;

import io.shelfmark.inference.RecognizerBuilder.Precision;
import io.shelfmark.inference.model.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the figures of a tuning depend on, in words. */
final class Circumstances {

  private static final Path GPUS = Path.of("/proc/driver/nvidia/gpus");
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Circumstances() {}

  /** The machine, the engine that was asked for, and the models that it would run, by digests. */
  static List<String> of(RecognizerBuilder options) {
    Engine engine = options.engine;
    List<String> words = new ArrayList<>();
    words.add(
        "%s %s, %d processors%s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                valueOf("model name", PROCESSORS)));
    words.add(
        "ONNX Runtime %s on %s, GPU %d%s%s"
            .formatted(
                OnnxModel.engineVersion(),
                engine,
                engine.device(),
                engine.isHalfPrecision() ? ", half precision" : "",
                gpus()));
    ExecutionProvider first = engine.candidates().get(0);
    options.models(first).forEach(model -> words.add(model.digest()));
    if (first != ExecutionProvider.CPU && options.precision != Precision.FP32) {
      // what counts where it becomes the CPU
      words.add("else " + options.precision);
    }
    return words;
  }

  /** Those whose driver tells; a GPU that is put in or taken out is another machine. */
  private static String gpus() {
    try (Stream<Path> gpus = Files.list(GPUS)) {
      return gpus.sorted()
          .map(gpu -> valueOf("Model", gpu.resolve("information")))
          .collect(Collectors.joining());
    } catch (IOException e) {
      return "";
    }
  }

  /** After a comma, of the first line that begins so; empty where the system does not tell. */
  private static String valueOf(String name, Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> ", " + line.substring(line.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
