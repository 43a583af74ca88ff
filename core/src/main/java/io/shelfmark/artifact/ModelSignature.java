package io.shelfmark.artifact;

import java.util.List;
import java.util.Objects;

/**
 * What a model takes and gives.
 *
 * @param inputs in order
 * @param outputs in order
 */
public record ModelSignature(List<Tensor> inputs, List<Tensor> outputs) {

  /** Copies the lists. */
  public ModelSignature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * One input or output.
   *
   * @param name by which the model knows it
   * @param type of its elements, such as {@code float32}
   * @param shape its dimensions; -1 where any length fits
   */
  public record Tensor(String name, String type, List<Long> shape) {

    /** Copies the shape. */
    public Tensor {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(type, "type");
      shape = List.copyOf(shape);
    }
  }
}
