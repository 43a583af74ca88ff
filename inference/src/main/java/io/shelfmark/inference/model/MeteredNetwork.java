package io.shelfmark.inference.model;

import java.nio.ByteBuffer;

/** Tells a meter of each run that succeeds. Owns its network. */
final class MeteredNetwork implements Network {

  private final Network network;
  private final RunMeter meter;

  MeteredNetwork(Network network, RunMeter meter) {
    this.network = network;
    this.meter = meter;
  }

  @Override
  public Tensor run(ByteBuffer input, long[] shape) throws Exception {
    long begin = System.nanoTime();
    Tensor output = network.run(input, shape);
    meter.ran(shape[0], System.nanoTime() - begin);
    return output;
  }

  @Override
  public void close() {
    network.close();
  }
}
