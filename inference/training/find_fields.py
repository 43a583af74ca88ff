"""Finds units and discounts on hand-labelled tags: python find_fields.py --labels DATA/train.jsonl --models DIR --out fields.jsonl

Hand-made labels leave them out. Here whatever the field detector takes for one, however unsure, is read, and kept where the
reading proves it: a unit reads like one of those that shops print, and a discount is the one that follows from both labelled
prices. Run it again with better models and more are found.
"""

import argparse
import json
from pathlib import Path

import cv2

from align_names import likeness, read
from shelfmark_training import geometry, networks, outlines, photos, published
from train_field_detector import fields
from train_tag_detector import use_detected_outlines

UNITS = ["₽/шт.", "₽/шт", "₽/кг.", "₽/кг", "₽/100г", "₽/л", "руб / шт", "руб / кг", "руб / л", "руб/шт", "РУБ", "руб.", "за 1 шт", "за 1 кг"]
LEAST_SCORE, LEAST_LIKENESS = 0.04, 0.66


def money(label, major, minor):
    return int(label[major]) + int(label.get(minor) or 0) / 100 if label.get(major, "").isdigit() else 0.0


def unit_text(reading):
    """The printed unit that a reading means, or None; exact punctuation stays as read where it is one of those known."""
    folded = reading.replace("P", "₽").replace("Р/", "₽/")
    best = max(UNITS, key=lambda unit: (likeness(folded.replace("₽", "р"), unit.replace("₽", "р")), unit == folded))
    return best if likeness(folded.replace("₽", "р"), best.replace("₽", "р")) >= LEAST_LIKENESS else None


def discount_text(reading, label):
    """The discount that both prices make, when the reading says so too."""
    price, regular = money(label, "rub", "kop"), money(label, "old_rub", "old_kop")
    if not 0 < price < regular:
        return None
    expected = int(100 * (1 - price / regular) + 1e-9)
    return f"-{expected}%" if expected > 1 and "".join(filter(str.isdigit, reading)) == str(expected) else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder with all three models, .pt or .onnx")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    detector, field_detector, recognizer = (published.load(arguments.models, name) for name in networks.NETWORKS)
    some = photos.read_photos(arguments.labels)
    outlines.guess(some)
    use_detected_outlines(detector, some)
    counts = {"unit": 0, "discount": 0}
    with arguments.out.open("w", encoding="utf-8") as out:
        for photo in some:
            levels, tags = geometry.photo_pyramid(photo.read(cv2.IMREAD_GRAYSCALE)), []
            for index, tag in enumerate(photo.tags):
                if tag.hard:
                    continue
                to_photo, kept = geometry.canvas_to_photo(tag.corners), {}
                for kind, _, (x0, y0, x1, y1) in fields(field_detector, levels, tag.corners, LEAST_SCORE):
                    if kind not in counts or kind in kept:
                        continue
                    quad = geometry.map_points(to_photo, [[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
                    if min(geometry._lengths(quad)) < 5:
                        continue
                    reading = read(recognizer, levels, quad)
                    text = unit_text(reading) if kind == "unit" else discount_text(reading, tag.row)
                    if text:
                        kept[kind] = {"kind": kind, "corners": quad.round(2).tolist(), "text": text}
                        counts[kind] += 1
                if kept:
                    tags.append({"index": index, "fields": list(kept.values())})
            if tags:
                file = f"{photo.path.parent.name}/{photo.path.name}"
                out.write(json.dumps({"file": file, "tags": tags}, ensure_ascii=False) + "\n")
    print(counts)


if __name__ == "__main__":
    main()
