"""Counts how product names are spelled: python train_name_model.py --data DATA --generated TAGS... --out MODELS

Writes name-model.bin, which the text recognizer weighs names with, and its card. With --names and --recognizer it first
cross-validates on hand-labelled lines, read by a recognizer that never saw them: a fold holds all lines of its names, and
generated names with a word that only the fold's names have are left out.
"""

import argparse
import datetime
import hashlib
import json
import re
from pathlib import Path

from shelfmark_training import alphabet, history, photos
from shelfmark_training.character_model import CharacterModel

LIMITS = "Knows Russian groceries, and Latin brand names among them. Letters without case; any digit is as likely as any other."


def printed_names(path: Path) -> list[list[str]]:
    """The lines of each legible hand-labelled name."""
    tags = [tag for row in path.read_text(encoding="utf-8").splitlines() for tag in json.loads(row)["tags"]]
    return [tag["name_lines"] for tag in tags
            if tag.get("name_lines") and tag.get("name_legibility") != "hard" and not tag.get("name_inferred")]


def generated_names(folder: Path) -> list[list[str]]:
    rows = (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [[f["text"] for f in tag["fields"] if f["kind"] == "name" and f.get("text")]
            for row in rows for tag in json.loads(row)["tags"]]


def words(name):
    return set(re.findall("[a-zа-я]{3,}", alphabet.fold(" ".join(name)).lower()))


def product(name):
    """What names of one product share, whatever its size."""
    return re.sub("[0-9]", "", alphabet.compare(" ".join(name)))


def train(arguments, printed, generated) -> CharacterModel:
    corpus = [(line, weight) for names, weight in ((printed, 1.0), (generated, arguments.generated_weight))
              for name in names for line in map(alphabet.fold, name) if alphabet.encode(line)]
    return CharacterModel(corpus, arguments.order, arguments.least, arguments.share, arguments.reward)


def real_lines(arguments):
    """(text, columns' probabilities) of the hand-labelled lines that --names placed."""
    import cv2
    import numpy as np
    import onnxruntime

    from align_names import padded
    from shelfmark_training import geometry, lines

    session = onnxruntime.InferenceSession(str(arguments.recognizer))
    some = photos.read_photos(arguments.data / "train.jsonl")
    photos.place_names(some, arguments.names)
    for photo in some:
        fields = [f for tag in photo.tags if not tag.hard for f in tag.fields if f.kind == "name" and f.aligned and f.text]
        levels = geometry.photo_pyramid(photo.read(cv2.IMREAD_GRAYSCALE)) if fields else None
        for field in fields:
            line = geometry.warp_line(levels, padded(field.quad))
            columns = session.run(None, {"line": geometry.pad_line(line).astype(np.float32)[None, None]})[0][0]
            yield field.text, columns[: lines.columns_of(line.shape[1])]


class Errors:
    """Character errors by best path and with the model."""

    def __init__(self):
        self.plain = self.weighed = self.characters = 0

    def add(self, text, columns, model):
        truth = alphabet.compare(text)
        self.plain += alphabet.distance(alphabet.compare(alphabet.decode(columns.argmax(-1).tolist())), truth)
        self.weighed += alphabet.distance(alphabet.compare(model.read(columns)), truth)
        self.characters += len(truth)

    def __str__(self):
        return f"{self.plain / self.characters:.4f} to {self.weighed / self.characters:.4f} of {self.characters}"


def cross_validate(arguments, printed, generated) -> dict[str, str]:
    home = {line: photos.fold_of(product(name), arguments.folds) for name in printed for line in name}
    read = list(real_lines(arguments))
    every, unseen = Errors(), Errors()
    for fold in range(arguments.folds):
        kept = [name for name in printed if photos.fold_of(product(name), arguments.folds) != fold]
        known = set().union(*map(words, kept))
        # A word that several folds have or the generator made up itself is no secret of this fold.
        secret = set().union(*map(words, printed)) - known
        made = [name for name in generated if not words(name) & secret]
        known |= set().union(*map(words, made))
        model = train(arguments, kept, made)
        for text, columns in read:
            if home.get(text) == fold:
                every.add(text, columns, model)
                if words([text]) and len(words([text]) & known) * 2 < len(words([text])):
                    unseen.add(text, columns, model)
    return {"names' errors, cross-validated": str(every), "of lines whose words are mostly unseen": str(unseen)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.jsonl")
    parser.add_argument("--generated", type=Path, nargs="*", default=[], help="folders written by the generator")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--order", type=int, default=6, help="characters of the longest n-gram")
    parser.add_argument("--generated-weight", type=float, default=0.2, help="of a generated name, a printed one's being 1")
    parser.add_argument("--least", type=float, default=0.3, help="rarer n-grams of three and more characters are left out")
    parser.add_argument("--share", type=float, default=0.45, help="of the model's logarithms beside the network's")
    parser.add_argument("--reward", type=float, default=1.1, help="logarithm, for each character")
    parser.add_argument("--names", type=Path, help="what align_names.py wrote: cross-validate on these lines")
    parser.add_argument("--recognizer", type=Path, help="ONNX text recognizer that saw no real photo: start/text-recognizer.onnx")
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    printed = printed_names(arguments.data / "train.jsonl")
    generated = [name for folder in arguments.generated for name in generated_names(folder)]
    scores = cross_validate(arguments, printed, generated) if arguments.names and arguments.recognizer else {}
    print(scores)
    model = train(arguments, printed, generated)
    path = arguments.out / "name-model.bin"
    model.write(path)
    card = {
        "name": "name-model", "format": 1, "made": datetime.date.today().isoformat(),
        "n-grams": [len(level) for level in model.levels],
        "training": [{"command": history.command(), "scores": scores}],
        "data": {"hand-labelled": history.digest([arguments.data / "train.jsonl"]),
                 "generated": {folder.name: history.digest([folder / "labels.jsonl"]) for folder in arguments.generated}},
        "licence": "Apache-2.0; trained on data under CC BY 4.0", "attribution": history.ATTRIBUTION, "limits": LIMITS,
        "model_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    path.with_suffix(".json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
