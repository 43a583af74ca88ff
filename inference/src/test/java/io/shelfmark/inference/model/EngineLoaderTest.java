package io.shelfmark.inference.model;

import static io.shelfmark.inference.ExecutionProvider.CPU;
import static io.shelfmark.inference.ExecutionProvider.CUDA;
import static io.shelfmark.inference.ExecutionProvider.TENSORRT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.ModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineLoaderTest {

  private static final InputShapes INPUTS = InputShapes.from(1, 3).mostly(2, 3).to(4, 3);

  @TempDir Path folder;
  private final FakeEngineRuntime machine = new FakeEngineRuntime();
  private final List<String> warnings = new ArrayList<>();

  /** The engines for which models were chosen. */
  private final List<ExecutionProvider> choices = new ArrayList<>();

  /** Two models, so that it shows what is told once for all of them. */
  private ModelSet load(Engine asked) {
    byte[] onnx = TinyOnnx.answering(2, new long[] {1}, 7);
    List<ModelSource> sources =
        List.of(
            ModelSource.file(TinyOnnx.write(folder, "one", onnx, "{}")),
            ModelSource.file(TinyOnnx.write(folder, "two", onnx, "{}")));
    return new EngineLoader(machine, warnings::add)
        .load(
            asked,
            provider -> {
              choices.add(provider);
              return sources;
            },
            List.of(INPUTS, INPUTS));
  }

  private void assertQuietlyOn(ExecutionProvider provider, Engine asked) {
    try (ModelSet models = load(asked)) {
      assertThat(models.engine().provider()).isEqualTo(provider);
      assertThat(models.models()).hasSize(2);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void load_engineThatWorks_isUsedAfterOneRunOfEachModel() {
    machine.with(CUDA);

    assertQuietlyOn(CUDA, Engine.cuda());

    assertThat(machine.log)
        .containsExactlyInAnyOrder(
            "open CUDA",
            "open CUDA",
            "run CUDA [1, 3]",
            "run CUDA [1, 3]",
            "close CUDA",
            "close CUDA");
  }

  /** A choice for the CPU may cost a trial. */
  @Test
  void load_models_areChosenForTheEnginesThatAreTriedAlone() {
    machine.with(CUDA);
    load(Engine.cuda()).close();
    assertThat(choices).containsExactly(CUDA);

    choices.clear();
    load(Engine.tensorRt()).close();
    assertThat(choices).as("TensorRT is not built in").containsExactly(CUDA);

    choices.clear();
    machine.failsToOpen(CUDA, "libcublasLt.so.12: cannot open shared object file");
    load(Engine.cuda()).close();
    assertThat(choices).containsExactly(CUDA, CPU);

    choices.clear();
    load(Engine.cpu()).close();
    assertThat(choices).containsExactly(CPU);
  }

  @Test
  void load_cpu_runsNothingBeforehandAndSaysNothing() {
    machine.with(CUDA, TENSORRT);

    assertQuietlyOn(CPU, Engine.cpu());

    assertThat(machine.log)
        .containsExactlyInAnyOrder("open CPU", "open CPU", "close CPU", "close CPU");
  }

  @Test
  void load_jarWithoutIt_warnsOnceAndGoesOnOnTheCpu() {
    String why =
        "Cannot run models with CUDA: found an ONNX Runtime without it, expected com.microsoft.onnxruntime:onnxruntime_gpu in place of onnxruntime, on Linux or Windows on x86-64 (see docs/engines.md)";

    try (ModelSet models = load(Engine.cuda())) {
      assertThat(models.engine().provider()).isEqualTo(CPU);
      assertThat(models.engine().missing()).contains(why);
    }

    assertThat(warnings).containsExactly(why + "; running on CPU instead");
  }

  @Test
  void load_modelThatFailsInItsFirstRun_fallsBackAndLeavesNothingOpen() {
    machine.with(CUDA).failsToRun(CUDA, "libcudnn.so.9: cannot open shared object file: No such");

    try (ModelSet models = load(Engine.cuda())) {
      assertThat(models.engine().provider()).isEqualTo(CPU);
    }

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("found no libcudnn.so.9, expected cuDNN 9 for CUDA 12")
        .endsWith("; running on CPU instead");
    assertThat(machine.log).filteredOn("open CUDA"::equals).hasSize(2);
    assertThat(machine.log).filteredOn("close CUDA"::equals).hasSize(2);
  }

  @Test
  void load_tensorRtMissing_goesOnWithCuda() {
    machine
        .with(CUDA, TENSORRT)
        .failsToOpen(TENSORRT, "libnvinfer.so.10: cannot open shared object file");

    try (ModelSet models = load(Engine.tensorRt())) {
      assertThat(models.engine().provider()).isEqualTo(CUDA);
    }

    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(
            "Cannot run models with TENSORRT: found no libnvinfer.so.10, expected TensorRT 10")
        .endsWith("; running on CUDA instead");
  }

  @Test
  void load_allMissing_tellsOfEachInOneWarning() {
    machine
        .with(CUDA, TENSORRT)
        .failsToOpen(TENSORRT, "libnvinfer.so.10: cannot open shared object file")
        .failsToOpen(CUDA, "libcublasLt.so.12: cannot open shared object file");

    try (ModelSet models = load(Engine.tensorRt())) {
      assertThat(models.engine().provider()).isEqualTo(CPU);
    }

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("libnvinfer.so.10")
        .contains("libcublasLt.so.12");
  }

  @Test
  void load_fastestWithoutGpuSupport_saysNothing() {
    assertQuietlyOn(CPU, Engine.fastest());
  }

  @Test
  void load_fastestWithGpuSupportThatFails_warns() {
    machine.with(CUDA).failsToOpen(CUDA, "CUDA failure 100: no CUDA-capable device is detected");

    load(Engine.fastest()).close();

    assertThat(warnings).singleElement().asString().contains("found no GPU 0, expected");
  }

  @Test
  void load_requiredAndMissing_isRefusedWithoutAWarning() {
    machine.with(CUDA);

    assertThatThrownBy(() -> load(Engine.tensorRt().required()))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            "Cannot run models with TENSORRT: found an ONNX Runtime without it");
    assertThat(warnings).isEmpty();
    assertThat(machine.log).isEmpty();
  }

  @Test
  void load_hostsOwnMistake_isNotTakenForAMissingEngine() {
    machine.with(CUDA).failsToOpen(CUDA, new ModelException("Cannot keep engines in x"));

    assertThatThrownBy(() -> load(Engine.cuda()))
        .isInstanceOf(ModelException.class)
        .hasMessage("Cannot keep engines in x");
    assertThat(warnings).isEmpty();
  }

  @Test
  void load_modelThatIsNone_isRefusedByTheCpu() {
    machine.with(CUDA).failsToOpen(CUDA, "no model").failsToOpen(CPU, "no model");

    assertThatThrownBy(() -> load(Engine.cuda()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no model, expected an ONNX model that ONNX Runtime can run");
  }
}
