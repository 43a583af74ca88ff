package io.shelfmark.inference.model;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.ModelException;
import java.util.List;

/**
 * The models of one recognizer, all on the same engine. Thread-safe; whoever loads one closes it.
 */
public final class ModelSet implements AutoCloseable {

  private final List<OnnxModel> models;
  private final EngineInUse engine;

  ModelSet(List<OnnxModel> models, EngineInUse engine) {
    this.models = List.copyOf(models);
    this.engine = engine;
  }

  /**
   * Loads all models at once onto {@code asked}, or where that cannot be had, after one warning,
   * onto the next best engine.
   *
   * @param onCpu the models for the CPU
   * @param onGpu the same models for a GPU
   * @param inputs the shapes that each of them gets
   * @throws ModelException when one cannot be loaded, or {@code asked} is required and missing;
   *     then none is left
   */
  public static ModelSet load(
      Engine asked, List<ModelSource> onCpu, List<ModelSource> onGpu, List<InputShapes> inputs) {
    return new EngineLoader(new OrtRuntime()).load(asked, onCpu, onGpu, inputs);
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
