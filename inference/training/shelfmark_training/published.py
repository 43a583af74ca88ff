"""Takes training up again from an exported model, so that a checkpoint need not be kept.

The export folds each batch normalisation into the convolution before it. Here the folded weights go back into the
convolution, and the normalisation gets the statistics that the convolution's outputs really have, so that the network gives
the same answers as before and its activations are still of unit size inside when training goes on.
"""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from .networks import NETWORKS


def begin(network: nn.Module, start_from: Path | None, samples) -> None:
    """Fills `network` from a checkpoint's averaged weights (.pt) or an exported model (.onnx); without one leaves it as it is.
    `samples` is called for some usual inputs where they are needed."""
    if start_from is None:
        return
    if start_from.suffix == ".onnx":
        restore(network, start_from, samples())
    else:
        network.load_state_dict(torch.load(start_from, weights_only=True)["average"])


def load(models: Path, name: str) -> nn.Module:
    """A trained network from a folder that holds its checkpoint or its exported model, ready to be asked."""
    make, shape = NETWORKS[name]
    path = next((p for p in (models / f"{name}.pt", models / f"{name}.onnx") if p.exists()), None)
    if path is None:
        raise SystemExit(f"Cannot load {name}: found neither {name}.pt nor {name}.onnx in {models}")
    network = make()
    begin(network, path, lambda: [torch.rand(shape) * 255])
    return network.eval()


def restore(network: nn.Module, model: Path, samples) -> None:
    """Fills `network` from the ONNX file; `samples` are some usual inputs, to take the statistics on."""
    graph = onnx.load(str(model)).graph
    arrays = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    nodes = [[arrays[name] for name in node.input[1:]] for node in graph.node if node.op_type == "Conv"]
    order = _calls(network, samples[0])
    if len(nodes) != len([m for m in order if isinstance(m, nn.Conv2d)]):
        raise SystemExit(f"Cannot restore {model}: found {len(nodes)} convolutions, expected those of {type(network).__name__}")
    nodes = iter(nodes)
    pairs = []
    for module, following in zip(order, order[1:] + [None]):
        if not isinstance(module, nn.Conv2d):
            continue
        weight, *bias = next(nodes)
        if weight.shape != module.weight.shape:
            raise SystemExit(f"Cannot restore {model}: found weights {list(weight.shape)}, expected {list(module.weight.shape)}")
        module.weight.data.copy_(weight)
        if module.bias is not None:
            module.bias.data.copy_(bias[0])
        else:
            following.running_mean.zero_()
            following.running_var.fill_(1 - following.eps)
            following.weight.data.fill_(1)
            following.bias.data.copy_(bias[0])
            pairs.append((module, following))
    _normalise(network, pairs, samples)


def _calls(network, sample):
    """Convolutions and normalisations in the order they are called."""
    order = []
    hooks = [m.register_forward_hook(lambda m, *_: order.append(m)) for m in network.modules()
             if isinstance(m, (nn.Conv2d, nn.BatchNorm2d))]
    network.eval()
    with torch.no_grad():
        network(sample)
    for hook in hooks:
        hook.remove()
    return order


@torch.no_grad()
def _normalise(network, pairs, samples):
    sums = {module: [0.0, 0.0, 0] for module, _ in pairs}

    def count(module, _, output):
        flat = output.double().transpose(0, 1).flatten(1)
        total = sums[module]
        total[0], total[1], total[2] = total[0] + flat.sum(1), total[1] + (flat**2).sum(1), total[2] + flat.shape[1]

    hooks = [module.register_forward_hook(count) for module, _ in pairs]
    for sample in samples:
        network(sample)
    for hook in hooks:
        hook.remove()
    for module, norm in pairs:
        first, second, n = sums[module]
        mean, variance = first / n, (second / n - (first / n) ** 2).clamp(min=1e-6)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.data.copy_((variance + norm.eps).sqrt())
        norm.bias.data.add_(mean)
