package io.shelfmark.inference.model;

import ai.onnxruntime.OrtException;
import io.shelfmark.inference.Engine;
import io.shelfmark.inference.ExecutionProvider;
import java.util.Set;

/**
 * What the choice of an engine needs to know of ONNX Runtime and of the machine: the seam at which
 * tests put machines that they do not have.
 */
interface EngineRuntime {

  /** What the ONNX Runtime of this process was built with. */
  Set<ExecutionProvider> builtIn();

  /**
   * A network on {@code provider}.
   *
   * @param onnx the model's bytes
   * @param inputs the shapes that it will get
   * @throws OrtException when the provider's libraries do not load, there is no such device, or the
   *     model is none
   */
  Network open(ExecutionProvider provider, Engine engine, byte[] onnx, InputShapes inputs)
      throws OrtException;
}
