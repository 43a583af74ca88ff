"""Trains the tag detector: python train_tag_detector.py --data DIR --generated DIR... --run DIR --minutes 25"""

import argparse
import random
from pathlib import Path

import cv2
import numpy as np
import torch

from shelfmark_training import geometry, history, light, maps, networks, outlines, photos, published
from shelfmark_training.schedule import Run

SIDE = 448
STRIDE = networks.TagDetector.STRIDE
CORE = 0.25  # share of a tag's sides, around its middle, whose cells are to find it


class Views:
    """Random square views of photos with score maps and corner offsets for them."""

    def __init__(self, real, made, real_share, flags=cv2.IMREAD_GRAYSCALE):
        self.real, self.made, self.real_share = real, made, real_share if made else 1.0
        self.flags = flags
        self.bytes = {}

    def read(self, photo):
        if photo.path not in self.bytes:
            self.bytes[photo.path] = np.fromfile(photo.path, np.uint8)
        pixels = cv2.imdecode(self.bytes[photo.path], self.flags)
        if (pixels.shape[1], pixels.shape[0]) != photo.size:
            pixels = cv2.resize(pixels, photo.size)
        return pixels

    def __call__(self, rng):
        photo = (self.real if rng.random() < self.real_share else self.made)
        photo = photo[rng.integers(len(photo))]
        pixels = self.read(photo)
        long_side = max(photo.size)
        # Mostly as the recognizer sees it, the whole photo at 640; the view shows a part of that.
        zoom = 640 / long_side * float(np.exp(rng.uniform(np.log(0.55), np.log(1.7)))) if rng.random() < 0.75 else SIDE / long_side
        if zoom < 0.6:
            pixels = cv2.resize(pixels, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
            zoom_x, zoom_y = pixels.shape[1] / photo.size[0], pixels.shape[0] / photo.size[1]
            rest = 1.0
        else:
            zoom_x, zoom_y, rest = 1.0, 1.0, zoom
        angle = rng.normal(0, 3) + (rng.choice([90, -90, 180]) if rng.random() < 0.1 else 0)
        turn = cv2.getRotationMatrix2D((pixels.shape[1] / 2, pixels.shape[0] / 2), angle, rest)
        box = cv2.transform(np.array([[[0, 0], [pixels.shape[1], 0], [pixels.shape[1], pixels.shape[0]], [0, pixels.shape[0]]]], np.float64), turn)[0]
        low, high = box.min(0), box.max(0)
        if photo.tags and rng.random() < 0.7:  # aim at a tag
            tag = photo.tags[rng.integers(len(photo.tags))]
            aim = cv2.transform((tag.corners.mean(0) * [zoom_x, zoom_y])[None, None], turn)[0, 0]
            start = aim - rng.uniform(0.1, 0.9, 2) * SIDE
        else:
            start = low + rng.uniform(0, 1, 2) * (high - low - SIDE)
        for axis in range(2):  # keep the view on the photo, as far as the photo reaches
            slack = high[axis] - low[axis] - SIDE
            start[axis] = np.clip(start[axis], low[axis] + min(0, slack), low[axis] + max(0, slack))
        turn[:, 2] -= start
        view = cv2.warpAffine(pixels, turn, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=(geometry.FILL,) * 3)
        view = light.disturb(rng, view)
        cells = SIDE // STRIDE
        scores, corners, there = np.zeros((1, cells, cells), np.float32), np.zeros((8, cells, cells), np.float32), np.zeros((1, cells, cells), np.float32)
        known, weights = np.ones((1, cells, cells), np.float32), np.zeros((1, cells, cells), np.float32)
        for quad in photo.doubtful:
            quad = cv2.transform((quad * [zoom_x, zoom_y])[None], turn)[0] / STRIDE
            cv2.fillPoly(known[0], [quad.round().astype(np.int32)], 0.0)
        for tag in photo.tags:
            quad = cv2.transform((tag.corners * [zoom_x, zoom_y])[None], turn)[0]
            center = quad.mean(0) / STRIDE
            along, across = geometry._lengths(quad)
            x0, y0 = np.floor(quad.min(0) / STRIDE).astype(int)
            x1, y1 = np.ceil(quad.max(0) / STRIDE).astype(int)
            if tag.hard and tag.generated or across < 10:
                known[0, max(0, y0):max(0, y1), max(0, x0):max(0, x1)] = 0
                continue
            # Every cell well inside a tag answers for it: one center alone is too uncertain a place for a sure score.
            inside = np.zeros((cells, cells), np.uint8)
            cv2.fillPoly(inside, [np.floor((quad - quad.mean(0)) * CORE / STRIDE + center).astype(np.int32)], 1)
            cx, cy = int(center[0]), int(center[1])
            if 0 <= cx < cells and 0 <= cy < cells:
                inside[cy, cx] = 1
            rows, columns = np.nonzero(inside)
            if not len(rows):
                continue
            extent = (quad.max(0) - quad.min(0)) / STRIDE
            maps.bump(scores[0], *center, max(0.7, 0.16 * extent[0]), max(0.7, 0.16 * extent[1]))
            scores[0, rows, columns] = 1
            at = (np.stack([columns, rows], 1) + 0.5) * STRIDE
            corners[:, rows, columns] = ((quad[None] - at[:, None]) / networks.TagDetector.SCALE).reshape(len(rows), 8).T
            weights[0, rows, columns] = len(rows) ** -0.5
            # Guessed outlines teach less than true ones.
            there[0, rows, columns] = len(rows) ** -0.5 * (1.0 if tag.generated else 0.5)
        known = np.maximum(known, scores > 0.3) * np.where(weights > 0, weights, 1)
        planes = view[None] if view.ndim == 2 else np.ascontiguousarray(view[:, :, ::-1].transpose(2, 0, 1))
        return (planes, scores, corners, there, known.astype(np.float32),
                np.float32(0 if photo.generated else 1))


@torch.no_grad()
def measure(network, some, minimum=0.3):
    """Share of labelled price boxes whose center lies in a detected outline, and the number of detections beside them."""
    found, total, beside = 0, 0, 0
    for photo in some:
        for tag, hit in zip(photo.tags, matched(photo, detections(network, photo, minimum))):
            if not tag.hard:
                total += 1
                found += hit is not None
        beside += max(0, len(detections(network, photo, minimum)) - len(photo.tags))
    return f"recall {found}/{total} = {found / max(1, total):.4f}, {beside} more detections"


@torch.no_grad()
def detections(network, photo, minimum=0.3):
    """(score, corners in pixels of the photo), the surest first: what the recognizer would find."""
    pixels = photo.read(cv2.IMREAD_GRAYSCALE)
    scale = 640 / max(photo.size)
    w, h = round(photo.size[0] * scale), round(photo.size[1] * scale)
    view = np.full((-(-h // 64) * 64, -(-w // 64) * 64), geometry.FILL, np.float32)
    view[:h, :w] = cv2.resize(pixels, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = network.deployed(torch.from_numpy(view)[None, None])[0].float().numpy()
    found = []
    for row, column in zip(*np.nonzero(out[0] >= minimum)):
        corners = (out[1:, row, column].reshape(4, 2) + [(column + 0.5) * STRIDE, (row + 0.5) * STRIDE]) / scale
        found.append((float(out[0, row, column]), corners))
    found.sort(key=lambda item: -item[0])
    kept = []
    for score, corners in found:
        if all(overlap(corners, other) <= 0.45 for _, other in kept):
            kept.append((score, corners))
    return kept


def overlap(a, b):
    (ax0, ay0), (ax1, ay1), (bx0, by0), (bx1, by1) = a.min(0), a.max(0), b.min(0), b.max(0)
    w, h = min(ax1, bx1) - max(ax0, bx0), min(ay1, by1) - max(ay0, by0)
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - w * h)


def matched(photo, found):
    """For each tag the detection whose outline contains its price's center, one to one, the surest first."""
    hits = [None] * len(photo.tags)
    for score, corners in found:
        for i, tag in enumerate(photo.tags):
            if hits[i] is None and tag.price_quad is not None:
                x, y = map(float, tag.price_quad.mean(0))
                if cv2.pointPolygonTest(corners.astype(np.float32), (x, y), False) >= 0:
                    hits[i] = (score, corners)
                    break
    return hits


def use_detected_outlines(network, some, minimum=0.3):
    """Replaces guessed outlines by the detector's where it found one that holds most of the tag's fields and is not far larger."""
    replaced = 0
    for photo in some:
        for tag, hit in zip(photo.tags, matched(photo, detections(network, photo, minimum))):
            if hit is None:
                continue
            outline = hit[1].astype(np.float32)
            inside = [cv2.pointPolygonTest(outline, tuple(map(float, f.quad.mean(0))), False) >= 0 for f in tag.fields]
            growth = cv2.contourArea(outline) / max(cv2.contourArea(tag.corners.astype(np.float32)), 1)
            if np.mean(inside) > 0.7 and 0.5 < growth < 3:
                tag.corners = hit[1]
                replaced += 1
    return replaced


def find_doubtful(network, some, minimum=0.2):
    """Neighbours of the labelled tags often carry no label; whatever looks like a tag there is no counterexample."""
    for photo in some:
        found = detections(network, photo, minimum)
        matches = [hit[1] for hit in matched(photo, found) if hit]
        photo.doubtful = [corners for _, corners in found
                          if not any(corners is m for m in matches) and all(overlap(corners, tag.corners) < 0.3 for tag in photo.tags)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--generated", type=Path, nargs="*", default=[])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--outlines", type=Path, help="folder with a tag detector whose outlines replace the guessed ones")
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start-from", type=Path, help="checkpoint (.pt) or exported model (.onnx) whose weights to begin with")
    parser.add_argument("--real-share", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    real = photos.read_photos(arguments.data / "train.jsonl")
    made = [photo for folder in arguments.generated for photo in photos.read_photos(folder / "labels.jsonl")]
    dev = photos.read_photos(arguments.data / "dev.jsonl")
    outlines.guess(real)
    if arguments.outlines:
        detector = published.load(arguments.outlines, "tag-detector")
        print("outlines replaced:", use_detected_outlines(detector, real, 0.2), flush=True)
        find_doubtful(detector, real)
        print("doubtful:", sum(len(photo.doubtful) for photo in real), flush=True)
    held = made[:60]
    batches = maps.Batches(Views(real, made[60:], arguments.real_share), 16, arguments.seed, threads=2)
    network = networks.TagDetector()
    published.begin(network, arguments.start_from, lambda: [batches.next()[0] for _ in range(8)])
    run = Run(network, arguments.run / "tag-detector.pt", arguments.minutes, arguments.rate, torch.contiguous_format)
    run.network.train()
    print(f"{len(real)} real photos, {len(made)} generated", flush=True)
    losses = []
    while run.running:
        view, scores, corners, there, known, is_real = batches.next()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, sides = run.network(view)
        logits, sides = logits.float(), sides.float()
        if run.steps > 300:  # the same for what the network itself has come to take for a tag on a real photo
            doubtful = (torch.sigmoid(logits) > 0.7) & (scores < 0.05) & (is_real[:, None, None, None] > 0)
            known = known * (1 - doubtful.float())
        loss = maps.focal(logits, scores, known) + 2 * maps.offsets(sides, corners, there)
        run.step(loss)
        losses.append(loss.item())
        if run.steps % 100 == 0:
            print(f"step {run.steps} minute {run.spent / 60:.1f} loss {np.mean(losses):.4f}", flush=True)
            losses = []
        if run.steps % 500 == 0:
            run.pause()
            print("  dev:", measure(run.average, dev), "generated:", measure(run.average, held), flush=True)
            run.proceed()
    run.save()
    scores = {"dev": measure(run.average, dev), "generated": measure(run.average, held)}
    print(scores)
    history.write(run, arguments.start_from, **scores)


if __name__ == "__main__":
    main()
