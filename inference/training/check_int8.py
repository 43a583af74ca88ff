"""Whether an int8 text recognizer reads as its float one does:
python check_int8.py --data DIR --generated DIR... --models DIR [--int8 DIR]

Every line is read by both, cut as the recognizer cuts it: all real ones of train.jsonl and as many generated ones as asked
for. Prints the share of lines read exactly, the difference in points and how many lines each reads that the other does not.
Exits with 1 when int8 reads more than --tolerance points fewer lines exactly, on the real or on the generated ones.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from shelfmark_training import alphabet, lines, photos

CHUNK = 1000  # lines held in memory at once


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def exact(network, some):
    """For each line whether it is read without an error."""
    right = np.zeros(len(some), bool)
    for pixels, columns, part in lines.plain_batches(some, 16):
        best = network.run(None, {"line": pixels})[0].argmax(-1)
        for i, indices, count in zip(part, best, columns):
            truth = "".join(alphabet.ALPHABET[c - 1] for c in some[i].label)
            right[i] = alphabet.decode(indices[:count]) == truth
    return right


def chunks(sources, limit):
    some, count = [], 0
    for photo in sources:
        for line in lines.cut_lines(photo):
            if count == limit:
                break
            some.append(line)
            count += 1
            if len(some) == CHUNK:
                yield some
                some = []
    if some:
        yield some


def interleaved(folders):
    """Photos of all folders in turn, so that a limit takes as many of each."""
    read = [photos.read_photos(folder / "labels.jsonl") for folder in folders]
    for i in range(max(map(len, read), default=0)):
        yield from (some[i] for some in read if i < len(some))


def compare(title, sources, plain, quantized, limit=None):
    """Prints a row; gives the points that int8 loses."""
    kinds, a, b = [], [], []
    for some in chunks(sources, limit):
        kinds += [line.kind for line in some]
        a.append(exact(plain, some))
        b.append(exact(quantized, some))
    kinds, a, b = np.array(kinds), np.concatenate(a), np.concatenate(b)
    for name, chosen in [("all", np.ones(len(a), bool))] + [(kind, kinds == kind) for kind in sorted(set(kinds))]:
        x, y = a[chosen], b[chosen]
        print(f"| {title}, {name} | {len(x):,} | {x.mean():.2%} | {y.mean():.2%} | {100 * (y.mean() - x.mean()):+.2f} "
              f"| {int((x & ~y).sum())} | {int((y & ~x).sum())} |", flush=True)
    return 100 * (a.mean() - b.mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--generated", type=Path, nargs="+", required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder with text-recognizer.onnx")
    parser.add_argument("--int8", type=Path, help="folder with text-recognizer-int8.onnx; that of --models by default")
    parser.add_argument("--names", type=Path, help="places of names' lines, of align_names.py; prices alone without it")
    parser.add_argument("--lines", type=int, default=20000, help="generated lines")
    parser.add_argument("--tolerance", type=float, default=0.3, help="points of exact lines that int8 may lose")
    arguments = parser.parse_args()
    plain = session(arguments.models / "text-recognizer.onnx")
    folder = arguments.int8 or arguments.models
    quantized = session(folder / "text-recognizer-int8.onnx")
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in (
        arguments.models / "text-recognizer.json", folder / "text-recognizer-int8.json")]
    if cards[1]["of"] != cards[0]["model_sha256"]:
        sys.exit(f"Cannot compare: the int8 variant is of {cards[1]['of']}, expected {cards[0]['model_sha256']}")
    real = photos.read_photos(arguments.data / "train.jsonl")
    if arguments.names:
        photos.place_names(real, arguments.names)
    print("| lines | number | exact, fp32 | exact, int8 | points | fp32 alone | int8 alone |\n|---|---|---|---|---|---|---|")
    lost = [compare("real", real, plain, quantized),
            compare("generated", interleaved(arguments.generated), plain, quantized, arguments.lines)]
    if max(lost) > arguments.tolerance:
        sys.exit(f"int8 loses {max(lost):.2f} points, expected {arguments.tolerance} at most")


if __name__ == "__main__":
    main()
