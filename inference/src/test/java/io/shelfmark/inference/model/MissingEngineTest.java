package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.ExecutionProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissingEngineTest {

  /** What ONNX Runtime 1.29 says; the first is as it was seen on a machine without a GPU. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CUDA | Error code - ORT_EP_FAIL - message: libcublasLt.so.12: cannot open shared object file: No such file | no libcublasLt.so.12, expected CUDA 12 and cuDNN 9 in a folder of LD_LIBRARY_PATH, on Windows of PATH",
        "CUDA | libcuda.so.1: cannot open shared object file | no libcuda.so.1, expected an NVIDIA driver (install it",
        "CUDA | Unable to load libcudnn_graph.so.9: cannot open shared object file | no libcudnn_graph.so.9, expected cuDNN 9 for CUDA 12",
        "TENSORRT | libnvinfer.so.10: cannot open shared object file | no libnvinfer.so.10, expected TensorRT 10 for CUDA 12",
        "TENSORRT | libcudart.so.12: cannot open shared object file | no libcudart.so.12, expected CUDA 12, cuDNN 9 and TensorRT 10",
        "CUDA | Error loading \"a\\onnxruntime_providers_cuda.dll\" which depends on \"cublasLt64_12.dll\" which is missing. | no cublasLt64_12.dll, expected CUDA 12 and cuDNN 9",
        "CUDA | CUDA failure 100: no CUDA-capable device is detected ; GPU=0 | no GPU 1, expected an NVIDIA GPU that nvidia-smi lists",
        "CUDA | CUDA failure 101: invalid device ordinal ; GPU=1 | no GPU 1, expected",
        "CUDA | CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version | an NVIDIA driver too old for CUDA 12, or none, expected version 525 or later",
        "CUDA | out of memory | out of memory, expected it to run the models"
      })
  void failed_whatTheEngineSays_saysWhatIsMissingAndHowToGetIt(
      ExecutionProvider provider, String said, String told) {
    assertThat(MissingEngine.failed(provider, 1, new IllegalStateException(said)))
        .startsWith("Cannot run models with " + provider + ": found " + told)
        .endsWith(" (see docs/engines.md)");
  }
}
