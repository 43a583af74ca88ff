package io.shelfmark.inference.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.shelfmark.inference.Engine;
import io.shelfmark.inference.ExecutionProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ONNX Runtime of this process. Thread-safe. */
final class OrtRuntime implements EngineRuntime {

  @Override
  public Set<ExecutionProvider> builtIn() {
    Set<OrtProvider> there = OrtEnvironment.getAvailableProviders();
    Set<ExecutionProvider> found = EnumSet.of(ExecutionProvider.CPU);
    if (there.contains(OrtProvider.CUDA)) {
      found.add(ExecutionProvider.CUDA);
    }
    if (there.contains(OrtProvider.TENSOR_RT)) {
      found.add(ExecutionProvider.TENSORRT);
    }
    return found;
  }

  @Override
  public Network open(ExecutionProvider provider, Engine engine, byte[] onnx, InputShapes inputs)
      throws OrtException {
    return switch (provider) {
      case CPU -> OrtNetwork.load(onnx, options -> {});
      case CUDA -> openAll(provider, engine, onnx, options -> addCuda(options, engine));
      case TENSORRT -> {
        EngineNatives.unpackProvider("onnxruntime_providers_tensorrt");
        loadTensorRt(engine);
        Optional<Path> cache = cache(engine, onnx, inputs);
        Map<String, String> chosen =
            ProviderOptions.tensorRt(engine, inputName(onnx), inputs, cache);
        yield openAll(
            provider,
            engine,
            onnx,
            options -> {
              addTensorRt(options, engine, chosen);
              // for the operators that TensorRT leaves over
              addCuda(options, engine);
            });
      }
    };
  }

  private static Network openAll(
      ExecutionProvider provider, Engine engine, byte[] onnx, OrtNetwork.SessionSetup setup)
      throws OrtException {
    List<Network> sessions = new ArrayList<>();
    try {
      while (sessions.size() < engine.sessions(provider)) {
        sessions.add(OrtNetwork.load(onnx, setup));
      }
    } catch (OrtException | RuntimeException | LinkageError e) {
      sessions.forEach(Network::close);
      throw e;
    }
    return sessions.size() == 1 ? sessions.get(0) : new SharedNetworks(sessions);
  }

  private static void addCuda(SessionOptions options, Engine engine) throws OrtException {
    EngineNatives.unpackProvider("onnxruntime_providers_cuda");
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(engine.device())) {
      addAll(cuda::add, ProviderOptions.cuda(engine));
      options.addCUDA(cuda);
    }
  }

  private static void addTensorRt(SessionOptions options, Engine engine, Map<String, String> chosen)
      throws OrtException {
    try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(engine.device())) {
      addAll(tensorRt::add, chosen);
      options.addTensorrt(tensorRt);
    }
  }

  /** Takes an option: the two kinds have no public type in common. */
  private interface OptionTaker {
    void add(String key, String value) throws OrtException;
  }

  private static void addAll(OptionTaker options, Map<String, String> values) throws OrtException {
    for (Map.Entry<String, String> option : values.entrySet()) {
      options.add(option.getKey(), option.getValue());
    }
  }

  /** Its version, which the cache goes by, shows in the names of the loaded libraries. */
  private static void loadTensorRt(Engine engine) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      addTensorRt(options, engine, Map.of());
    }
  }

  private static Optional<Path> cache(Engine engine, byte[] onnx, InputShapes inputs) {
    if (engine.cacheDirectory().isEmpty()) {
      return Optional.empty();
    }
    String versions =
        "ort %s trt %s"
            .formatted(OrtEnvironment.getEnvironment().getVersion(), EngineCache.tensorRtVersion());
    return EngineCache.folder(engine, onnx, inputs, Gpu.find(engine.device()), versions);
  }

  /** A profile goes by the input's name, which only a session tells. */
  private static String inputName(byte[] onnx) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx, options)) {
        return session.getInputNames().iterator().next();
      }
    }
  }
}
