package io.shelfmark.inference.model;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.image.NativeBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads models onto the first engine of those asked for that works. Whether one works shows only
 * when it is used: libraries that are not there are missed when a session is made, cuDNN in its
 * first convolution. So on a GPU each model runs once before it counts as loaded.
 */
final class EngineLoader {

  private static final Logger LOG = LoggerFactory.getLogger(EngineLoader.class);

  private final EngineRuntime runtime;
  private final Consumer<String> warnings;

  /** A loader that warns in the log. */
  EngineLoader(EngineRuntime runtime) {
    this(runtime, LOG::warn);
  }

  EngineLoader(EngineRuntime runtime, Consumer<String> warnings) {
    this.runtime = runtime;
    this.warnings = warnings;
  }

  ModelSet load(
      Engine asked,
      Function<ExecutionProvider, List<ModelSource>> sources,
      List<InputShapes> inputs) {
    List<String> missing = new ArrayList<>();
    for (ExecutionProvider provider : asked.candidates()) {
      if (provider == ExecutionProvider.CPU) {
        break;
      }
      Optional<ModelSet> set = tryOn(provider, asked, sources, inputs, missing);
      if (set.isPresent()) {
        return set.get();
      }
    }
    if (asked.isRequired() && !missing.isEmpty()) {
      throw new ModelException(String.join("; ", missing));
    }
    return loadOn(ExecutionProvider.CPU, asked, sources, inputs, missing);
  }

  private Optional<ModelSet> tryOn(
      ExecutionProvider provider,
      Engine asked,
      Function<ExecutionProvider, List<ModelSource>> sources,
      List<InputShapes> inputs,
      List<String> missing) {
    EngineSettings.apply();
    if (!runtime.builtIn().contains(provider)) {
      missing.add(MissingEngine.notBuiltIn(provider));
      return Optional.empty();
    }
    try {
      return Optional.of(loadOn(provider, asked, sources, inputs, missing));
    } catch (UnusableEngineException e) {
      missing.add(MissingEngine.failed(provider, asked.device(), e.getCause()));
      LOG.debug("{} cannot be used", provider, e);
      return Optional.empty();
    }
  }

  /** What was missing is told once, here, and nowhere else. */
  private ModelSet loadOn(
      ExecutionProvider provider,
      Engine asked,
      Function<ExecutionProvider, List<ModelSource>> sources,
      List<InputShapes> inputs,
      List<String> missing) {
    List<ModelSource> chosen = sources.apply(provider);
    List<OnnxModel> models = loadAll(provider, asked, chosen, inputs);
    if (missing.isEmpty()) {
      return new ModelSet(chosen, models, EngineInUse.of(provider));
    }
    String why = String.join("; ", missing);
    if (!asked.isFastest() || runtime.builtIn().contains(ExecutionProvider.CUDA)) {
      warnings.accept("%s; running on %s instead".formatted(why, provider));
    }
    return new ModelSet(chosen, models, new EngineInUse(provider, Optional.of(why)));
  }

  /** Loads all at once, in the order of {@code sources}; on failure none is left. */
  private List<OnnxModel> loadAll(
      ExecutionProvider provider,
      Engine engine,
      List<ModelSource> sources,
      List<InputShapes> inputs) {
    List<CompletableFuture<OnnxModel>> pending =
        IntStream.range(0, sources.size())
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> load(provider, engine, sources.get(i), inputs.get(i))))
            .toList();
    List<OnnxModel> models = new ArrayList<>();
    RuntimeException failure = null;
    for (CompletableFuture<OnnxModel> model : pending) {
      try {
        models.add(model.join());
      } catch (CompletionException e) {
        if (failure == null) {
          failure = e.getCause() instanceof RuntimeException cause ? cause : e;
        }
      }
    }
    if (failure != null) {
      models.forEach(OnnxModel::close);
      throw failure;
    }
    return models;
  }

  private OnnxModel load(
      ExecutionProvider provider, Engine engine, ModelSource source, InputShapes inputs) {
    if (provider == ExecutionProvider.CPU) {
      return OnnxModel.load(source, bytes -> runtime.open(provider, engine, bytes, inputs));
    }
    byte[] bytes = source.bytes();
    try {
      Network network = runtime.open(provider, engine, bytes, inputs);
      try {
        runOnce(network, inputs.least());
      } catch (Exception | Error e) {
        network.close();
        throw e;
      }
      return new OnnxModel(source.name(), network);
    } catch (ModelException e) {
      // what the host has to put right, such as a cache that cannot be written
      throw e;
    } catch (Exception | LinkageError e) {
      throw new UnusableEngineException(e);
    }
  }

  private static void runOnce(Network network, long[] shape) throws Exception {
    try (NativeBuffer memory = new NativeBuffer()) {
      network.run(OnnxModel.zeros(memory, shape), shape).close();
    }
  }

  /** An engine did not take a model: its fault or the model's, which the CPU will tell. */
  private static final class UnusableEngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableEngineException(Throwable cause) {
      super(cause);
    }

    @Override
    public synchronized Throwable getCause() {
      return Objects.requireNonNull(super.getCause());
    }
  }
}
