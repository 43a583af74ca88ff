package io.shelfmark.inference;

import static io.shelfmark.inference.ExecutionProvider.CPU;
import static io.shelfmark.inference.ExecutionProvider.CUDA;
import static io.shelfmark.inference.ExecutionProvider.TENSORRT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EngineTest {

  private static final Path CACHE = Path.of("engines");

  @Test
  void candidates_eachEngine_bestFirst() {
    assertThat(Engine.cpu().candidates()).containsExactly(CPU);
    assertThat(Engine.cuda().candidates()).containsExactly(CUDA);
    assertThat(Engine.tensorRt().candidates()).containsExactly(TENSORRT, CUDA);
    assertThat(Engine.tensorRt().required().candidates()).containsExactly(TENSORRT);
  }

  @Test
  void candidates_fastest_isTensorRtOnlyWhereItsEnginesAreKept() {
    assertThat(Engine.fastest().candidates()).containsExactly(CUDA);
    assertThat(Engine.fastest().cacheDirectory(CACHE).candidates()).containsExactly(TENSORRT, CUDA);
  }

  @Test
  void options_setOneByOne_areAllKept() {
    Engine plain = Engine.tensorRt();
    Engine engine = plain.device(1).sessions(3).halfPrecision().cacheDirectory(CACHE).required();

    assertThat(engine.device()).isEqualTo(1);
    assertThat(engine.sessions(TENSORRT)).isEqualTo(3);
    assertThat(engine.isHalfPrecision()).isTrue();
    assertThat(engine.cacheDirectory()).contains(CACHE);
    assertThat(engine.isRequired()).isTrue();
    assertThat(plain.isRequired()).isFalse();
    assertThat(plain.cacheDirectory()).isEmpty();
  }

  @Test
  void sessions_notSet_areTwoForTensorRtAlone() {
    assertThat(Engine.tensorRt().sessions(TENSORRT)).isEqualTo(2);
    assertThat(Engine.tensorRt().sessions(CUDA)).isEqualTo(1);
    assertThat(Engine.tensorRt().sessions(4).sessions(CPU)).isEqualTo(1);
  }

  @Test
  void options_thatContradictTheEngine_areRefused() {
    assertThatThrownBy(() -> Engine.cpu().device(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set device of an engine: found CPU, expected a GPU's engine");
    assertThatThrownBy(() -> Engine.cpu().sessions(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sessions of an engine: found CPU");
    assertThatThrownBy(() -> Engine.cuda().halfPrecision())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot set half precision of an engine: found CUDA, expected Engine.tensorRt() or Engine.fastest()");
    assertThatThrownBy(() -> Engine.cuda().cacheDirectory(CACHE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cache directory");
    assertThatThrownBy(() -> Engine.cuda().device(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set device of an engine: found -1, expected 0 or more");
    assertThatThrownBy(() -> Engine.cuda().sessions(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set sessions of an engine: found 0, expected 1 or more");
  }
}
