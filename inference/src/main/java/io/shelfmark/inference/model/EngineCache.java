package io.shelfmark.inference.model;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where TensorRT's engines of one model lie. An engine is good for one model, GPU, driver, version
 * of TensorRT and of ONNX Runtime, precision and range of shapes; all of that is in the folder's
 * name, so what does not fit is not found rather than loaded.
 */
final class EngineCache {

  private static final Pattern TENSORRT = Pattern.compile("libnvinfer\\.so\\.(\\d+(?:\\.\\d+)*)");
  private static final Path MAPPED = Path.of("/proc/self/maps");
  private static final int DIGEST_CHARACTERS = 16;

  private EngineCache() {}

  /** Makes the folder, if the engine has a cache. */
  static Optional<Path> folder(
      Engine engine, byte[] onnx, InputShapes inputs, Optional<Gpu> gpu, String versions) {
    Optional<Path> folder =
        engine
            .cacheDirectory()
            .map(root -> root.resolve(name(engine, onnx, inputs, gpu, versions)));
    try {
      if (folder.isPresent()) {
        Files.createDirectories(folder.get());
      }
      return folder;
    } catch (IOException e) {
      throw new ModelException(
          "Cannot keep engines in %s: %s, expected a folder that can be written"
              .formatted(folder.orElseThrow(), e),
          e);
    }
  }

  /**
   * Name of the folder.
   *
   * @param versions of ONNX Runtime and TensorRT
   */
  static String name(
      Engine engine, byte[] onnx, InputShapes inputs, Optional<Gpu> gpu, String versions) {
    String precision = engine.isHalfPrecision() ? "fp16" : "fp32";
    String machine = gpu.map(known -> known.name() + " " + known.driver()).orElse("unknown GPU");
    return Stream.of(digest(onnx, inputs), machine, versions, precision)
        .map(part -> part.replaceAll("[^A-Za-z0-9.]+", "-"))
        .collect(Collectors.joining("_"));
  }

  /** Version of the TensorRT that this process has loaded, where the system tells. */
  static String tensorRtVersion() {
    try {
      return tensorRtVersion(Files.readString(MAPPED));
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** The most exact version among the names of mapped files. */
  static String tensorRtVersion(String maps) {
    Matcher found = TENSORRT.matcher(maps);
    String version = "unknown";
    while (found.find()) {
      if (version.equals("unknown") || found.group(1).length() > version.length()) {
        version = found.group(1);
      }
    }
    return version;
  }

  private static String digest(byte[] onnx, InputShapes inputs) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(onnx);
      sha.update(
          (inputs.leastText() + inputs.usualText() + inputs.mostText())
              .getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sha.digest()).substring(0, DIGEST_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
