"""Teaches a tag detector for gray photos what one for colors says of them:
python distill_tag_detector.py --teacher color/tag-detector.onnx --data DIR --generated DIR... --run DIR --minutes 16

The fields and lines of real photos were learned inside the outlines of the detector for colors: one that is trained anew puts
its corners elsewhere, and prices and names are misread. So the teacher's scores and corners are what is learned (Hinton et
al., 2015), of generated photos the labels besides. The pupil begins as the teacher with the weights of its three colors added up.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from shelfmark_training import history, maps, networks, outlines, photos, published
from shelfmark_training.schedule import Run
from train_tag_detector import Views, measure

LUMA = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)


def gray(view):
    return (view * LUMA).sum(1, keepdim=True)


def pupil_of(teacher):
    pupil = networks.TagDetector()
    weights = teacher.state_dict()
    first = "pyramid.stem.0.0.weight"
    weights[first] = weights[first].sum(1, keepdim=True)
    pupil.load_state_dict(weights)
    return pupil


def teacher_loss(logits, sides, teacher_logits, teacher_sides):
    """Divergence from the teacher's scores, and distance to its corners where it sees a tag; both per tag cell."""
    seen = torch.sigmoid(teacher_logits)
    cells = seen.sum().clamp(min=1)
    scores = F.binary_cross_entropy_with_logits(logits, seen, reduction="sum") - F.binary_cross_entropy(seen, seen, reduction="sum")
    sure = seen * (seen > 0.2)
    corners = (F.smooth_l1_loss(sides, teacher_sides, reduction="none", beta=0.05) * sure).sum()
    return (scores + 4 * corners) / cells


def label_loss(logits, sides, scores, corners, there, known, is_real):
    """What train_tag_detector.py minimizes, of the generated photos alone: real ones have outlines that were guessed."""
    generated = 1 - is_real[:, None, None, None]
    return maps.focal(logits, scores, known * generated) + 2 * maps.offsets(sides, corners, there * generated)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teacher", type=Path, required=True, help="exported tag detector for colors, with its card beside it")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--generated", type=Path, nargs="*", default=[])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--start-from", type=Path, help="checkpoint (.pt) to go on from")
    parser.add_argument("--real-share", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    real = photos.read_photos(arguments.data / "train.jsonl")
    made = [photo for folder in arguments.generated for photo in photos.read_photos(folder / "labels.jsonl")]
    dev = photos.read_photos(arguments.data / "dev.jsonl")
    outlines.guess(real)
    held = made[:60]
    batches = maps.Batches(Views(real, made[60:], arguments.real_share, cv2.IMREAD_COLOR), 16, arguments.seed, threads=2)
    teacher = networks.TagDetector(channels=3)
    published.restore(teacher, arguments.teacher, [batches.next()[0] for _ in range(8)])
    pupil = pupil_of(teacher)
    published.begin(pupil, arguments.start_from, list)
    run = Run(pupil, arguments.run / "tag-detector.pt", arguments.minutes, arguments.rate, torch.contiguous_format)
    teacher.eval()
    run.network.train()
    print(f"{len(real)} real photos, {len(made)} generated", flush=True)
    losses = []
    while run.running:
        view, *labels = batches.next()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                expected = teacher(view)
            found = run.network(gray(view))
        found = [part.float() for part in found]
        loss = teacher_loss(*found, *(part.float() for part in expected)) + label_loss(*found, *labels)
        run.step(loss)
        losses.append(loss.item())
        if run.steps % 100 == 0:
            print(f"step {run.steps} minute {run.spent / 60:.1f} loss {np.mean(losses):.4f}", flush=True)
            losses = []
    run.save()
    scores = {"dev": measure(run.average, dev), "generated": measure(run.average, held)}
    print(scores)
    history.write(run, arguments.start_from or arguments.teacher, **scores)


if __name__ == "__main__":
    main()
