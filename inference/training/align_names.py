"""Finds the lines of hand-labelled names: python align_names.py --labels DATA/train.jsonl --models DIR --out names.jsonl

A hand-made label gives a name one box around all its lines, often with other print inside. Here the field detector and the
ink inside the box propose lines, the text recognizer reads them, and each labelled line takes the place of the proposal that
reads most like it; the text stays the label's. Run it again with better models and more lines find their place.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from shelfmark_training import alphabet, bands, geometry, lines, networks, outlines, photos, published
from train_field_detector import fields
from train_tag_detector import use_detected_outlines


def padded(quad):
    """The quad as the recognizer cuts it, with a rim around the letters."""
    along, across = geometry._lengths(quad)
    px, py = geometry.PAD_HORIZONTAL * across / along, geometry.PAD_VERTICAL
    unit = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]])
    return geometry.map_points(cv2.getPerspectiveTransform(unit, quad.astype(np.float32)),
                               [[-px, -py], [1 + px, -py], [1 + px, 1 + py], [-px, 1 + py]])


@torch.no_grad()
def read(recognizer, levels, quad):
    line = geometry.warp_line(levels, padded(quad))
    classes = recognizer(torch.from_numpy(geometry.pad_line(line).astype(np.float32))[None, None])[0].argmax(-1).tolist()
    return alphabet.decode(classes[: lines.columns_of(line.shape[1])])


def likeness(a: str, b: str) -> float:
    a, b = alphabet.compare(a), alphabet.compare(b)
    return 1 - alphabet.distance(a, b) / max(len(a), len(b), 1)


def place(proposals, truths, least):
    """For each labelled line the proposal (quad, text) that reads most like it, if any does by `least`, and lies below the last."""
    places, floor = [], -np.inf
    for index, truth in enumerate(truths):
        best = max(proposals, key=lambda p: likeness(p[1], truth) if p[0][:, 1].mean() > floor else -1, default=None)
        if best is not None and best[0][:, 1].mean() > floor and likeness(best[1], truth) >= least:
            floor = best[0][:, 1].mean() + 0.4 * geometry._lengths(best[0])[1]
            places.append({"line": index, "corners": best[0].round(2).tolist(), "read": best[1]})
    return places


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder with all three models, .pt or .onnx")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--least", type=float, default=0.5, help="share of a line's characters that must be read as labelled")
    arguments = parser.parse_args()
    detector, field_detector, recognizer = (published.load(arguments.models, name) for name in networks.NETWORKS)
    some = photos.read_photos(arguments.labels)
    outlines.guess(some)
    use_detected_outlines(detector, some)
    placed = total = whole = 0
    errors = length = 0
    with arguments.out.open("w", encoding="utf-8") as out:
        for photo in some:
            levels, tags = None, []
            for index, tag in enumerate(photo.tags):
                truths = tag.row.get("name_lines") or []
                if not truths or tag.row.get("name_legibility") == "hard":
                    continue
                levels = levels or geometry.photo_pyramid(photo.read(cv2.IMREAD_GRAYSCALE))
                to_photo = geometry.canvas_to_photo(tag.corners)
                found = fields(field_detector, levels, tag.corners, 0.2)
                quads = [geometry.map_points(to_photo, [[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
                         for kind, _, (x0, y0, x1, y1) in found if kind == "name"]
                quads += bands.text_bands(levels, photos.box_quad(tag.row["name_box"], photo.size), len(truths))
                proposals = [(quad, read(recognizer, levels, quad)) for quad in quads if geometry._lengths(quad)[1] > 4]
                places = place(proposals, truths, arguments.least)
                total, placed, whole = total + len(truths), placed + len(places), whole + (len(places) == len(truths))
                for line in places:
                    a, b = alphabet.compare(line["read"]), alphabet.compare(truths[line["line"]])
                    errors, length = errors + alphabet.distance(a, b), length + len(b)
                tags.append({"index": index, "lines": places, "whole": len(places) == len(truths)})
            if tags:
                file = f"{photo.path.parent.name}/{photo.path.name}"
                out.write(json.dumps({"file": file, "tags": tags}, ensure_ascii=False) + "\n")
    print(f"{placed} of {total} lines placed, {whole} names whole; of their characters misread {errors / max(1, length):.4f}")


if __name__ == "__main__":
    main()
