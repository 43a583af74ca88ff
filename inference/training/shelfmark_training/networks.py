"""The three networks, small enough for one core: dense 3x3 convolutions and ReLU, which int8 likes.

Each takes pixels from 0 to 255; the normalisation is inside, so the exported graphs need no preparation.
"""

import torch
import torch.nn.functional as F
from torch import nn

from . import alphabet
from .photos import KINDS


def conv(inputs: int, outputs: int, kernel=3, stride=1) -> nn.Sequential:
    kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two 3x3 convolutions beside an identity (He et al., 2016)."""

    def __init__(self, channels: int):
        super().__init__()
        self.first = conv(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x):
        return F.relu(x + self.second(self.first(x)))


def stage(inputs: int, outputs: int, stride, residuals: int) -> nn.Sequential:
    return nn.Sequential(
        conv(inputs, outputs, 3, stride), *[Residual(outputs) for _ in range(residuals)]
    )


def keep_peaks(scores):
    """Zero wherever a score is not the largest of its 3x3 neighbourhood: no other suppression is needed (Zhou et al., 2019)."""
    return scores * (F.max_pool2d(scores, 3, 1, 1) == scores).to(scores.dtype)


class Pyramid(nn.Module):
    """A backbone and a top-down path that ends at stride 8 (Lin et al., 2017)."""

    def __init__(self, channels: int, widths: list[int], residuals: list[int], out: int):
        super().__init__()
        self.stem = nn.Sequential(
            conv(channels, widths[0], 3, 2), conv(widths[0], widths[1], 3, 2)
        )
        self.stages = nn.ModuleList(
            stage(widths[i + 1], widths[i + 2], 2, residuals[i]) for i in range(len(widths) - 2)
        )
        self.laterals = nn.ModuleList(nn.Conv2d(w, out, 1) for w in widths[2:])
        self.smooth = conv(out, out)

    def forward(self, x):
        x = self.stem(x)
        levels = []
        for stage_ in self.stages:
            x = stage_(x)
            levels.append(x)
        top = self.laterals[-1](levels[-1])
        for lateral, level in zip(reversed(self.laterals[:-1]), reversed(levels[:-1])):
            top = F.interpolate(top, scale_factor=2.0, mode="nearest") + lateral(level)
        return self.smooth(F.relu(top))


class TagDetector(nn.Module):
    """Gray photo [N,1,H,W], or RGB [N,3,H,W], to centre score and eight corner offsets at stride 8: [N,9,H/8,W/8]; H, W multiples of 64."""

    STRIDE = 8
    SCALE = 64.0  # pixels per unit of a regressed offset

    def __init__(self, channels: int = 1):
        super().__init__()
        self.pyramid = Pyramid(channels, [16, 32, 48, 96, 96, 96], [1, 1, 1, 1], 48)
        self.head = nn.Conv2d(48, 9, 1)
        nn.init.constant_(self.head.bias[:1], -4.0)

    def forward(self, photo):
        out = self.head(self.pyramid((photo - 114.0) / 64.0))
        return out[:, :1], out[:, 1:]

    def deployed(self, photo):
        scores, corners = self(photo)
        return torch.cat([keep_peaks(torch.sigmoid(scores)), corners * self.SCALE], 1)


class FieldDetector(nn.Module):
    """Rectified tag [N,1,192,320] to class scores and box distances at stride 4: [N,C+4,48,80]."""

    STRIDE = 4
    SCALE = 32.0

    def __init__(self, classes: int):
        super().__init__()
        self.classes = classes
        self.pyramid = Pyramid(1, [16, 32, 48, 80, 96], [1, 1, 1], 48)
        # The last two-fold step is a rearrangement: stride 4 without a convolution at stride 4 (Shi et al., 2016).
        self.head = nn.Conv2d(48, 4 * (classes + 4), 1)
        nn.init.constant_(self.head.bias[: 4 * classes], -4.0)

    def forward(self, tag):
        out = F.pixel_shuffle(self.head(self.pyramid((tag - 114.0) / 64.0)), 2)
        return out[:, : self.classes], out[:, self.classes :]

    def deployed(self, tag):
        scores, sides = self(tag)
        return torch.cat([keep_peaks(torch.sigmoid(scores)), F.relu(sides) * self.SCALE], 1)


class Context(nn.Module):
    """A wide look along the line: depthwise 1x9, then pointwise, beside an identity."""

    def __init__(self, channels: int):
        super().__init__()
        self.mix = nn.Sequential(
            nn.Conv2d(channels, channels, (1, 9), padding=(0, 4), groups=channels, bias=False),
            nn.BatchNorm2d(channels),
            conv(channels, channels, 1),
        )

    def forward(self, x):
        return x + self.mix(x)


class TextRecognizer(nn.Module):
    """Line [N,1,32,W] to per-column logits [N,W/4,K] for CTC; class 0 is the blank."""

    def __init__(self, classes: int):
        super().__init__()
        self.features = nn.Sequential(
            conv(1, 16, 3, 2),
            stage(16, 32, 2, 2),
            stage(32, 64, (2, 1), 2),
            stage(64, 96, (2, 1), 1),
            nn.Conv2d(96, 160, (2, 1), bias=False),
            nn.BatchNorm2d(160),
            nn.ReLU(inplace=True),
            Context(160),
            Context(160),
            Context(160),
        )
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Conv2d(160, classes, 1)

    def forward(self, line):
        out = self.classifier(self.dropout(self.features((line - 114.0) / 64.0)))
        return out.squeeze(2).transpose(1, 2)

    def deployed(self, line):
        return torch.softmax(self(line), -1)


# How to make each network, and the shape of an input it takes.
NETWORKS = {
    "tag-detector": (TagDetector, (1, 1, 640, 512)),
    "field-detector": (lambda: FieldDetector(len(KINDS)), (2, 1, 192, 320)),
    "text-recognizer": (lambda: TextRecognizer(alphabet.CLASSES), (2, 1, 32, 256)),
}
