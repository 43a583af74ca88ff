"""How a model came about, for its card: one entry for each run it went through, kept beside its checkpoint, and its data."""

import hashlib
import json
import sys
from pathlib import Path

ATTRIBUTION = [
    '"Пятерочка Ценники", universe.roboflow.com/project-xjsry/-mxpf6, by a Roboflow user (CC BY 4.0)',
    '"price_tag", universe.roboflow.com, price_tag-dvi4l (CC BY 4.0)',
]


def command() -> str:
    """This process's command line, folders by their own names alone."""
    words = [Path(word).name if "/" in word else word for word in sys.argv]
    return " ".join(["python", *words])


def of(model: Path | None) -> list[dict]:
    """The runs behind a checkpoint (.pt) or an exported model (.onnx)."""
    if model is None:
        return []
    if model.suffix == ".onnx":
        return json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))["training"]
    beside = model.with_suffix(".history.json")
    return json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else []


def write(run, start_from: Path | None, **scores: str) -> None:
    """Adds a finished run, with what it scored, to the history of the model it began with."""
    entry = {"command": command(), "steps": run.steps, "minutes": round(run.spent / 60, 1), "scores": scores}
    run.checkpoint.with_suffix(".history.json").write_text(text([*of(start_from), entry]), encoding="utf-8")


def text(runs: list[dict]) -> str:
    """Runs as they lie beside a checkpoint."""
    return json.dumps(runs, ensure_ascii=False, indent=2) + "\n"


def digest(paths):
    """One digest over the contents of label files, in order."""
    total = hashlib.sha256()
    for path in paths:
        total.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return "sha256:" + total.hexdigest()
