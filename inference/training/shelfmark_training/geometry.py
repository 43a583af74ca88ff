"""Where pixels lie: the same geometry as io.shelfmark.inference.image, so that trainers and recognizer see the same crops.

Photo coordinates: pixels of the upright photo, origin at the outer top left corner, pixel centres at +0.5.
Corners and quads: TL, TR, BR, BL in reading order, [[x, y] x 4].
"""
import math

import cv2
import numpy as np

CANVAS_WIDTH, CANVAS_HEIGHT = 320, 192
LEFT, TOP, RIGHT, BOTTOM = 24.0, 20.0, 296.0, 172.0  # where the outline lands in the canvas
CANVAS_CORNERS = np.array([[LEFT, TOP], [RIGHT, TOP], [RIGHT, BOTTOM], [LEFT, BOTTOM]], np.float32)
FILL = 114
LINE_HEIGHT, LINE_MIN, LINE_MAX = 32, 16, 640
LINE_BUCKETS = (*range(32, 128, 16), *range(128, 641, 32))
PAD_VERTICAL, PAD_HORIZONTAL = 0.06, 0.12  # of the box's height
MAX_LEVELS, MIN_SIDE = 8, 16


def photo_pyramid(gray):
    """Gray uint8 photo -> [level 0 = gray, level 1 = half size, ...]; each pixel the mean of 2x2, odd last row/column dropped."""
    levels = [np.ascontiguousarray(gray)]
    while len(levels) < MAX_LEVELS and min(levels[-1].shape) >= MIN_SIDE:
        h, w = levels[-1].shape
        even = levels[-1][: h // 2 * 2, : w // 2 * 2]
        levels.append(cv2.resize(even, (w // 2, h // 2), interpolation=cv2.INTER_AREA))
    return levels


def _lengths(quad):
    q = np.asarray(quad, np.float64)
    top, right = np.linalg.norm(q[1] - q[0]), np.linalg.norm(q[2] - q[1])
    bottom, left = np.linalg.norm(q[2] - q[3]), np.linalg.norm(q[3] - q[0])
    return (top + bottom) / 2, (left + right) / 2


def _level(levels, scale):
    """Level whose pixels are nearest (in octaves) to `scale` photo pixels."""
    return int(min(max(math.floor(math.log2(max(scale, 1e-6)) + 0.5), 0), len(levels) - 1))


def _warp(levels, to_photo, width, height, scale):
    level = _level(levels, scale)
    down = 2.0 ** -level
    to_source = np.array([[down, 0, -0.5], [0, down, -0.5], [0, 0, 1]])
    from_index = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    matrix = to_source @ to_photo @ from_index
    return cv2.warpPerspective(levels[level], matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                               borderMode=cv2.BORDER_CONSTANT, borderValue=FILL)


def _pyramid(gray):
    return gray if isinstance(gray, (list, tuple)) else photo_pyramid(gray)


def canvas_to_photo(corners):
    """3x3 homography from canvas coordinates to photo coordinates."""
    return cv2.getPerspectiveTransform(CANVAS_CORNERS, np.asarray(corners, np.float32)).astype(np.float64)


def map_points(matrix, points):
    p = np.asarray(points, np.float64)
    q = np.concatenate([p, np.ones((len(p), 1))], 1) @ np.asarray(matrix).T
    return q[:, :2] / q[:, 2:]


def rectify(gray, corners):
    """Photo (or its pyramid) and a tag's corners -> uint8 (192, 320)."""
    along, across = _lengths(corners)
    scale = math.sqrt((along / (RIGHT - LEFT)) * (across / (BOTTOM - TOP)))
    return _warp(_pyramid(gray), canvas_to_photo(corners), CANVAS_WIDTH, CANVAS_HEIGHT, scale)


def line_quad(corners, canvas_box):
    """Box (left, top, right, bottom) in the canvas -> padded quad in the photo, float64 (4, 2)."""
    left, top, right, bottom = canvas_box
    px, py = PAD_HORIZONTAL * (bottom - top), PAD_VERTICAL * (bottom - top)
    box = [[left - px, top - py], [right + px, top - py], [right + px, bottom + py], [left - px, bottom + py]]
    return map_points(canvas_to_photo(corners), box)


def line_width(quad):
    along, across = _lengths(quad)
    return int(min(max(math.floor(LINE_HEIGHT * along / max(across, 1e-6) + 0.5), LINE_MIN), LINE_MAX))


def warp_line(gray, quad):
    """Photo (or its pyramid) and a line's quad -> uint8 (32, line_width(quad))."""
    width = line_width(quad)
    along, across = _lengths(quad)
    box = np.array([[0, 0], [width, 0], [width, LINE_HEIGHT], [0, LINE_HEIGHT]], np.float32)
    to_photo = cv2.getPerspectiveTransform(box, np.asarray(quad, np.float32)).astype(np.float64)
    scale = math.sqrt((along / width) * (across / LINE_HEIGHT))
    return _warp(_pyramid(gray), to_photo, width, LINE_HEIGHT, scale)


def pad_line(line):
    """Right-pads with gray 114 to the next width bucket."""
    width = next(b for b in LINE_BUCKETS if b >= line.shape[1])
    return np.pad(line, ((0, 0), (0, width - line.shape[1])), constant_values=FILL)
