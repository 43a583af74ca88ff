package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineCacheTest {

  private static final byte[] ONNX = {1, 2, 3};
  private static final InputShapes INPUTS = InputShapes.from(1, 3).to(4, 3);
  private static final Optional<Gpu> GPU = Optional.of(new Gpu("NVIDIA L4", "550.54.15"));
  private static final String VERSIONS = "ort 1.29.0 trt 10.9.0";

  @TempDir Path root;

  private static String name(byte[] onnx, InputShapes inputs, Optional<Gpu> gpu, String versions) {
    return EngineCache.name(Engine.tensorRt(), onnx, inputs, gpu, versions);
  }

  @Test
  void name_sameEverything_isTheSameAndReadable() {
    assertThat(name(ONNX, INPUTS, GPU, VERSIONS))
        .isEqualTo(name(ONNX.clone(), INPUTS, GPU, VERSIONS))
        .matches("[0-9a-f]{16}_NVIDIA-L4-550.54.15_ort-1.29.0-trt-10.9.0_fp32");
  }

  @Test
  void name_anythingElse_isAnother() {
    Stream<String> others =
        Stream.of(
            name(ONNX, INPUTS, GPU, VERSIONS),
            name(new byte[] {1, 2, 4}, INPUTS, GPU, VERSIONS),
            name(ONNX, InputShapes.from(1, 3).to(5, 3), GPU, VERSIONS),
            name(ONNX, INPUTS, Optional.of(new Gpu("NVIDIA L40", "550.54.15")), VERSIONS),
            name(ONNX, INPUTS, Optional.of(new Gpu("NVIDIA L4", "560.0")), VERSIONS),
            name(ONNX, INPUTS, Optional.empty(), VERSIONS),
            name(ONNX, INPUTS, GPU, "ort 1.30.0 trt 10.9.0"),
            EngineCache.name(Engine.tensorRt().halfPrecision(), ONNX, INPUTS, GPU, VERSIONS));

    assertThat(others).doesNotHaveDuplicates();
  }

  @Test
  void folder_ofAnEngineWithACache_isMade() throws IOException {
    Engine engine = Engine.tensorRt().cacheDirectory(root.resolve("engines"));

    Path folder = EngineCache.folder(engine, ONNX, INPUTS, GPU, VERSIONS).orElseThrow();

    assertThat(folder).isDirectory().hasParent(root.resolve("engines"));
    assertThat(EngineCache.folder(Engine.tensorRt(), ONNX, INPUTS, GPU, VERSIONS)).isEmpty();
  }

  @Test
  void folder_thatCannotBe_isRefused() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "no folder");
    Engine engine = Engine.tensorRt().cacheDirectory(file);

    assertThatThrownBy(() -> EngineCache.folder(engine, ONNX, INPUTS, GPU, VERSIONS))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("Cannot keep engines in " + file)
        .hasMessageEndingWith("expected a folder that can be written");
  }

  @Test
  void tensorRtVersion_ofMappedFiles_isTheFullOne() {
    String maps =
        """
        7f00-7f01 r-xp 00000000 08:01 1 /usr/lib/libnvinfer_plugin.so.10.9.1
        7f02-7f03 r-xp 00000000 08:01 2 /usr/lib/x86_64-linux-gnu/libnvinfer.so.10.9.0
        """;

    assertThat(EngineCache.tensorRtVersion(maps)).isEqualTo("10.9.0");
    assertThat(EngineCache.tensorRtVersion("7f00-7f01 /usr/lib/libc.so.6")).isEqualTo("unknown");
  }

  @Test
  void gpu_asTheDriverLists_isRead() {
    assertThat(Gpu.choose("NVIDIA L4, 550.54.15\n", 0, Map.of())).isEqualTo(GPU);
    assertThat(Gpu.choose("NVIDIA L4, 550.54.15\nNVIDIA L4, 550.54.15\n", 1, Map.of()))
        .isEqualTo(GPU);
    assertThat(Gpu.choose("No devices were found\n", 0, Map.of())).isEmpty();
    assertThat(Gpu.choose("", 0, Map.of())).isEmpty();
  }

  /** CUDA counts the fastest first, the driver by slots. */
  @Test
  void gpu_differentOnes_isChosenOnlyWhereTheOrderIsKnown() {
    String two = "NVIDIA T4, 550.54.15\nNVIDIA L4, 550.54.15\n";
    Map<String, String> bySlot = Map.of("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    assertThat(Gpu.choose(two, 1, bySlot)).isEqualTo(GPU);
    assertThat(Gpu.choose(two, 2, bySlot)).isEmpty();

    List<Map<String, String>> unknown =
        List.of(
            Map.of(),
            Map.of("CUDA_VISIBLE_DEVICES", "1"),
            Map.of("CUDA_DEVICE_ORDER", "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES", "1,0"));
    List<String> names =
        unknown.stream().map(each -> Gpu.choose(two, 1, each).orElseThrow().name()).toList();
    assertThat(names)
        .allMatch(name -> name.startsWith("1 of NVIDIA T4 or NVIDIA L4 ("))
        .doesNotHaveDuplicates();
  }
}
