"""How many floating point operations a run of a network takes, multiplications and additions apart.

python count_flops.py MODEL.onnx 1x3x640x512 [SHAPE...]

Counts convolutions and matrix products, which are all that costs; printed in units of 10^9 for each input shape.
"""

import math
import sys

import onnx
from onnx import shape_inference


def count(model, shape):
    graph = onnx.ModelProto()
    graph.CopyFrom(model)
    dims = graph.graph.input[0].type.tensor_type.shape.dim
    if len(dims) != len(shape):
        raise SystemExit(f"found {len(dims)} dimensions in the model, expected {len(shape)}")
    for dim, size in zip(dims, shape):
        dim.dim_value = size
    del graph.graph.value_info[:]
    for output in graph.graph.output:
        output.type.tensor_type.ClearField("shape")
    graph = shape_inference.infer_shapes(graph, data_prop=True).graph
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in [*graph.input, *graph.value_info, *graph.output]
    }
    shapes.update({weight.name: list(weight.dims) for weight in graph.initializer})
    total = 0
    for node in graph.node:
        if node.op_type == "Conv":
            weight = shapes[node.input[1]]
            total += 2 * math.prod(shapes[node.output[0]]) * math.prod(weight[1:])
        elif node.op_type in ("MatMul", "Gemm"):
            total += 2 * math.prod(shapes[node.output[0]]) * shapes[node.input[0]][-1]
    return total


def main():
    model = onnx.load(sys.argv[1])
    for text in sys.argv[2:]:
        shape = [int(size) for size in text.split("x")]
        print(f"{text}: {count(model, shape) / 1e9:.3f}")


if __name__ == "__main__":
    main()
