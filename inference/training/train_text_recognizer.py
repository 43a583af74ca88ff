"""Trains the text recognizer: python train_text_recognizer.py --data DIR --generated DIR... --run DIR --minutes 60"""

import argparse
import random
import time
from pathlib import Path

import torch
from torch.nn import functional as F

from shelfmark_training import alphabet, history, kopecks, lines, networks, outlines, photos, published
from shelfmark_training.schedule import Run
from train_field_detector import fields
from train_tag_detector import use_detected_outlines


def load(labels, keep=lambda photo: True, detectors=None, names=None, fields_found=None):
    """Lines of all photos; with detectors, hand-labelled prices are cut where they are detected too."""
    chosen = [photo for photo in photos.read_photos(labels) if keep(photo)]
    if names:
        photos.place_names(chosen, names)
    if fields_found:
        photos.add_fields(chosen, fields_found)
    find = None
    if detectors:
        outlines.guess(chosen)
        use_detected_outlines(detectors[0], chosen)
        find = lambda levels, corners: fields(detectors[1], levels, corners)
    return [line for photo in chosen for line in lines.cut_lines(photo, find=find)]


@torch.no_grad()
def measure(network, subset):
    """Share of prices read exactly and the error rate of names, on undistorted lines."""
    right, total, errors, length, wrong = 0, 0, 0, 0, []
    for pixels, columns, part in lines.plain_batches(subset):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            best = network(torch.from_numpy(pixels)).argmax(-1).tolist()
        for i, indices, count in zip(part, best, columns):
            text, truth = alphabet.decode(indices[:count]), "".join(alphabet.ALPHABET[c - 1] for c in subset[i].label)
            if subset[i].kind in ("price", "regular"):
                total += 1
                right += text == truth
                if text != truth:
                    wrong.append((truth, text))
            elif subset[i].kind == "name":
                a, b = alphabet.compare(text), alphabet.compare(truth)
                errors += alphabet.distance(a, b)
                length += len(b)
    return f"prices {right}/{total} = {right / max(total, 1):.4f}, names' errors {errors}/{length} = {errors / max(length, 1):.4f}", wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.jsonl and dev.jsonl")
    parser.add_argument("--generated", type=Path, nargs="*", default=[], help="folders written by the generator")
    parser.add_argument("--names", type=Path, help="places of the names' lines on train, written by align_names.py")
    parser.add_argument("--fields", type=Path, help="units and discounts on train, written by find_fields.py")
    parser.add_argument("--dev-names", type=Path, help="the same of dev: for measuring alone")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start-from", type=Path, help="checkpoint (.pt) or exported model (.onnx) whose weights to begin with")
    parser.add_argument("--real-share", type=float, default=0.25)
    parser.add_argument("--detectors", type=Path, help="folder with both detectors (.pt or .onnx): prices are cut where they find them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-fold", help="K/N: leave fold K of N of the hand-labelled photos out")
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    torch.manual_seed(arguments.seed)

    keep = lambda photo: True
    if arguments.without_fold:
        left_out, folds = map(int, arguments.without_fold.split("/"))
        keep = lambda photo: photos.fold_of(photo.group, folds) != left_out
    detectors = [published.load(arguments.detectors, name) for name in ("tag-detector", "field-detector")] if arguments.detectors else None
    real = load(arguments.data / "train.jsonl", keep, detectors, arguments.names, arguments.fields)
    swapped = kopecks.swapped(real, arguments.seed)
    made = [line for folder in arguments.generated for line in load(folder / "labels.jsonl")]
    held = random.Random(7).sample(made, min(1500, len(made) // 20))
    held_ids = set(map(id, held))
    made = [line for line in made if id(line) not in held_ids]
    dev = load(arguments.data / "dev.jsonl", detectors=detectors, names=arguments.dev_names)
    print(f"{len(real)} real lines, {len(swapped)} with other kopecks, {len(made)} generated, dev {len(dev)}", flush=True)

    swapped_ids = set(map(id, swapped))
    kind_weight = {"price": 1.0, "regular": 0.8, "name": 1.5, "discount": 0.25, "unit": 0.5, "quantity": 0.25}
    nines = alphabet.encode(".99")
    # 95 % of real prices end in 99: the others are shown more often, or the network learns to write 99 unseen.
    weight_of = lambda line: kind_weight[line.kind] * (
        0.5 if id(line) in swapped_ids else
        4 if line.real and line.kind in ("price", "regular") and line.label[-3:] != nines else 1)
    real_total, made_total = sum(map(weight_of, real + swapped)) or 1, sum(map(weight_of, made)) or 1
    share = arguments.real_share
    batches = lines.LineBatches(real + swapped + made, arguments.seed, weight=lambda line:
                                weight_of(line) * (share / real_total if line.real else (1 - share) / made_total))
    network = networks.TextRecognizer(alphabet.CLASSES)
    published.begin(network, arguments.start_from, lambda: [torch.from_numpy(batches.next()[0]) for _ in range(16)])
    run = Run(network, arguments.run / "text-recognizer.pt", arguments.minutes, arguments.rate)
    run.network.train()
    began, seen, losses = time.monotonic(), 0, []
    while run.running:
        pixels, labels, lengths, columns = batches.next()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = run.network(torch.from_numpy(pixels).contiguous(memory_format=torch.channels_last))
        log = F.log_softmax(logits.float(), -1).transpose(0, 1)
        # Only the columns on the line count: else the network writes a line's end late, in its padding.
        loss = F.ctc_loss(log, torch.from_numpy(labels), torch.from_numpy(columns), torch.from_numpy(lengths), zero_infinity=True)
        run.step(loss)
        seen += len(lengths)
        losses.append(loss.item())
        if run.steps % 200 == 0:
            print(f"step {run.steps} minute {run.spent / 60:.1f} loss {sum(losses) / len(losses):.4f} "
                  f"{seen / (time.monotonic() - began):.0f} lines/s", flush=True)
            losses = []
        if run.steps % 2000 == 0:
            run.pause()
            print("  generated:", measure(run.average, held)[0], "\n  dev:", measure(run.average, dev)[0], flush=True)
            run.proceed()
    run.save()
    score, wrong = measure(run.average, dev)
    scores = {"dev": score, "generated": measure(run.average, held)[0]}
    print(scores, wrong[:40])
    history.write(run, arguments.start_from, **scores)


if __name__ == "__main__":
    main()
