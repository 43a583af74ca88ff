"""Real price lines with other kopecks: 95 % of real prices end in 99, so a network may learn to write 99 without looking.

The two small digits are painted over with the paper beside them and replaced by digits of the same line's rubles, made as
small: the ink, the paper, the light and the lens stay those of the photo."""

from dataclasses import replace

import cv2
import numpy as np

from . import alphabet
from .lines import MARGIN


FINER = 3  # ink is looked for on a picture so many times as large: small digits run into each other in the photo's pixels


def _digits(ink, least):
    """Boxes (x0, y0, x1, y1) of connected ink at least so high, from left to right."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=4)
    return sorted((x, y, x + w, y + h) for x, y, w, h, area in stats[1:count]
                  if h >= least and 0.25 * h <= w <= 2.3 * h and area >= 0.25 * w * h)


def _pair(boxes, high):
    """Two digits side by side as high as each other; where they run into one another, halves of one box."""
    pairs = [(a, b) for a, b in zip(boxes, boxes[1:])
             if abs(a[1] - b[1]) <= 0.15 * high and abs(a[3] - b[3]) <= 0.15 * high and b[0] - a[2] < 0.3 * high
             and max(b[2] - b[0], a[2] - a[0]) < high]
    pairs += [((x0, y0, (x0 + x1) // 2, y1), ((x0 + x1) // 2, y0, x1, y1)) for x0, y0, x1, y1 in boxes
              if 1.25 * (y1 - y0) < x1 - x0]
    # The unit of sale is printed below the kopecks, as high as they are.
    top = min((a[1] for a, _ in pairs), default=0)
    pairs = [pair for pair in pairs if pair[0][1] < top + 0.6 * high]
    return pairs[0] if len(pairs) == 1 else None


def _find(pixels, rubles):
    """The boxes of the rubles' digits and of the two kopecks' digits on a kept line, or None where they do not stand apart."""
    core = slice(MARGIN * FINER, -MARGIN * FINER)
    large = cv2.resize(pixels, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_CUBIC)
    level, _ = cv2.threshold(np.ascontiguousarray(large[core, core]), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = (large <= level).astype(np.uint8)
    if ink[core, core].mean() > 0.5:
        ink = 1 - ink
    tall, slack = (pixels.shape[0] - 2 * MARGIN) * FINER, MARGIN * FINER // 2
    boxes = [b for b in _digits(ink, 0.2 * tall)
             if b[1] >= slack and b[3] <= ink.shape[0] - slack and b[0] >= slack and b[2] <= ink.shape[1] - slack]
    highest = max((b[3] - b[1] for b in boxes), default=0)
    rubles_found = [b for b in boxes if b[3] - b[1] > 0.85 * highest]
    if highest < 0.45 * tall or len(rubles_found) != len(rubles) or max(b[2] - b[0] for b in rubles_found) > highest:
        return None
    last = rubles_found[-1]
    small = [b for b in boxes if b[0] > last[2] - 0.1 * highest and 0.25 * highest < b[3] - b[1] < 0.72 * highest]
    small = [b for b in small if b[0] < last[2] + 1.3 * highest]
    high = max((b[3] - b[1] for b in small), default=0)
    pair = _pair([b for b in small if b[3] - b[1] > 0.8 * high], high)
    if pair is None or high < 7 * FINER:
        return None
    shrink = lambda b: (b[0] // FINER, b[1] // FINER, -(-b[2] // FINER), -(-b[3] // FINER))
    return [shrink(b) for b in rubles_found], [shrink(b) for b in pair]


def _swap(line, rng):
    """Another line like this one, whose kopecks are digits of its rubles; None where that cannot be drawn."""
    text = "".join(alphabet.ALPHABET[c - 1] for c in line.label)
    if len(text) < 5 or text[-3] != "." or not (text[:-3] + text[-2:]).isdigit():
        return None
    found = _find(line.pixels, text[:-3])
    if found is None:
        return None
    rubles, kopecks = found
    chosen = rng.integers(0, len(rubles), 2)
    digits = "".join(text[i] for i in chosen)
    if text[-2:] == digits:
        return None
    pixels = line.pixels.astype(np.float32)
    for box, i in zip(kopecks, chosen):
        _redraw(pixels, line.pixels, box, rubles[i], rng)
    return replace(line, pixels=np.clip(pixels, 0, 255).astype(np.uint8), label=alphabet.encode(text[:-2] + digits))


def _redraw(pixels, photo, box, model, rng):
    """Paints the digit in `box` over with paper and draws the one in `model` there, as high as it was."""
    (x0, y0, x1, y1), (mx0, my0, mx1, my1) = box, model
    scale = (y1 - y0) / (my1 - my0)
    rim = max(1, int(round(1.5 / scale)))
    source = photo[max(0, my0 - rim) : my1 + rim, max(0, mx0 - rim) : mx1 + rim].astype(np.float32)
    wide, high = max(3, int(round(source.shape[1] * scale))), max(5, int(round(source.shape[0] * scale)))
    # Made smaller, a digit is sharper than print of that size was to the lens.
    digit = cv2.GaussianBlur(cv2.resize(source, (wide, high), interpolation=cv2.INTER_AREA), (0, 0), rng.uniform(0.35, 0.8))
    paper = np.median(np.concatenate([photo[max(0, y0 - 2), x0:x1], photo[min(y1 + 1, len(photo) - 1), x0:x1]]))
    paper_there = np.median(source[[0, -1]])
    pixels[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2] = paper
    left, top = max(0, (x0 + x1) // 2 - wide // 2), max(0, (y0 + y1) // 2 - high // 2)
    part = pixels[top : top + high, left : left + wide]
    digit = digit[: part.shape[0], : part.shape[1]] + (paper - paper_there)
    part[:] = np.minimum(part, digit) if paper_there > source.min() + 20 else digit


def swapped(lines, seed, times=3):
    """New lines from hand-labelled prices, up to so many of each; the same for the same seed."""
    rng = np.random.default_rng(seed)
    prices = [line for line in lines if line.real and line.kind in ("price", "regular")]
    return [line for _ in range(times) for line in (_swap(price, rng) for price in prices) if line]
