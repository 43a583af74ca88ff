package io.shelfmark.inference;

/**
 * What carries out a model's operators, by ONNX Runtime's own word for it. Which of them a program
 * may use depends on the ONNX Runtime on its class path and on the machine, see {@link Engine}.
 */
public enum ExecutionProvider {
  /** ONNX Runtime's kernels for processors: always there. */
  CPU,
  /** CUDA and cuDNN, on an NVIDIA GPU. */
  CUDA,
  /** TensorRT, on an NVIDIA GPU: engines built for that very GPU. */
  TENSORRT
}
