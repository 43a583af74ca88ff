"""Score maps with a bump at each object's center, and the losses on them (Zhou et al., "Objects as Points", 2019)."""

import queue
import threading

import numpy as np
import torch
import torch.nn.functional as F


def bump(scores, x, y, spread_x, spread_y):
    """Raises `scores` by a Gaussian whose peak, exactly 1, lies in the cell that holds (x, y), in cells."""
    rows, columns = scores.shape
    cx, cy = int(x), int(y)
    if not (0 <= cx < columns and 0 <= cy < rows):
        return False
    rx, ry = max(1, int(3 * spread_x)), max(1, int(3 * spread_y))
    x0, x1, y0, y1 = max(0, cx - rx), min(columns, cx + rx + 1), max(0, cy - ry), min(rows, cy + ry + 1)
    gx = np.exp(-((np.arange(x0, x1) - cx) ** 2) / (2 * spread_x**2))
    gy = np.exp(-((np.arange(y0, y1) - cy) ** 2) / (2 * spread_y**2))
    scores[y0:y1, x0:x1] = np.maximum(scores[y0:y1, x0:x1], gy[:, None] * gx[None, :])
    return True


def focal(logits, target, weight):
    """CenterNet's penalty-reduced focal loss; `weight` 0 takes a cell out, and a fraction shares an object among its cells."""
    p = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
    positive = (target > 0.999).to(logits.dtype)
    gain = positive * (1 - p) ** 2 * torch.log(p)
    cost = (1 - positive) * (1 - target) ** 4 * p**2 * torch.log(1 - p)
    return -((gain + cost) * weight).sum() / (positive * weight).sum().clamp(min=1)


def offsets(predicted, target, weight):
    """Smooth L1 where a center is, divided by the weight there."""
    loss = F.smooth_l1_loss(predicted, target, reduction="none", beta=0.05) * weight
    return loss.sum() / (weight.sum() * predicted.shape[1]).clamp(min=1)


def overlap(predicted, target, weight):
    """-log of the overlap of two boxes around one cell, given as distances left, top, right, bottom (Yu et al., "UnitBox",
    2016): as strict with a thin line of text as with a large price."""
    p, t = predicted.clamp(min=0.01), target.clamp(min=0.01)
    across, down = torch.minimum(p, t)[:, ::2].sum(1), torch.minimum(p, t)[:, 1::2].sum(1)
    area = lambda box: box[:, ::2].sum(1) * box[:, 1::2].sum(1)
    shared = across * down
    loss = -torch.log((shared / (area(p) + area(t) - shared)).clamp(min=1e-4)) * weight[:, 0]
    return loss.sum() / weight.sum().clamp(min=1)


class Batches:
    """Endless batches of `sample(rng)`, made on threads of their own; each sample is a tuple of arrays."""

    def __init__(self, sample, size, seed, threads=1):
        self.ready = queue.Queue(maxsize=8)
        for i in range(threads):
            threading.Thread(target=self._fill, args=(sample, size, np.random.default_rng([seed, i])), daemon=True).start()

    def _fill(self, sample, size, rng):
        while True:
            items = [sample(rng) for _ in range(size)]
            self.ready.put([torch.from_numpy(np.stack(part)) for part in zip(*items)])

    def next(self):
        return self.ready.get()
