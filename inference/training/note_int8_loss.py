"""Writes into an int8 variant's card what it loses on labelled photos:
python note_int8_loss.py --card CARD --fp32 FILE --int8 FILE

The files are what `evaluate --json` wrote, with this network alone in int8 in the second (docs/performance.md has the commands).
`points_lost` is the most that one of the figures gets worse, in points; negative when all get better. Names without an
error are noted and do not decide: one of a hundred names is a point, and their characters are counted.
"""

import argparse
import json
from pathlib import Path

RATES = ["detection_recall", "price_exact", "regular_price_exact", "condition_exact", "unit_exact"]
NOTED = RATES + ["name_exact"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--card", type=Path, required=True)
    parser.add_argument("--fp32", type=Path, required=True)
    parser.add_argument("--int8", type=Path, required=True)
    arguments = parser.parse_args()
    plain, quantized = (json.loads(path.read_text(encoding="utf-8"))["all"] for path in (arguments.fp32, arguments.int8))
    lost = [plain[name] - quantized[name] for name in RATES if plain[name] is not None]
    lost.append(quantized["name_cer"] - plain["name_cer"])
    card = json.loads(arguments.card.read_text(encoding="utf-8"))
    card["points_lost"] = round(100 * max(lost), 2)
    card["dev"] = {
        title: {name: f"{scores['counts'][name]['right']}/{scores['counts'][name]['of']}" for name in NOTED}
        | {"name_cer": scores["name_cer"]}
        for title, scores in (("fp32", plain), ("int8", quantized))
    }
    arguments.card.write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(arguments.card.name, card["points_lost"], "points lost")


if __name__ == "__main__":
    main()
