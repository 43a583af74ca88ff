"""Outlines for photos on which only fields are marked: a guess from the fields, to be replaced by the detector's own answer.

The fields' common box is widened to the usual rim of a tag; where the name is not marked, the place of the others relative
to the price is taken from the chain's tags that have one.
"""

import numpy as np

from .photos import Photo

RIM = (0.06, 0.08, 0.06, 0.16)  # left, top, right, bottom, in shares of the fields' common box


def _box(quads):
    points = np.concatenate(quads)
    return np.concatenate([points.min(0), points.max(0)])


def guess(photos: list[Photo]) -> None:
    """Fills the corners of hand-labelled tags in place."""
    relative = {}
    for photo in photos:
        for tag in photo.tags:
            if not tag.generated and any(f.kind == "name" for f in tag.fields):
                price, whole = _box([tag.price_quad]), _box([f.quad for f in tag.fields])
                height = price[3] - price[1]
                center = (price[:2] + price[2:]) / 2
                relative.setdefault(photo.path.name.split("-")[0], []).append(
                    np.concatenate([(whole[:2] - center) / height, (whole[2:] - center) / height]))
    medians = {chain: np.median(boxes, 0) for chain, boxes in relative.items()}
    for photo in photos:
        for tag in photo.tags:
            if tag.generated or tag.corners is not None:
                continue
            whole = _box([f.quad for f in tag.fields])
            if not any(f.kind == "name" for f in tag.fields):
                price = _box([tag.price_quad])
                center, height = (price[:2] + price[2:]) / 2, price[3] - price[1]
                usual = medians[photo.path.name.split("-")[0]] * height
                usual = np.concatenate([center + usual[:2], center + usual[2:]])
                whole = np.concatenate([np.minimum(whole[:2], usual[:2]), np.maximum(whole[2:], usual[2:])])
            w, h = whole[2] - whole[0], whole[3] - whole[1]
            x0, y0, x1, y1 = whole + np.array([-RIM[0] * w, -RIM[1] * h, RIM[2] * w, RIM[3] * h])
            tag.corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
