"""Text lines cut from labelled photos, kept in memory, and turned into batches with fresh distortions each time."""

import queue
import threading
from dataclasses import dataclass

import cv2
import numpy as np

from . import alphabet, geometry

KEPT_HEIGHT = 64  # a line of 32 pixels with a margin of half its height on every side: what lies beside it comes along
MARGIN = 16
TEXT_KINDS = {"price", "regular", "name", "discount", "unit", "quantity"}


@dataclass
class Line:
    pixels: np.ndarray  # uint8 [64, W]
    label: list[int]
    kind: str
    real: bool
    group: str


def cut(levels, quad):
    """The line's pixels with a margin around its box, scaled so that the box itself is 32 high."""
    along, across = geometry._lengths(quad)
    if across < 4 or along < 4:
        return None
    mx, my = MARGIN / 32 * across / along, MARGIN / 32
    origin, right, down = quad[0], quad[1] - quad[0], quad[3] - quad[0]
    far = quad[2] - quad[1]
    wide = np.array([origin - mx * right - my * down, quad[1] + mx * right - my * far,
                     quad[2] + mx * (quad[2] - quad[3]) + my * far, quad[3] - mx * (quad[2] - quad[3]) + my * down])
    width = int(round(32 * along / across)) + 2 * MARGIN
    if width > 900:
        return None
    target = np.array([[0, 0], [width, 0], [width, KEPT_HEIGHT], [0, KEPT_HEIGHT]], np.float32)
    to_photo = cv2.getPerspectiveTransform(target, wide.astype(np.float32)).astype(np.float64)
    return geometry._warp(levels, to_photo, width, KEPT_HEIGHT, across / 32)


# Below these no one can read what is printed; such lines would only teach the network to guess. Looked up on sorted samples.
SHARP_ENOUGH = {"price": 0.15, "regular": 0.15}
SHARP_ENOUGH_ELSE, CONTRAST_ENOUGH = 0.11, 20


def legible(pixels, kind):
    """Whether the steepest edges of a kept line are steep enough: per pixel, in shares of its contrast."""
    core = pixels[MARGIN:-MARGIN, MARGIN:-MARGIN].astype(np.float32)
    low, high = np.percentile(core, [2, 98])
    steepness = np.percentile(np.abs(core[:, 2:] - core[:, :-2]), 98) / 2 / max(high - low, 1)
    return high - low >= CONTRAST_ENOUGH and steepness >= SHARP_ENOUGH.get(kind, SHARP_ENOUGH_ELSE)


def cut_lines(photo, kinds=TEXT_KINDS, find=None):
    """Lines of a photo's labelled fields. With `find` (levels, corners) -> (kind, score, canvas box)..., hand-labelled lines
    are cut where the field detector finds them as well: as the recognizer will, along the tag and as loosely."""
    gray = photo.read(cv2.IMREAD_GRAYSCALE)
    levels = geometry.photo_pyramid(gray)
    for tag in photo.tags:
        if find and not tag.generated and tag.corners is not None:
            yield from _found_lines(photo, tag, levels, find(levels, tag.corners))
        if tag.generated and tag.row.get("readable") is False:
            continue
        for f in tag.fields:
            if f.kind not in kinds or not f.text or f.kind == "name" and not (photo.generated or f.aligned):
                continue  # an unaligned name is one box around all its lines
            label = alphabet.encode(f.text)
            if label is None:
                continue
            if f.kind not in ("price", "regular") and geometry._lengths(f.quad)[1] < 7:
                continue  # too small to be read by anyone
            if f.kind in ("price", "regular") and (tag.hard or geometry._lengths(f.quad)[1] < 9):
                continue
            pixels = cut(levels, f.quad)
            if pixels is not None and len(label) <= pixels.shape[1] // 4 and (not photo.generated or legible(pixels, f.kind)):
                yield Line(pixels, label, f.kind, not photo.generated, photo.group)


def _same_line(found, placed):
    """Whether a detected box shows the placed line: hardly shorter, and its middle within the letters."""
    (fx0, fy0), (fx1, fy1), (px0, py0), (px1, py1) = found.min(0), found.max(0), placed.min(0), placed.max(0)
    height = geometry._lengths(placed)[1]
    return (abs(found[:, 1].mean() - placed[:, 1].mean()) < 0.3 * height and fy1 - fy0 < 2.2 * (py1 - py0)
            and fx0 < px0 + 0.35 * height and fx1 > px1 - 0.35 * height)


def _found_lines(photo, tag, levels, found):
    to_photo = geometry.canvas_to_photo(tag.corners)
    aligned = [f for f in tag.fields if f.kind == "name" and f.aligned and f.text]
    for _, _, (x0, y0, x1, y1) in (box for box in found if box[0] == "name"):
        quad = geometry.map_points(to_photo, [[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        for field in aligned:
            if _same_line(quad, field.quad) and (label := alphabet.encode(field.text)):
                pixels = cut(levels, quad)
                if pixels is not None and len(label) <= pixels.shape[1] // 4:
                    yield Line(pixels, label, "name", True, photo.group)
    for kind in ("price", "regular"):
        labelled = [f for f in tag.fields if f.kind == kind and f.text]
        boxes = sorted((box for k, _, box in found if k == kind), key=lambda box: box[1])
        if not labelled or len(labelled) != len(boxes):
            continue
        for field, (x0, y0, x1, y1) in zip(labelled, boxes):
            quad = geometry.map_points(to_photo, [[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            label = alphabet.encode(field.text)
            near = np.linalg.norm(quad.mean(0) - field.quad.mean(0)) < geometry._lengths(field.quad)[1]
            if label is None or not near or tag.hard and kind == "price":
                continue
            pixels = cut(levels, quad)
            if pixels is not None and len(label) <= pixels.shape[1] // 4:
                yield Line(pixels, label, kind, True, photo.group)


# Raised kopecks are so small that three characters would share three columns: prices are drawn out to twice their width.
STRETCH = {"price": 2.0, "regular": 2.0}


def distort(rng, pixels, kind, plain=False):
    """A 32-high view of a kept line: as the recognizer would cut it when `plain`, else with boxes, light and lens off by some."""
    width = pixels.shape[1] - 2 * MARGIN
    u = rng.uniform if rng else None
    if plain:
        top, bottom, left, right, shear, stretch = 0.06, 0.06, 0.12, 0.12, 0, 1
    else:
        # Detected boxes are seldom too tight and often too wide; then print beside the line comes into view.
        top, bottom = u(-0.06, 0.42 if u() < 0.3 else 0.18), u(-0.06, 0.42 if u() < 0.3 else 0.18)
        left, right = u(-0.02, 0.46 if u() < 0.2 else 0.24), u(-0.02, 0.46 if u() < 0.2 else 0.24)
        shear, stretch = u(-0.12, 0.12), u(0.72, 1.2)
    scale = 32 / (32 * (1 + top + bottom))
    stretch *= STRETCH.get(kind, 1.0)
    out_width = int(max(16, min(640, round((width + 32 * (left + right)) * scale * stretch))))
    sx, sy = out_width / (width + 32 * (left + right)), scale
    tilt = 0 if plain else u(-1, 1) * min(0.06, 6.0 / max(width, 1))
    x0, y0 = MARGIN - 32 * left, MARGIN - 32 * top
    # Source = kept pixels; destination = 32-high view.
    forward = np.array([[sx, shear * sx, -x0 * sx - shear * sx * KEPT_HEIGHT / 2],
                        [tilt * sy, sy, -y0 * sy - tilt * sy * (MARGIN + width / 2)]])
    view = cv2.warpAffine(pixels, forward, (out_width, 32), flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_REPLICATE)
    if plain:
        return view.astype(np.float32)
    if u() < 0.25:
        f = u(0.4, 0.85)
        small = cv2.resize(view, (max(4, int(out_width * f)), int(32 * f)), interpolation=cv2.INTER_AREA)
        view = cv2.resize(small, (out_width, 32), interpolation=cv2.INTER_LINEAR)
    if u() < 0.25:
        view = cv2.GaussianBlur(view, (0, 0), u(0.3, 1.1))
    if u() < 0.1:
        kernel = np.zeros((5, 5), np.float32)
        kernel[2] = 0.2
        view = cv2.filter2D(view, -1, kernel if u() < 0.6 else kernel.T)
    view = view.astype(np.float32)
    if u() < 0.06:
        view = 255 - view
    mean = view.mean()
    view = mean + (view - mean) * u(0.5, 1.3) + u(-40, 40)
    if u() < 0.2:
        view += np.linspace(u(-40, 40), u(-40, 40), out_width, dtype=np.float32)[None, :]
    if u() < 0.12:
        at, span, glow = u(0, 32), u(2, 8), u(20, 120)
        view += glow * np.exp(-(((np.arange(32, dtype=np.float32) - at) / span) ** 2))[:, None]
    if u() < 0.12:
        at, span = int(u(0, out_width)), int(u(1, 5))
        view[:, at : at + span] = u(40, 220)
    if u() < 0.4:
        view += rng.normal(0, u(1, 9), view.shape).astype(np.float32)
    return np.clip(view, 0, 255)


class LineBatches:
    """Endless batches of like width, made on a thread of their own."""

    def __init__(self, lines, seed, columns=9600, weight=None):
        self.lines, self.columns = lines, columns
        weights = np.array([weight(line) for line in lines], np.float64)
        self.cumulative = np.cumsum(weights / weights.sum())
        self.rng = np.random.default_rng(seed)
        self.ready = queue.Queue(maxsize=6)
        threading.Thread(target=self._fill, daemon=True).start()

    def _fill(self):
        buckets = {}
        while True:
            line = self.lines[min(int(np.searchsorted(self.cumulative, self.rng.random())), len(self.lines) - 1)]
            view = distort(self.rng, line.pixels, line.kind)
            if len(line.label) * 1.3 > columns_of(view.shape[1]):
                continue
            # Now and then more padding than needed: what lies in it must not matter.
            wanted = view.shape[1] if self.rng.random() < 0.8 else min(640, view.shape[1] + int(self.rng.integers(1, 160)))
            width = next(b for b in geometry.LINE_BUCKETS if b >= wanted)
            bucket = buckets.setdefault(width, [])
            bucket.append((view, line.label))
            if len(bucket) >= max(8, self.columns // width):
                self.ready.put(collate(buckets.pop(width), width))

    def next(self):
        return self.ready.get()


def columns_of(width):
    """Output columns that lie on a line of this width; those behind it, on the padding, are not read."""
    return -(-width // 4)


def collate(items, width):
    """Pixels, labels one after another, their lengths, and how many output columns lie on each line."""
    pixels = np.full((len(items), 1, 32, width), geometry.FILL, np.float32)
    for i, (view, _) in enumerate(items):
        pixels[i, 0, :, : view.shape[1]] = view
    lengths = np.array([len(label) for _, label in items])
    columns = np.array([columns_of(view.shape[1]) for view, _ in items])
    return pixels, np.concatenate([np.array(label) for _, label in items]), lengths, columns


def plain_batches(lines, size=64):
    """Every line once, undistorted, by width: for measuring. Yields (pixels, columns on each line, indices of the lines)."""
    views = [distort(None, line.pixels, line.kind, plain=True) for line in lines]
    buckets = {}
    for i, view in enumerate(views):
        buckets.setdefault(next(b for b in geometry.LINE_BUCKETS if b >= view.shape[1]), []).append(i)
    for width, members in buckets.items():
        for start in range(0, len(members), size):
            part = members[start : start + size]
            pixels, _, _, columns = collate([(views[i], lines[i].label) for i in part], width)
            yield pixels, columns, part
