package io.shelfmark.inference;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a recognizer's models are to run on, and what happens where that is not to be had.
 *
 * <pre>{@code
 * PriceTagRecognizer.builder().engine(Engine.cuda().device(1)).build();
 * PriceTagRecognizer.builder().engine(Engine.fastest()).build();
 * }</pre>
 *
 * <p>The CPU by default. A GPU needs ONNX Runtime's GPU artifact in place of the one that Shelfmark
 * depends on, and NVIDIA's libraries on the machine: docs/engines.md says which. Where something of
 * that is missing, {@link RecognizerBuilder#build} logs one warning with what it is and how to get
 * it and goes on with the next best engine, unless the engine is {@link #required}.
 *
 * <p>Immutable and thread-safe: every option gives a new value.
 */
public final class Engine {

  /** What was asked for. */
  private enum Wish {
    PROCESSOR("CPU"),
    CUDA("CUDA"),
    TENSORRT("TensorRT"),
    FASTEST("the fastest");

    private final String text;

    Wish(String text) {
      this.text = text;
    }
  }

  private final Wish wish;
  private final boolean required;
  private final int device;
  private final int sessions;
  private final boolean halfPrecision;
  private final Optional<Path> cacheDirectory;

  private Engine(Draft draft) {
    wish = draft.wish;
    required = draft.required;
    device = draft.device;
    sessions = draft.sessions;
    halfPrecision = draft.halfPrecision;
    cacheDirectory = draft.cacheDirectory;
  }

  /** The processor: what a recognizer uses when nothing is said. */
  public static Engine cpu() {
    return new Engine(new Draft(Wish.PROCESSOR));
  }

  /** An NVIDIA GPU with CUDA, else the CPU. */
  public static Engine cuda() {
    return new Engine(new Draft(Wish.CUDA));
  }

  /**
   * An NVIDIA GPU with TensorRT, else with CUDA, else the CPU. TensorRT builds an engine of each
   * model for the very GPU, which takes minutes: give it a {@link #cacheDirectory}.
   */
  public static Engine tensorRt() {
    return new Engine(new Draft(Wish.TENSORRT));
  }

  /**
   * The fastest that is there: TensorRT if a {@link #cacheDirectory} is given, since without one
   * every start would take minutes, else CUDA, else the CPU. Says nothing where ONNX Runtime came
   * without GPU support: nobody can have expected a GPU then.
   */
  public static Engine fastest() {
    return new Engine(new Draft(Wish.FASTEST));
  }

  /**
   * Makes {@link RecognizerBuilder#build} fail with a {@link ModelException} where this very engine
   * cannot be had, instead of going on with another one; {@link #fastest} then takes any GPU, but
   * no CPU.
   */
  public Engine required() {
    Draft draft = new Draft(this);
    draft.required = true;
    return new Engine(draft);
  }

  /**
   * Which of the machine's GPUs, as CUDA counts them; 0 by default.
   *
   * @throws IllegalArgumentException for a negative number, or on {@link #cpu}
   */
  public Engine device(int value) {
    requireGpu("device");
    Draft draft = new Draft(this);
    draft.device = requireAtLeast("device", value, 0);
    return new Engine(draft);
  }

  /**
   * How many sessions of each model a GPU gets, each with its own weights and working memory there.
   * Runs take turns on them. 1 by default, 2 with TensorRT, which serializes the runs of a session.
   *
   * @throws IllegalArgumentException for a number below 1, or on {@link #cpu}
   */
  public Engine sessions(int value) {
    requireGpu("sessions");
    Draft draft = new Draft(this);
    draft.sessions = requireAtLeast("sessions", value, 1);
    return new Engine(draft);
  }

  /**
   * Has TensorRT compute in 16-bit floating point where that is faster; 32 bits by default. Other
   * engines compute as the model is written.
   *
   * @throws IllegalArgumentException on an engine that never is TensorRT
   */
  public Engine halfPrecision() {
    requireTensorRt("half precision");
    Draft draft = new Draft(this);
    draft.halfPrecision = true;
    return new Engine(draft);
  }

  /**
   * The folder in which TensorRT keeps the engines it has built and what it timed for that, made
   * when it is missing; none by default. Below it there is a folder for each model, GPU, driver and
   * version of the engine, so that one folder serves several machines.
   *
   * @throws IllegalArgumentException on an engine that never is TensorRT
   */
  public Engine cacheDirectory(Path value) {
    requireTensorRt("cache directory");
    Draft draft = new Draft(this);
    draft.cacheDirectory = Optional.of(value);
    return new Engine(draft);
  }

  /** What is tried one after the other; names the CPU only where that is what was asked for. */
  public List<ExecutionProvider> candidates() {
    List<ExecutionProvider> gpu = List.of(ExecutionProvider.TENSORRT, ExecutionProvider.CUDA);
    return switch (wish) {
      case PROCESSOR -> List.of(ExecutionProvider.CPU);
      case CUDA -> List.of(ExecutionProvider.CUDA);
      case TENSORRT -> required ? gpu.subList(0, 1) : gpu;
      case FASTEST -> cacheDirectory.isEmpty() ? gpu.subList(1, 2) : gpu;
    };
  }

  /** Whether an engine other than the {@link #candidates} is out of the question. */
  public boolean isRequired() {
    return required;
  }

  /** Whether it was left to us which engine it is. */
  public boolean isFastest() {
    return wish == Wish.FASTEST;
  }

  /** Which of the machine's GPUs, from 0. */
  public int device() {
    return device;
  }

  /** How many sessions of each model {@code provider} gets. */
  public int sessions(ExecutionProvider provider) {
    return switch (provider) {
      case CPU -> 1;
      case CUDA -> Math.max(1, sessions);
      case TENSORRT -> sessions == 0 ? 2 : sessions;
    };
  }

  /** Whether TensorRT may compute in 16 bits. */
  public boolean isHalfPrecision() {
    return halfPrecision;
  }

  /** Where TensorRT keeps what it builds. */
  public Optional<Path> cacheDirectory() {
    return cacheDirectory;
  }

  @Override
  public String toString() {
    return wish.text;
  }

  private void requireGpu(String option) {
    if (wish == Wish.PROCESSOR) {
      throw refused(option, "a GPU's engine");
    }
  }

  private void requireTensorRt(String option) {
    if (wish != Wish.TENSORRT && wish != Wish.FASTEST) {
      throw refused(option, "Engine.tensorRt() or Engine.fastest()");
    }
  }

  private IllegalArgumentException refused(String option, String expected) {
    return new IllegalArgumentException(
        "Cannot set %s of an engine: found %s, expected %s".formatted(option, wish.text, expected));
  }

  private static int requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "Cannot set %s of an engine: found %d, expected %d or more"
              .formatted(option, value, least));
    }
    return value;
  }

  /** An engine in the making. */
  private static final class Draft {
    private final Wish wish;
    private boolean required;
    private int device;
    private int sessions;
    private boolean halfPrecision;
    private Optional<Path> cacheDirectory = Optional.empty();

    Draft(Wish wish) {
      this.wish = wish;
    }

    Draft(Engine engine) {
      this(engine.wish);
      required = engine.required;
      device = engine.device;
      sessions = engine.sessions;
      halfPrecision = engine.halfPrecision;
      cacheDirectory = engine.cacheDirectory;
    }
  }
}
