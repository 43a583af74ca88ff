package io.shelfmark.inference.model;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.ModelException;
import java.util.List;
import java.util.function.Function;

/**
 * The models of one recognizer, all on the same engine. Thread-safe; whoever loads one closes it.
 */
public final class ModelSet implements AutoCloseable {

  private final List<ModelSource> sources;
  private final List<OnnxModel> models;
  private final EngineInUse engine;

  ModelSet(List<ModelSource> sources, List<OnnxModel> models, EngineInUse engine) {
    this.sources = List.copyOf(sources);
    this.models = List.copyOf(models);
    this.engine = engine;
  }

  /**
   * Loads all models at once onto {@code asked}, or where that cannot be had, after one warning,
   * onto the next best engine.
   *
   * @param sources the models for an engine; asked for each engine that is tried, and for no other
   * @param inputs the shapes that each of them gets
   * @throws ModelException when one cannot be loaded, or {@code asked} is required and missing;
   *     then none is left
   */
  public static ModelSet load(
      Engine asked,
      Function<ExecutionProvider, List<ModelSource>> sources,
      List<InputShapes> inputs) {
    return new EngineLoader(new OrtRuntime()).load(asked, sources, inputs);
  }

  /** Where the models came from: those for the engine that they run on. */
  public List<ModelSource> sources() {
    return sources;
  }

  /** The models, in the order of their sources. */
  public List<OnnxModel> models() {
    return models;
  }

  /** What they run on. */
  public EngineInUse engine() {
    return engine;
  }

  @Override
  public void close() {
    SharedNetworks.closeAll(models, OnnxModel::close);
  }
}
