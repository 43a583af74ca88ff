"""Writes trained checkpoints as ONNX files with their cards: python export_models.py --run DIR --data DIR --out DIR"""

import argparse
import datetime
import hashlib
import json
from pathlib import Path

import onnx
import torch

from shelfmark_training import alphabet, history, networks
from shelfmark_training.photos import KINDS

LIMITS = {
    "tag-detector": "Tags whose height is under about 10 pixels in a photo reduced to 640 are missed.",
    "field-detector": "Trained for text that runs along the tag; a tag outline off by more than a tenth shifts the fields.",
    "text-recognizer": "Latin letters that look like Cyrillic ones come out as the Cyrillic letter; the letter ё as е.",
}


class Deployed(torch.nn.Module):
    """The network with its last steps, as hosts run it."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, pixels):
        return self.network.deployed(pixels)


TENSORS = {
    "tag-detector": ("photo", "tags", {0: "batch", 2: "height", 3: "width"}, {0: "batch", 2: "rows", 3: "columns"}),
    "field-detector": ("tag", "fields", {0: "batch"}, {0: "batch"}),
    "text-recognizer": ("line", "probabilities", {0: "batch", 3: "width"}, {0: "batch", 1: "columns"}),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder with NAME.pt and NAME.history.json")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--generated", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", choices=TENSORS)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, (source, target, in_axes, out_axes) in TENSORS.items():
        make, shape = networks.NETWORKS[name]
        checkpoint = arguments.run / f"{name}.pt"
        if not checkpoint.exists() or arguments.only not in (None, name):
            continue
        state = torch.load(checkpoint, weights_only=True)
        network = make().eval()
        network.load_state_dict(state["average"])
        path = arguments.out / f"{name}.onnx"
        torch.onnx.export(Deployed(network), (torch.rand(shape) * 255,), str(path), opset_version=16, dynamo=False,
                          input_names=[source], output_names=[target], dynamic_axes={source: in_axes, target: out_axes})
        onnx.checker.check_model(onnx.load(str(path)))
        card = {
            "name": name, "format": 1, "input": source, "channels": shape[1], "output": target,
            "made": datetime.date.today().isoformat(),
            "parameters": sum(p.numel() for p in network.parameters()),
            "training": history.of(checkpoint),
            "data": {"hand-labelled": history.digest([arguments.data / "train.jsonl"]),
                     "generated": {folder.name: history.digest([folder / "labels.jsonl"]) for folder in arguments.generated}},
            "licence": "Apache-2.0; trained on data under CC BY 4.0", "attribution": history.ATTRIBUTION, "limits": LIMITS[name],
            "model_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        if name == "text-recognizer":
            card["alphabet"] = alphabet.ALPHABET
        if name == "field-detector":
            card["classes"] = KINDS
        path.with_suffix(".json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
