"""Trains a text recognizer for a pipeline: python train_candidate.py --train DIR --dev DIR --start DIR --minutes 1 --out DIR

DIR of --train and --dev holds labels.jsonl and its photos, hand-labelled and generated ones in any mixture. What is done is done
by train_text_recognizer.py and export_models.py; this puts their inputs where they look for them and their scores into numbers.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def rows(folder, seen_from):
    """The rows of labels.jsonl, with the photos' paths as seen from another folder: the same on every machine, so the card's digests are."""
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield {**row, "file": os.path.relpath(folder.resolve() / row["file"], seen_from.resolve())}


def write(path, chosen):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in chosen), encoding="utf-8")


def run(script, *options):
    subprocess.run([sys.executable, "-u", str(HERE / script), *map(str, options)], check=True)


def numbers(history):
    """What the last run did and scored on dev: its texts are "prices 12/34 = 0.3529, names' errors 5/100 = 0.0500"."""
    last = json.loads(history.read_text(encoding="utf-8"))[-1]
    right, prices, errors, characters = map(int, re.findall(r"(\d+)/(\d+)", last["scores"]["dev"])[0] +
                                            re.findall(r"(\d+)/(\d+)", last["scores"]["dev"])[1])
    return {"steps": last["steps"], "minutes": last["minutes"], "dev_price_lines": prices, "dev_price_lines_right": right,
            "dev_name_characters": characters, "dev_name_errors": errors}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="folder with text-recognizer.onnx and its card")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--out", type=Path, required=True, help="folder for text-recognizer.onnx and its card; metrics.json is written where it runs")
    arguments = parser.parse_args()

    data, made, checkpoints = Path("data"), Path("generated"), Path("run")
    labelled = list(rows(arguments.train, data))  # data and generated lie side by side: paths are the same from both
    generated = [row for row in labelled if row.get("source") == "generated"]
    real = [row for row in labelled if row.get("source") != "generated"]
    write(data / "train.jsonl", real)
    write(data / "dev.jsonl", rows(arguments.dev, data))
    write(made / "labels.jsonl", generated)
    share = 0 if not real else 0.5 if generated else 1
    run("train_text_recognizer.py", "--data", data, "--generated", made, "--run", checkpoints, "--minutes", arguments.minutes,
        "--rate", arguments.rate, "--real-share", share, "--start-from", arguments.start / "text-recognizer.onnx")
    run("export_models.py", "--data", data, "--generated", made, "--run", checkpoints, "--only", "text-recognizer", "--out", arguments.out)
    metrics = numbers(checkpoints / "text-recognizer.history.json")
    Path("metrics.json").write_text(json.dumps(metrics) + "\n", encoding="utf-8")
    print(metrics)


if __name__ == "__main__":
    main()
