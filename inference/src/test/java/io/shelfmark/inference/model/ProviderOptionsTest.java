package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.text.TextRecognizer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProviderOptionsTest {

  private static final InputShapes INPUTS = InputShapes.from(1, 3).mostly(2, 3).to(4, 3);

  @Test
  void cuda_device_isPassedOn() {
    assertThat(ProviderOptions.cuda(Engine.cuda().device(2)))
        .containsEntry("device_id", "2")
        .containsEntry("cudnn_conv_algo_search", "HEURISTIC");
  }

  @Test
  void tensorRt_everythingSet_isPassedOn() {
    Engine engine = Engine.tensorRt().device(1).halfPrecision();
    String folder = Path.of("kept").toString();

    assertThat(ProviderOptions.tensorRt(engine, "image", INPUTS, Optional.of(Path.of("kept"))))
        .containsEntry("device_id", "1")
        .containsEntry("trt_fp16_enable", "1")
        .containsEntry("trt_profile_min_shapes", "image:1x3")
        .containsEntry("trt_profile_opt_shapes", "image:2x3")
        .containsEntry("trt_profile_max_shapes", "image:4x3")
        .containsEntry("trt_engine_cache_enable", "1")
        .containsEntry("trt_engine_cache_path", folder)
        .containsEntry("trt_timing_cache_enable", "1")
        .containsEntry("trt_timing_cache_path", folder);
  }

  @Test
  void tensorRt_withoutACache_keepsNothing() {
    assertThat(ProviderOptions.tensorRt(Engine.tensorRt(), "image", INPUTS, Optional.empty()))
        .containsEntry("trt_fp16_enable", "0")
        .doesNotContainKeys("trt_engine_cache_enable", "trt_timing_cache_enable");
  }

  @Test
  void profiles_ofTheStages_coverWhatTheySend() {
    assertThat(TagDetector.inputs(PixelFormat.GRAY)).hasToString("1x1x64x64 to 1x1x640x640");
    assertThat(TagDetector.inputs(PixelFormat.COLOR)).hasToString("1x3x64x64 to 1x3x640x640");
    assertThat(FieldDetector.INPUTS).hasToString("1x1x192x320 to 32x1x192x320");
    assertThat(TextRecognizer.INPUTS).hasToString("1x1x32x32 to 640x1x32x640");
  }

  @Test
  void inputShapes_forALargerBatch_reachThatFarAndNeverLess() {
    assertThat(TagDetector.inputs(PixelFormat.GRAY).batched(8))
        .hasToString("1x1x64x64 to 8x1x640x640");
    assertThat(FieldDetector.INPUTS.batched(8)).hasToString("1x1x192x320 to 32x1x192x320");
  }

  @Test
  void inputShapes_thatFall_areRefused() {
    assertThatThrownBy(() -> InputShapes.from(2, 3).to(1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot extend input shapes: found 1x3, expected 2x3 or more");
    assertThatThrownBy(() -> InputShapes.from(2, 3).mostly(2, 3, 4))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
