"""Remakes the pictures beside this file with the trainers' geometry: GeometryGoldenTest holds the Java side to them.

Run from inference/training: python ../src/test/resources/io/shelfmark/inference/image/geometry_golden.py
"""
import pathlib
import sys

import cv2
import numpy as np

sys.path.insert(0, str(pathlib.Path.cwd()))
from shelfmark_training import geometry  # noqa: E402

HERE = pathlib.Path(__file__).parent


def photo(width=701, height=523):
    """The same numbers as GeometryGoldenTest.photo()."""
    y, x = np.mgrid[0:height, 0:width]
    blocks = (x // 13 * 37 + y // 17 * 59) % 128
    return (blocks + x * 64 // width + y * 63 // height).astype(np.uint8)


OUTLINES = {
    "upright": [[100, 80], [420, 80], [420, 260], [100, 260]],
    "turned": [[400, 60], [430, 380], [250, 400], [215, 75]],
    "grazing": [[300, 100], [380, 60], [390, 460], [305, 380]],
    "large": [[-40, -30], [690, 10], [740, 540], [15, 500]],
    "small": [[600, 400], [650, 404], [648, 433], [599, 429]],
}
LINE = (50, 40, 210, 66)

levels = geometry.photo_pyramid(photo())
for name, corners in OUTLINES.items():
    cv2.imwrite(str(HERE / f"golden-canvas-{name}.png"), geometry.rectify(levels, corners))
    quad = geometry.line_quad(corners, LINE)
    cv2.imwrite(str(HERE / f"golden-line-{name}.png"), geometry.warp_line(levels, quad))
