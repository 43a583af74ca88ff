"""Reads labelled photos: the price-tag data's rows and the generator's, which add corners and fields."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

KINDS = ["price", "regular", "name", "card", "quantity", "discount", "unit", "barcode", "qr"]
# What the hand-made labels cover; of the other kinds their silence says nothing.
HAND_LABELLED = {"price", "regular", "name", "card", "quantity"}
CONDITIONS = {"card", "quantity"}


@dataclass
class Field:
    kind: str
    quad: np.ndarray  # 4 x 2, pixels of the photo
    text: str | None = None  # what is printed, None when illegible
    aligned: bool = False  # its place was found by reading it (align_names.py, find_fields.py)


@dataclass
class Tag:
    fields: list[Field]
    corners: np.ndarray | None  # None when the outline is not annotated
    price_quad: np.ndarray | None = None
    generated: bool = False
    hard: bool = False
    whole_name: bool = True  # whether every line of the name has its place
    conditions_known: bool = True  # whether a card or a quantity without a label is really not asked for
    row: dict = field(default_factory=dict)


@dataclass
class Photo:
    path: Path
    size: tuple[int, int]
    group: str
    tags: list[Tag]
    generated: bool
    doubtful: list[np.ndarray] = field(default_factory=list)  # outlines of what may be tags without a label

    def read(self, flags=cv2.IMREAD_COLOR):
        """The photo at its natural size: the data's files are stretched."""
        pixels = cv2.imread(str(self.path), flags)
        if (pixels.shape[1], pixels.shape[0]) != self.size:
            pixels = cv2.resize(pixels, self.size, interpolation=cv2.INTER_AREA if pixels.shape[0] > self.size[1] else cv2.INTER_LINEAR)
        return pixels


def fold_of(group: str, folds: int) -> int:
    """A split that is the same everywhere: by a hash of the group, so photos of one tag stay together."""
    return int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) % folds


def box_quad(box, size):
    (w, h), (x0, y0, x1, y1) = size, box
    return np.array([[x0 * w, y0 * h], [x1 * w, y0 * h], [x1 * w, y1 * h], [x0 * w, y1 * h]], np.float64)


def price_text(rub, kop):
    return None if not rub else (f"{rub}.{kop}" if kop else str(rub))


def split_lines(quad, count):
    """A block of text cut evenly into its lines."""
    for i in range(count):
        a, b = i / count, (i + 1) / count
        left, right = quad[3] - quad[0], quad[2] - quad[1]
        yield np.array([quad[0] + a * left, quad[1] + a * right, quad[1] + b * right, quad[0] + b * left])


def promo_kind(text: str):
    """Whether a promotional text makes the price depend on a card or on a quantity; None for mere advertising."""
    folded = text.lower()
    if re.search(r"(от|покупке)\s*\d+\s*-?(х|x)?\s*(шт|ш)|\d\s*(по цене|=)\s*\d", folded):
        return "quantity"
    if re.search(r"карт", folded):
        return "card"
    return None


def _hand_labelled(row, size):
    for label in row["tags"]:
        fields = []
        price = box_quad(label["price_box"], size)
        legible = label.get("price_legibility") != "hard"
        fields.append(Field("price", price, price_text(label.get("rub"), label.get("kop")) if legible else None))
        if "old_box" in label:
            text = price_text(label.get("old_rub"), label.get("old_kop")) if label.get("old_legibility") != "hard" else None
            fields.append(Field("regular", box_quad(label["old_box"], size), text))
        if "name_box" in label:
            quad, lines = box_quad(label["name_box"], size), label.get("name_lines")
            usable = lines and label.get("name_legibility") != "hard" and not label.get("name_inferred")
            if lines:
                for part, text in zip(split_lines(quad, len(lines)), lines):
                    fields.append(Field("name", part, text if usable else None))
        boxes = label.get("promo_boxes") or ([label["promo_box"]] if "promo_box" in label else [])
        texts = label.get("promo_texts") or ([label["promo_text"]] if "promo_text" in label else [])
        for box, text in zip(boxes, texts):
            kind, lines = promo_kind(text), text.split("\n")
            fields.append(Field(kind or "promo", box_quad(box, size), None))
            for part, line in zip(split_lines(box_quad(box, size), len(lines)), lines):
                if re.fullmatch(r"[-–−]?\s*\d{1,2}\s*%", line.strip()):
                    fields.append(Field("discount", part, "-" + re.sub(r"\D", "", line) + "%", True))
        # The tags of this chain print their condition above the price, and only its advertising is labelled.
        yield Tag(fields, None, price, hard=not legible, row=label, conditions_known=row["chain"] != "Копилка")


def _generated(row, size):
    for label in row["tags"]:
        fields = [Field(f["kind"], np.array(f["corners"], np.float64), f.get("text")) for f in label["fields"]]
        price = next((f.quad for f in fields if f.kind == "price"), None)
        hard = label.get("price_legibility") == "hard" or not label.get("readable", True)
        yield Tag(fields, np.array(label["corners"], np.float64), price, generated=True, hard=hard, row=label)


def read_photos(labels: Path) -> list[Photo]:
    photos = []
    for line in Path(labels).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        size = tuple(row["natural_size"])
        generated = row.get("source") == "generated"
        tags = list((_generated if generated else _hand_labelled)(row, size))
        photos.append(Photo(Path(labels).parent / row["file"], size, str(row.get("group", row["file"])), tags, generated))
    return photos


def place_names(photos: list[Photo], alignment: Path) -> None:
    """Gives hand-labelled names the places of their lines that align_names.py found; lines without one are left out."""
    rows = [json.loads(line) for line in Path(alignment).read_text(encoding="utf-8").splitlines()]
    places = {(row["file"], tag["index"]): tag for row in rows for tag in row["tags"]}
    for photo in photos:
        for index, tag in enumerate(photo.tags):
            if tag.generated or not any(f.kind == "name" for f in tag.fields):
                continue
            place = places.get((f"{photo.path.parent.name}/{photo.path.name}", index), {"lines": [], "whole": False})
            usable = not tag.row.get("name_inferred") and tag.row.get("name_legibility") != "hard"
            tag.fields = [f for f in tag.fields if f.kind != "name"] + [
                Field("name", np.array(line["corners"], np.float64), tag.row["name_lines"][line["line"]] if usable else None, True)
                for line in place["lines"]]
            tag.whole_name = place["whole"]


def add_fields(photos: list[Photo], found: Path) -> None:
    """Adds what find_fields.py found on hand-labelled tags."""
    rows = [json.loads(line) for line in Path(found).read_text(encoding="utf-8").splitlines()]
    places = {(row["file"], tag["index"]): tag["fields"] for row in rows for tag in row["tags"]}
    for photo in photos:
        for index, tag in enumerate(photo.tags):
            for entry in places.get((f"{photo.path.parent.name}/{photo.path.name}", index), []):
                if any(f.kind == entry["kind"] for f in tag.fields):
                    continue
                tag.fields.append(Field(entry["kind"], np.array(entry["corners"], np.float64), entry["text"], True))
