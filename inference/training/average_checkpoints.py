"""Averages checkpoints of one network: python average_checkpoints.py --out RUN/tag-detector.pt A.pt=0.8 B.pt=0.2

Runs that began with the same weights and saw different targets often lie in one valley: the average of their weights reads
what each of them reads, at the cost of one network (Wortsman et al., "Model soups", 2022).
"""

import argparse
from pathlib import Path

import torch

from shelfmark_training import history


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write, with its history beside it")
    parser.add_argument("parts", nargs="+", metavar="CHECKPOINT=SHARE")
    arguments = parser.parse_args()
    parts = [(Path(path), float(share)) for path, share in (part.rsplit("=", 1) for part in arguments.parts)]
    if abs(sum(share for _, share in parts) - 1) > 1e-6:
        raise SystemExit(f"Cannot average: found shares that add up to {sum(share for _, share in parts)}, expected 1")
    states = [torch.load(path, weights_only=True)["average"] for path, _ in parts]
    average = {name: sum(state[name] * share for state, (_, share) in zip(states, parts)) if value.dtype.is_floating_point else value
               for name, value in states[0].items()}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"average": average}, arguments.out)
    # the largest part's runs, then the others' that it does not share
    runs = []
    for path, _ in sorted(parts, key=lambda part: -part[1]):
        runs += [run for run in history.of(path) if run not in runs]
    arguments.out.with_suffix(".history.json").write_text(history.text([*runs, {"command": history.command()}]), encoding="utf-8")


if __name__ == "__main__":
    main()
