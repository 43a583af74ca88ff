package io.shelfmark.inference.model;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several sessions of one model, on which runs take turns. Thread-safe; closes them all, also when
 * one fails.
 */
final class SharedNetworks implements Network {

  private final List<Network> networks;
  private final AtomicInteger turn = new AtomicInteger();

  SharedNetworks(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  @Override
  public Tensor run(ByteBuffer input, long[] shape) throws Exception {
    int next = Math.floorMod(turn.getAndIncrement(), networks.size());
    return networks.get(next).run(input, shape);
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (Network network : networks) {
      try {
        network.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
