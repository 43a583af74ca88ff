"""Prints the product names of hand-labelled photos, one a line, for the generator's --names: python list_names.py LABELS.jsonl"""

import json
import sys
from pathlib import Path


def main():
    names = {}
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        for tag in json.loads(line)["tags"]:
            if tag.get("name_lines") and tag.get("name_legibility") != "hard" and not tag.get("name_inferred"):
                names[" ".join(tag["name_lines"])] = True
    print("\n".join(names))


if __name__ == "__main__":
    main()
