"""Trains the field detector: python train_field_detector.py --data DIR --generated DIR... --tag-detector CKPT --run DIR --minutes 25"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch

from shelfmark_training import geometry, history, light, maps, networks, outlines, photos, published
from shelfmark_training.photos import CONDITIONS, HAND_LABELLED, KINDS
from shelfmark_training.schedule import Run
from train_tag_detector import detections, use_detected_outlines

STRIDE = networks.FieldDetector.STRIDE
WIDTH, HEIGHT = geometry.CANVAS_WIDTH, geometry.CANVAS_HEIGHT


class Canvases:
    """Random views of rectified tags with score maps and side distances for them."""

    def __init__(self, real, made, real_share, without=()):
        self.without, self.without_share = list(without), 0.12 if without else 0.0
        self.real = [(p, t) for p in real for t in p.tags if not t.hard]
        self.made = [(p, t) for p in made for t in p.tags if geometry._lengths(t.corners)[1] > 24]
        self.real_share = real_share if self.made else 1.0
        self.cache = {}

    def levels(self, photo):
        if photo.path not in self.cache:
            self.cache[photo.path] = np.fromfile(photo.path, np.uint8)
        gray = cv2.imdecode(self.cache[photo.path], cv2.IMREAD_GRAYSCALE)
        if (gray.shape[1], gray.shape[0]) != photo.size:
            gray = cv2.resize(gray, photo.size)
        return geometry.photo_pyramid(gray)

    def __call__(self, rng):
        if rng.random() < self.without_share:
            photo, corners = self.without[rng.integers(len(self.without))]
            corners = corners + rng.normal(0, 0.05, (4, 2)) * np.ptp(corners, 0)
            view = light.disturb(rng, geometry.rectify(self.levels(photo), corners))
            return view[None], *no_price()
        source = self.real if rng.random() < self.real_share else self.made
        photo, tag = source[rng.integers(len(source))]
        along, across = geometry._lengths(tag.corners)
        # The detector's corners are off by some; a hand-labelled tag's by more.
        shake = 0.035 if tag.generated else 0.05
        corners = tag.corners + rng.normal(0, shake, (4, 2)) * [along, across] + rng.normal(0, 0.03, 2) * [along, across]
        middle = corners.mean(0)
        corners = middle + (corners - middle) * np.exp(rng.normal(0, 0.06, 2))
        if rng.random() < 0.2:
            angle = np.radians(rng.normal(0, 4))
            corners = middle + (corners - middle) @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        view = light.disturb(rng, geometry.rectify(self.levels(photo), corners))
        if rng.random() < 0.05:
            view = 255 - view
        return view[None], *targets(tag, corners)


def no_price():
    """Targets of what the tag detector may take for a tag though no price is on it; of other fields it says nothing."""
    rows, columns = HEIGHT // STRIDE, WIDTH // STRIDE
    known = np.zeros((len(KINDS), rows, columns), np.float32)
    known[[KINDS.index("price"), KINDS.index("regular")]] = 1
    return np.zeros_like(known), known, np.zeros((4, rows, columns), np.float32), np.zeros((1, rows, columns), np.float32)


def mistaken(detector, made, most=3):
    """(photo, outline) of what the tag detector finds, however unsure, where no tag is."""
    return [(photo, corners) for photo in made if not photo.tags for _, corners in detections(detector, photo, 0.05)[:most]
            if min(geometry._lengths(corners)) > 12]


def targets(tag, corners):
    rows, columns = HEIGHT // STRIDE, WIDTH // STRIDE
    scores, known = np.zeros((len(KINDS), rows, columns), np.float32), np.ones((len(KINDS), rows, columns), np.float32)
    sides, there = np.zeros((4, rows, columns), np.float32), np.zeros((1, rows, columns), np.float32)
    if not tag.generated:
        for i, kind in enumerate(KINDS):
            labelled = [f for f in tag.fields if f.kind == kind]
            if kind == "name":  # one box around all its lines, cut evenly, is too coarse to learn lines from
                silent = not any(f.aligned for f in labelled)
            else:
                silent = not labelled and (kind not in HAND_LABELLED or kind in CONDITIONS and not tag.conditions_known)
            if silent:
                known[i] = 0
    to_canvas = np.linalg.inv(geometry.canvas_to_photo(corners))
    for field in tag.fields:
        if field.kind not in KINDS or known[KINDS.index(field.kind)].max() == 0:
            continue
        quad = geometry.map_points(to_canvas, field.quad)
        (x0, y0), (x1, y1) = quad.min(0), quad.max(0)
        center = np.array([x0 + x1, y0 + y1]) / 2
        w, h = x1 - x0, y1 - y0
        if not maps.bump(scores[KINDS.index(field.kind)], *(center / STRIDE), np.clip(0.08 * w / STRIDE, 0.6, 4), np.clip(0.1 * h / STRIDE, 0.5, 4)):
            continue
        cx, cy = (center / STRIDE).astype(int)
        for dx in (-1, 0, 1):
            px = cx + dx
            if 0 <= px < columns and (there[0, cy, px] == 0 or dx == 0):
                at_x, at_y = (px + 0.5) * STRIDE, (cy + 0.5) * STRIDE
                sides[:, cy, px] = np.maximum(0, [at_x - x0, at_y - y0, x1 - at_x, y1 - at_y]) / networks.FieldDetector.SCALE
                there[0, cy, px] = 1.0 if dx == 0 else 0.4
    if not tag.whole_name:
        name = KINDS.index("name")
        known[name] *= scores[name] > 0.05
    return scores, known, sides, there


@torch.no_grad()
def fields(network, levels, corners, minimum=0.3):
    """(kind, score, canvas box), the surest first: what the recognizer would find."""
    canvas = geometry.rectify(levels, corners).astype(np.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = network.deployed(torch.from_numpy(canvas)[None, None])[0].float().numpy()
    found = []
    for kind, row, column in zip(*np.nonzero(out[: len(KINDS)] >= minimum)):
        left, top, right, bottom = out[len(KINDS):, row, column]
        x, y = (column + 0.5) * STRIDE, (row + 0.5) * STRIDE
        found.append((KINDS[kind], float(out[kind, row, column]), np.array([x - left, y - top, x + right, y + bottom])))
    found.sort(key=lambda item: -item[1])
    kept = []
    for item in found:
        if not any(item[0] == other[0] and same(item[0], item[2], other[2]) for other in kept):
            kept.append(item)
    return kept


def same(kind, a, b):
    """Lines of a name that run askew share much of their boxes, while two boxes of one line lie at one height."""
    if kind != "name":
        return overlap(a, b) > 0.4
    apart, shared = abs(a[1] + a[3] - b[1] - b[3]) / 2, min(a[2], b[2]) - max(a[0], b[0])
    return overlap(a, b) > 0.5 or apart < 0.2 * min(a[3] - a[1], b[3] - b[1]) and shared > 0.5 * min(a[2] - a[0], b[2] - b[0])


def overlap(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def measure(network, some):
    """Per kind: labelled boxes found at IoU 0.5, of all labelled, and boxes found of all found."""
    counts = {kind: [0, 0, 0, 0] for kind in KINDS}
    for photo in some:
        levels = geometry.photo_pyramid(photo.read(cv2.IMREAD_GRAYSCALE))
        for tag in photo.tags:
            if tag.hard:
                continue
            found = fields(network, levels, tag.corners)
            to_canvas = np.linalg.inv(geometry.canvas_to_photo(tag.corners))
            for kind in KINDS:
                if kind == "name" and not tag.generated:
                    continue  # one box around all lines, cut evenly, is no truth
                truths = [geometry.map_points(to_canvas, f.quad) for f in tag.fields if f.kind == kind]
                boxes = [box for k, _, box in found if k == kind]
                counts[kind][1] += len(truths)
                counts[kind][3] += len(boxes)
                for quad in truths:
                    truth = np.concatenate([quad.min(0), quad.max(0)])
                    counts[kind][0] += any(overlap(truth, box) > 0.5 for box in boxes)
                for box in boxes:
                    counts[kind][2] += any(overlap(np.concatenate([q.min(0), q.max(0)]), box) > 0.5 for q in truths)
    return ", ".join(f"{kind} {a}/{b} ({c}/{d})" for kind, (a, b, c, d) in counts.items() if b)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--generated", type=Path, nargs="*", default=[])
    parser.add_argument("--tag-detector", type=Path, help="folder with the tag detector (.pt or .onnx), whose outlines replace the guessed ones")
    parser.add_argument("--names", type=Path, help="places of the names' lines, written by align_names.py")
    parser.add_argument("--fields", type=Path, help="units and discounts of hand-labelled tags, written by find_fields.py")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start-from", type=Path, help="checkpoint (.pt) or exported model (.onnx) whose weights to begin with")
    parser.add_argument("--real-share", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    real = photos.read_photos(arguments.data / "train.jsonl")
    dev = photos.read_photos(arguments.data / "dev.jsonl")
    made = [photo for folder in arguments.generated for photo in photos.read_photos(folder / "labels.jsonl")]
    outlines.guess(real)
    outlines.guess(dev)
    if arguments.names:
        photos.place_names(real, arguments.names)
    if arguments.fields:
        photos.add_fields(real, arguments.fields)
    without = []
    if arguments.tag_detector:
        detector = published.load(arguments.tag_detector, "tag-detector")
        print(f"outlines replaced: {use_detected_outlines(detector, real)} of train, {use_detected_outlines(detector, dev)} of dev", flush=True)
        without = mistaken(detector, made)
        print(f"{len(without)} places without a tag", flush=True)
    batches = maps.Batches(Canvases(real, made[60:], arguments.real_share, without), 32, arguments.seed, threads=2)
    network = networks.FieldDetector(len(KINDS))
    published.begin(network, arguments.start_from, lambda: [batches.next()[0] for _ in range(8)])
    run = Run(network, arguments.run / "field-detector.pt", arguments.minutes, arguments.rate)
    run.network.train()
    losses = []
    while run.running:
        view, scores, known, sides, there = batches.next()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, distances = run.network(view.contiguous(memory_format=torch.channels_last))
        distances = distances.float()
        loss = maps.focal(logits.float(), scores, known) + maps.offsets(distances, sides, there) + maps.overlap(distances, sides, there)
        run.step(loss)
        losses.append(loss.item())
        if run.steps % 100 == 0:
            print(f"step {run.steps} minute {run.spent / 60:.1f} loss {np.mean(losses):.4f}", flush=True)
            losses = []
        if run.steps % 1000 == 0:
            run.pause()
            print("  dev:", measure(run.average, dev), flush=True)
            run.proceed()
    run.save()
    scores = {"dev": measure(run.average, dev), "generated": measure(run.average, made[:60])}
    print(scores)
    history.write(run, arguments.start_from, **scores)


if __name__ == "__main__":
    main()
