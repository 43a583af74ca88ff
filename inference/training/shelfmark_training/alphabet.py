"""What the text recognizer can write, and how labels are folded to it.

Latin letters that look like Cyrillic ones are one class, the Cyrillic letter: no reader can tell them apart by their shape.
"""

import re

LOOKALIKES = str.maketrans("ABCEHKMOPTXYaceopxyËëЁё", "АВСЕНКМОРТХУасеорхуЕеЕе")
SIGNS = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "−": "-",
                       "’": "'", "`": "'", "\u00a0": " ", "×": "х", "…": "."})
CYRILLIC = "".join(chr(c) for c in range(ord("А"), ord("я") + 1))
LATIN = "DFGIJLNQRSUVWZbdfghijklmnqrstuvwz"
ALPHABET = "0123456789" + CYRILLIC + LATIN + " .,-%/()\"'+*:;!&№#=°_?ł@₽€$₸£[]"
INDEX = {character: i + 1 for i, character in enumerate(ALPHABET)}
CLASSES = len(ALPHABET) + 1


def fold(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(SIGNS).translate(LOOKALIKES)).strip()


def encode(text: str):
    """Class indices of folded text, or None when it holds a character the alphabet lacks."""
    folded = fold(text)
    if not folded or any(c not in INDEX for c in folded):
        return None
    return [INDEX[c] for c in folded]


def decode(indices) -> str:
    """Collapses repeats and blanks (Graves et al., 2006)."""
    out, last = [], 0
    for i in indices:
        if i != last and i:
            out.append(ALPHABET[i - 1])
        last = i
    return "".join(out)


def compare(text: str) -> str:
    """Case, look-alikes, spaces and punctuation folded away: what character error rates are taken on."""
    return re.sub(r"[^0-9a-zа-я%]", "", fold(text).lower().translate(
        str.maketrans("abcehkmoptxy", "авсенкмортху")))


def distance(a: str, b: str) -> int:
    """Levenshtein's edit distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]
