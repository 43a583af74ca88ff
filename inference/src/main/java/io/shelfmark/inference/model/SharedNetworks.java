package io.shelfmark.inference.model;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

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
    closeAll(networks, Network::close);
  }

  /** Closes each, whatever becomes of the others; the first failure is thrown at the end. */
  static <T> void closeAll(List<T> all, Consumer<? super T> how) {
    RuntimeException failure = null;
    for (T one : all) {
      try {
        how.accept(one);
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
