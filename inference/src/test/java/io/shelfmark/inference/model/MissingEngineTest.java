package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.ExecutionProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissingEngineTest {

  /**
   * What ONNX Runtime 1.29 says. Its words for missing libraries of CUDA, for no GPU and for no
   * driver were taken down from processes that lacked them; the others are from its sources.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CUDA | /src/provider_bridge_ort.cc:1988 Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /x/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file | no libcublasLt.so.12, expected CUDA 12 and cuDNN 9 in a folder of LD_LIBRARY_PATH, on Windows of PATH",
        "CUDA | Failed to load library /x/libonnxruntime_providers_cuda.so with error: libcuda.so.1: cannot open shared object file | no libcuda.so.1, expected an NVIDIA driver (install it",
        "CUDA | /src/cuda_kernel.h:272 RequireCudnnHandle(cudnnHandle_t) [ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : cuDNN is unavailable or disabled for CUDA Execution Provider: dlopen failed for libcudnn.so: libcudnn.so: cannot open shared object file | no cuDNN, expected cuDNN 9 for CUDA 12 in a folder of",
        "CUDA | cuDNN is unavailable or disabled for CUDA Execution Provider: LoadLibrary failed for cudnn64_9.dll with error 2 | no cuDNN, expected cuDNN 9 for CUDA 12",
        "TENSORRT | libnvinfer.so.10: cannot open shared object file | no libnvinfer.so.10, expected TensorRT 10 for CUDA 12",
        "TENSORRT | libcudart.so.12: cannot open shared object file | no libcudart.so.12, expected CUDA 12, cuDNN 9 and TensorRT 10",
        "CUDA | Error loading \"a\\onnxruntime_providers_cuda.dll\" which depends on \"cublasLt64_12.dll\" which is missing. | no cublasLt64_12.dll, expected CUDA 12 and cuDNN 9",
        "CUDA | Failed to parse provider option \"device_id\": CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 | no GPU 1, expected an NVIDIA GPU that nvidia-smi lists",
        "CUDA | Failed to parse provider option \"device_id\": Invalid device ID: 1, must be between 0 (inclusive) and 1 (exclusive). | no GPU 1, expected",
        "CUDA | Failed to parse provider option \"device_id\": CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version | an NVIDIA driver too old for CUDA 12, or none, expected version 525 or later",
        "CUDA | /src/bfc_arena.cc:376 Alloc(size_t) [ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : out of memory | out of memory, expected it to run the models"
      })
  void failed_whatTheEngineSays_saysWhatIsMissingAndHowToGetIt(
      ExecutionProvider provider, String said, String told) {
    assertThat(MissingEngine.failed(provider, 1, new IllegalStateException(said)))
        .startsWith("Cannot run models with " + provider + ": found " + told)
        .endsWith(" (see docs/engines.md)");
  }
}
