package io.shelfmark.inference.model;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.ExecutionProvider;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A machine on which each provider works or fails as a test wants it. */
final class FakeEngineRuntime implements EngineRuntime {

  /** Each network that was opened, and each run and closing of one, in words. */
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  private final Set<ExecutionProvider> builtIn = EnumSet.of(ExecutionProvider.CPU);
  private final Map<ExecutionProvider, RuntimeException> openFailures =
      new EnumMap<>(ExecutionProvider.class);
  private final Map<ExecutionProvider, RuntimeException> runFailures =
      new EnumMap<>(ExecutionProvider.class);

  FakeEngineRuntime with(ExecutionProvider... providers) {
    builtIn.addAll(Arrays.asList(providers));
    return this;
  }

  FakeEngineRuntime failsToOpen(ExecutionProvider provider, String message) {
    return failsToOpen(provider, new IllegalStateException(message));
  }

  FakeEngineRuntime failsToOpen(ExecutionProvider provider, RuntimeException failure) {
    openFailures.put(provider, failure);
    return this;
  }

  FakeEngineRuntime failsToRun(ExecutionProvider provider, String message) {
    runFailures.put(provider, new IllegalStateException(message));
    return this;
  }

  @Override
  public Set<ExecutionProvider> builtIn() {
    return builtIn;
  }

  @Override
  public Network open(ExecutionProvider provider, Engine engine, byte[] onnx, InputShapes inputs) {
    if (openFailures.containsKey(provider)) {
      throw openFailures.get(provider);
    }
    log.add("open " + provider);
    return new FakeNetwork(provider);
  }

  private final class FakeNetwork implements Network {
    private final ExecutionProvider provider;

    FakeNetwork(ExecutionProvider provider) {
      this.provider = provider;
    }

    @Override
    public Tensor run(ByteBuffer input, long[] shape) {
      if (runFailures.containsKey(provider)) {
        throw runFailures.get(provider);
      }
      log.add("run " + provider + " " + Arrays.toString(shape));
      return new Tensor(new long[] {1}, FloatBuffer.allocate(1), () -> {});
    }

    @Override
    public void close() {
      log.add("close " + provider);
    }
  }
}
