"""What light, lens and compression do to a photo, at random."""

import cv2
import numpy as np


def disturb(rng, view):
    """A uint8 photo (gray or color) under other light and another lens."""
    u = rng.uniform
    if u() < 0.2:
        f = u(0.4, 0.9)
        small = cv2.resize(view, None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
        view = cv2.resize(small, (view.shape[1], view.shape[0]), interpolation=cv2.INTER_LINEAR)
    if u() < 0.2:
        view = cv2.GaussianBlur(view, (0, 0), u(0.4, 1.3))
    gain = u(0.6, 1.35) * (rng.uniform(0.88, 1.12, 3) if view.ndim == 3 else 1.0)
    view = (view.astype(np.float32) - 128) * gain + 128 + u(-35, 35)
    if u() < 0.3:
        view += rng.normal(0, u(2, 10), view.shape).astype(np.float32)
    return np.clip(view, 0, 255).astype(np.float32)
