package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedNetworksTest {

  private final List<String> log = new ArrayList<>();

  private Network network(String name) {
    return new Network() {
      @Override
      public Tensor run(ByteBuffer input, long[] shape) {
        log.add("run " + name);
        return new Tensor(shape, FloatBuffer.allocate(1), () -> {});
      }

      @Override
      public void close() {
        log.add("close " + name);
        if (name.startsWith("bad")) {
          throw new IllegalStateException("Cannot close " + name);
        }
      }
    };
  }

  @Test
  void run_severalSessions_takesTurnsAndClosesAll() throws Exception {
    try (Network shared = new SharedNetworks(List.of(network("a"), network("b")))) {
      for (int i = 0; i < 3; i++) {
        shared.run(ByteBuffer.allocateDirect(4), new long[] {1}).close();
      }
    }

    assertThat(log).containsExactly("run a", "run b", "run a", "close a", "close b");
  }

  @Test
  void close_sessionThatFails_closesTheOthersToo() {
    Network shared = new SharedNetworks(List.of(network("bad a"), network("b"), network("bad c")));

    assertThatThrownBy(shared::close)
        .hasMessage("Cannot close bad a")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(log).containsExactly("close bad a", "close b", "close bad c");
  }
}
