"""Makes int8 variants of exported models:
python quantize_models.py --models DIR --data DIR --names FILE --generated DIR --out DIR

Static quantisation (Jacob et al., 2018): activations unsigned, weights signed and per channel, ranges taken on lines, tags
and photos as the recognizer cuts them. What holds few multiplications but decides much stays in float: the first and the
last convolution, and the depthwise ones, which int8 makes slower; of the text recognizer also what follows its last 3 x 3
convolution and the sums, without which it misreads more lines (check_int8.py).
"""

import argparse
import hashlib
import json
import random
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from shelfmark_training import geometry, lines, outlines, photos

QUANTIZED = {"tag-detector": ["Conv", "Add"], "field-detector": ["Conv", "Add"], "text-recognizer": ["Conv"]}
INPUTS = {"tag-detector": "photo", "field-detector": "tag", "text-recognizer": "line"}


class Samples(CalibrationDataReader):
    def __init__(self, source, arrays):
        self.rows = iter([{source: array} for array in arrays])

    def get_next(self):
        return next(self.rows, None)


def views(name, some, count):
    """Inputs of one network, cut from the photos."""
    for photo in some:
        if name == "tag-detector":
            pixels = photo.read(cv2.IMREAD_GRAYSCALE)
            scale = 640 / max(photo.size)
            w, h = round(photo.size[0] * scale), round(photo.size[1] * scale)
            view = np.full((-(-h // 64) * 64, -(-w // 64) * 64), geometry.FILL, np.float32)
            view[:h, :w] = cv2.resize(pixels, (w, h), interpolation=cv2.INTER_AREA)
            yield view[None, None]
        elif name == "field-detector":
            levels = geometry.photo_pyramid(photo.read(cv2.IMREAD_GRAYSCALE))
            for tag in photo.tags:
                if not tag.hard:
                    yield geometry.rectify(levels, tag.corners).astype(np.float32)[None, None]
        else:
            for line in lines.cut_lines(photo):
                view = lines.distort(None, line.pixels, line.kind, plain=True)
                yield geometry.pad_line(view.astype(np.uint8)).astype(np.float32)[None, None]


def attribute(node, name, default):
    return next((onnx.helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)


def kept_in_float(name, model):
    """Names of the convolutions that decide much and cost little."""
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    kept = [convolutions[0], convolutions[-1]] + [n for n in convolutions if attribute(n, "group", 1) > 1]
    if name == "text-recognizer":
        square = [i for i, n in enumerate(convolutions) if list(attribute(n, "kernel_shape", [])) == [3, 3]]
        kept += convolutions[square[-1] + 1 :]
    return [n.name for n in kept]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=Path, help="places of names' lines, of align_names.py")
    parser.add_argument("--generated", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", choices=INPUTS)
    parser.add_argument("--samples", type=int, default=600)
    arguments = parser.parse_args()
    some = photos.read_photos(arguments.data / "train.jsonl")
    if arguments.names:
        photos.place_names(some, arguments.names)
    outlines.guess(some)
    some += photos.read_photos(arguments.generated / "labels.jsonl")
    random.Random(3).shuffle(some)
    for name, source in INPUTS.items():
        if arguments.only not in (None, name):
            continue
        plain = arguments.models / f"{name}.onnx"
        prepared, target = arguments.out / f"{name}.prepared.onnx", arguments.out / f"{name}-int8.onnx"
        quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
        model = onnx.load(str(prepared))
        for i, node in enumerate(model.graph.node):
            node.name = node.name or f"{node.op_type}_{i}"
        onnx.save(model, str(prepared))
        arrays = [array for array, _ in zip(views(name, some, arguments.samples), range(arguments.samples))]
        quantize_static(str(prepared), str(target), Samples(source, arrays), quant_format=QuantFormat.QDQ, per_channel=True,
                        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, op_types_to_quantize=QUANTIZED[name],
                        nodes_to_exclude=kept_in_float(name, model), calibrate_method=CalibrationMethod.MinMax)
        prepared.unlink()
        card = json.loads(plain.with_suffix(".json").read_text(encoding="utf-8"))
        card |= {"name": f"{name}-int8", "of": card["model_sha256"], "model_sha256": hashlib.sha256(target.read_bytes()).hexdigest()}
        target.with_suffix(".json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(name, plain.stat().st_size, "->", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
