"""Finds the printed lines inside a loose box by their ink: for labels only, where time does not matter.

A block of text is turned until its rows stand out most (Postl, 1986: the profile of the right angle has the steepest
flanks), then cut where the profile of horizontal edges is low. Lines that touch look like one; such a band is offered whole
and cut in two and three as well, and whoever reads them has to choose.
"""

import cv2
import numpy as np

from . import geometry

ROW = 28  # pixels of a line's pitch while looking for it
ANGLES = np.arange(-7, 7.1, 0.5)


def _edges(view):
    """How much print there is at each pixel, whatever its color: steep changes along the line."""
    blurred = cv2.GaussianBlur(view, (0, 0), 1.0).astype(np.float32)
    return np.abs(cv2.Sobel(blurred, cv2.CV_32F, 1, 0))


def _profile(edges):
    # Print covers much of a row: the mean of the upper half keeps a single dark edge from looking like text.
    clipped = np.minimum(edges, np.percentile(edges, 95))
    return cv2.GaussianBlur(clipped.mean(1, keepdims=True), (1, 0x7), 1.5)[:, 0]


def _runs(above, least):
    """(start, end) of stretches that are true for at least so long."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], above.astype(np.int8), [0]])))
    return [(a, b) for a, b in zip(edges[::2], edges[1::2]) if b - a >= least]


def _cuts(profile, top, bottom):
    """The band, and the band cut into two and three at the lowest points near its even parts."""
    yield top, bottom
    for parts in (2, 3):
        pitch = (bottom - top) / parts
        if pitch < 9:
            return
        at = [top]
        for i in range(1, parts):
            start = int(top + (i - 0.3) * pitch)
            at.append(start + int(np.argmin(profile[start : int(top + (i + 0.3) * pitch) + 1])))
        yield from zip(at, at[1:] + [bottom])


def text_bands(levels, quad, count):
    """Quads (photo pixels) of what may be lines of text in and around `quad`, which is said to hold `count` of them."""
    along, across = geometry._lengths(quad)
    if across < 5 * count:
        return []
    height = ROW * count
    scale = across / height
    width = int(min(1400, max(48, along / scale)))
    pad_x, pad_y = int(0.03 * width) + 6, int(0.6 * ROW)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    to_photo = cv2.getPerspectiveTransform(target, np.asarray(quad, np.float32)).astype(np.float64)
    shift = np.array([[1, 0, -pad_x], [0, 1, -pad_y], [0, 0, 1]], np.float64)
    w, h = width + 2 * pad_x, height + 2 * pad_y
    view = geometry._warp(levels, to_photo @ shift, w, h, scale)
    best, turn = -1.0, None
    for angle in ANGLES:
        slope = np.tan(np.radians(angle))
        matrix = np.array([[1, 0, 0], [-slope, 1, slope * w / 2]])
        profile = _profile(_edges(cv2.warpAffine(view, matrix, (w, h), borderMode=cv2.BORDER_REPLICATE)))
        sharpness = float(np.square(np.diff(profile)).sum())
        if sharpness > best:
            best, turn, upright_profile = sharpness, matrix, profile
    upright = cv2.warpAffine(view, turn, (w, h), borderMode=cv2.BORDER_REPLICATE)
    low, high = np.percentile(upright_profile, [8, 92])
    back = to_photo @ shift @ np.linalg.inv(np.vstack([turn, [0, 0, 1]]))
    edges = _edges(upright)
    quads = []
    runs = _runs(upright_profile > low + 0.38 * (high - low), 0.3 * ROW)
    for top, bottom in (cut for run in runs for cut in _cuts(upright_profile, *run)):
        columns = cv2.GaussianBlur(edges[top:bottom].mean(0, keepdims=True), (0x7, 1), 2)[0]
        level = 0.3 * np.percentile(columns, 90) + 0.7 * np.percentile(columns, 5)
        inked = np.flatnonzero(columns > level)
        if len(inked) < 8:
            continue
        # The profile of edges ends a little inside the letters.
        reach = 0.07 * (bottom - top) + 1
        box = [[inked[0] - 2, top - reach], [inked[-1] + 3, top - reach], [inked[-1] + 3, bottom + reach], [inked[0] - 2, bottom + reach]]
        quads.append(geometry.map_points(back, box))
    return quads
