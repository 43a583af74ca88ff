package io.shelfmark.inference.model;

import java.nio.ByteBuffer;

/** A network in the memory of an engine. Thread-safe; whoever loads one closes it. */
interface Network extends AutoCloseable {

  /**
   * Runs once.
   *
   * @param input direct, in native order, the floats of {@code shape} from its start; read during
   *     the call alone
   * @param shape the batch first
   * @return the output; the caller closes it
   * @throws Exception whatever the engine has to say against this input
   */
  Tensor run(ByteBuffer input, long[] shape) throws Exception;

  @Override
  void close();
}
