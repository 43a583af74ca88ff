package io.shelfmark.inference.model;

import io.shelfmark.inference.ExecutionProvider;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says why an engine cannot be used and how to get it, from what ONNX Runtime and NVIDIA's
 * libraries say: their words are taken as of ONNX Runtime 1.29.
 */
final class MissingEngine {

  private static final Pattern LIBRARY =
      Pattern.compile(
          "(lib[\\w.+-]+\\.so[.\\d]*|[\\w.+-]+\\.dll)(?=: cannot open shared object|\"? which is missing)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NO_DEVICE =
      Pattern.compile(
          "CUDA failure (100|101)\\b|no CUDA-capable device|invalid device (ordinal|ID\\b)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern OLD_DRIVER =
      Pattern.compile(
          "CUDA failure 35\\b|driver version is insufficient", Pattern.CASE_INSENSITIVE);

  /** Said by the first convolution: the engine opens cuDNN when it needs it. */
  private static final Pattern NO_CUDNN =
      Pattern.compile("cuDNN is (unavailable|not available)", Pattern.CASE_INSENSITIVE);

  /** What stands before the reason: the place in the engine's sources, a number and a name. */
  private static final Pattern PREAMBLE =
      Pattern.compile(".*\\[ONNXRuntimeError\\] : \\d+ : [A-Z_]+ : ", Pattern.DOTALL);

  private MissingEngine() {}

  /** The ONNX Runtime on the class path has no such provider. */
  static String notBuiltIn(ExecutionProvider provider) {
    return message(
        provider,
        "an ONNX Runtime without it",
        "com.microsoft.onnxruntime:onnxruntime_gpu in place of onnxruntime, on Linux or Windows on x86-64");
  }

  /** The provider is there but does not work. */
  static String failed(ExecutionProvider provider, int device, Throwable failure) {
    String reason = PREAMBLE.matcher(OnnxModel.reason(failure)).replaceFirst("");
    if (NO_CUDNN.matcher(reason).find()) {
      return message(provider, "no cuDNN", source(provider, "cudnn"));
    }
    Matcher library = LIBRARY.matcher(reason);
    if (library.find()) {
      return message(provider, "no " + library.group(1), source(provider, library.group(1)));
    }
    if (OLD_DRIVER.matcher(reason).find()) {
      return message(
          provider,
          "an NVIDIA driver too old for CUDA 12, or none",
          "version 525 or later (install or update it)");
    }
    if (NO_DEVICE.matcher(reason).find()) {
      return message(
          provider,
          "no GPU " + device,
          "an NVIDIA GPU that nvidia-smi lists, passed through to a container");
    }
    return message(provider, reason, "it to run the models");
  }

  private static String source(ExecutionProvider provider, String library) {
    String name = library.toLowerCase(Locale.ROOT);
    String folder = "in a folder of LD_LIBRARY_PATH, on Windows of PATH";
    if (name.startsWith("libcuda.so") || name.startsWith("nvcuda")) {
      return "an NVIDIA driver (install it; a container is given it by NVIDIA's container toolkit)";
    }
    if (name.contains("cudnn")) {
      return "cuDNN 9 for CUDA 12 " + folder;
    }
    if (name.contains("nvinfer") || name.contains("nvonnxparser")) {
      return "TensorRT 10 for CUDA 12 " + folder;
    }
    return provider == ExecutionProvider.TENSORRT
        ? "CUDA 12, cuDNN 9 and TensorRT 10 " + folder
        : "CUDA 12 and cuDNN 9 " + folder;
  }

  private static String message(ExecutionProvider provider, String found, String expected) {
    return "Cannot run models with %s: found %s, expected %s (see docs/engines.md)"
        .formatted(provider, found, expected);
  }
}
