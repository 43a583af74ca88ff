package io.shelfmark.inference.model;

import io.shelfmark.inference.Engine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Options of ONNX Runtime's GPU providers, by the names that its documentation gives them. */
final class ProviderOptions {

  private ProviderOptions() {}

  /**
   * Convolutions are chosen by cuDNN's heuristics. The default times every algorithm for every new
   * shape, and our batches have hundreds. Memory grows by what is asked, not to the next power of
   * two.
   */
  static Map<String, String> cuda(Engine engine) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("device_id", Integer.toString(engine.device()));
    options.put("cudnn_conv_algo_search", "HEURISTIC");
    options.put("arena_extend_strategy", "kSameAsRequested");
    return options;
  }

  /**
   * One profile for all shapes that a stage sends: without one, TensorRT builds anew for each shape
   * that goes beyond those seen.
   *
   * @param input name of the model's input
   * @param cache folder of what is built, if anything is kept
   */
  static Map<String, String> tensorRt(
      Engine engine, String input, InputShapes inputs, Optional<Path> cache) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("device_id", Integer.toString(engine.device()));
    options.put("trt_fp16_enable", engine.isHalfPrecision() ? "1" : "0");
    options.put("trt_profile_min_shapes", input + ":" + inputs.leastText());
    options.put("trt_profile_opt_shapes", input + ":" + inputs.usualText());
    options.put("trt_profile_max_shapes", input + ":" + inputs.mostText());
    cache.ifPresent(
        folder -> {
          options.put("trt_engine_cache_enable", "1");
          options.put("trt_engine_cache_path", folder.toString());
          options.put("trt_timing_cache_enable", "1");
          options.put("trt_timing_cache_path", folder.toString());
        });
    return options;
  }
}
