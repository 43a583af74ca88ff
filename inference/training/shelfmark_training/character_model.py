"""How product names are spelled: an n-gram model of characters, and reading lines with it; io.shelfmark.inference.text has the same.

Witten-Bell estimates (Witten and Bell, 1991) with backoff weights (Katz, 1987). Names are folded and lower-cased, and the ten
digits are one symbol: the model may expect a digit, never which one.
"""

import collections
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from . import alphabet

BEGIN, END, DIGIT = "\x02", "\x03", "0"
FLOOR = 0.5  # of a name's character that no name has
STEPS = 16  # stored logarithms are multiples of 1/16
NEGLIGIBLE = 1e-3
WIDTH = 8
SURE = 0.97


def symbol(character: str) -> str:
    folded = character.translate(alphabet.SIGNS).translate(alphabet.LOOKALIKES).lower()
    return DIGIT if folded.isdigit() else folded


def symbols() -> dict[str, str]:
    """Each symbol with the characters it stands for; the beginning and the end of a line stand for none."""
    known = {c for c in map(chr, [*alphabet.SIGNS, *alphabet.LOOKALIKES])} | set(alphabet.ALPHABET)
    out = {BEGIN: "", END: ""}
    for c in sorted(known):
        if len(symbol(c)) == 1:
            out[symbol(c)] = out.get(symbol(c), "") + c
    return out


class CharacterModel:
    """An n-gram model of `corpus`, pairs of a line of a name and its weight."""

    def __init__(self, corpus, order: int, least: float, share: float, reward: float):
        self.order, self.share, self.reward, self.symbols = order, share, reward, symbols()
        counts = [collections.Counter() for _ in range(order)]
        for line, weight in corpus:
            text = BEGIN + "".join(map(symbol, line)) + END
            for i in range(1, len(text)):
                for n in range(min(order, i + 1)):
                    counts[n][text[i - n : i + 1]] += weight
        counts[0].update({s: FLOOR for s in self.symbols})
        # A text's end is known by its longest ending: who keeps an n-gram keeps its beginning and its ending.
        for n in range(order - 1, 1, -1):
            longer = counts[n + 1] if n + 1 < order else {}
            needed = {g[:-1] for g in longer} | {g[1:] for g in longer}
            counts[n] = {g: c for g, c in counts[n].items() if c >= least or g in needed}
        self.levels = counts
        self.probability, self.backoff = {}, {}
        for grams in counts:
            total, types = collections.Counter(), collections.Counter()
            for gram, count in grams.items():
                total[gram[:-1]] += count
                types[gram[:-1]] += 1
            for gram, count in grams.items():
                before = gram[:-1]
                if not before:
                    p = count / total[before]
                else:
                    new = types[before] / (total[before] + types[before])
                    p = (1 - new) * count / total[before] + new * self.probability[gram[1:]]
                    self.backoff[before] = new
                self.probability[gram] = p
        self._quantize()

    def _quantize(self):
        step = lambda p: min(255, round(-math.log(p) * STEPS))
        self.cost = {g: step(p / 10 if g[-1] == DIGIT else p) for g, p in self.probability.items()}
        self.backoff_cost = {g: step(p) for g, p in self.backoff.items()}

    def logarithm(self, before: str, following: str) -> float:
        """Of the probability of one more symbol, as the stored model has it."""
        cost = 0
        before = before[-(self.order - 1) :]
        while before and before + following not in self.cost:
            cost += self.backoff_cost.get(before, 0)
            before = before[1:]
        return -(cost + self.cost[before + following]) / STEPS

    def write(self, path: Path) -> None:
        """Big-endian: SNAM, format, order, share, reward; symbols; the levels' sizes; each level's symbols, costs, backoff
        costs and numbers of children; CRC-32 of all that."""
        index = {s: i for i, s in enumerate(self.symbols)}
        levels = [sorted(([index[c] for c in g], g) for g in grams) for grams in self.levels]
        out = bytearray(b"SNAM" + struct.pack(">bbffB", 1, self.order, self.share, self.reward, len(index)))
        for characters in self.symbols.values():
            encoded = characters.encode()
            out += bytes([len(encoded)]) + encoded
        out += b"".join(struct.pack(">i", len(level)) for level in levels)
        for n, level in enumerate(levels):
            out += bytes(path[-1] for path, _ in level) + bytes(self.cost[g] for _, g in level)
            if n + 1 < self.order:
                children = collections.Counter(g[:-1] for g in self.levels[n + 1])
                out += bytes(self.backoff_cost.get(g, 0) for _, g in level) + bytes(children[g] for _, g in level)
        path.write_bytes(bytes(out) + struct.pack(">I", zlib.crc32(out)))

    def read(self, columns: np.ndarray) -> str:
        """The best text of a line, by its columns' class probabilities and by this model (shallow fusion)."""
        if (columns.max(-1) >= SURE).all():
            return alphabet.decode(columns.argmax(-1).tolist())
        beam, weights = {"": (1.0, 0.0)}, {"": 1.0}
        for column in columns:
            likely = [(int(i), float(column[i])) for i in np.flatnonzero(column >= NEGLIGIBLE)]
            grown = collections.defaultdict(lambda: [0.0, 0.0])
            for text, (blank, ink) in beam.items():
                for i, p in likely:
                    if i == 0:
                        grown[text][0] += (blank + ink) * p
                        continue
                    c = alphabet.ALPHABET[i - 1]
                    if text.endswith(c):
                        grown[text][1] += ink * p
                    longer, part = text + c, (blank if text.endswith(c) else blank + ink) * p
                    if part > 0:
                        if longer not in weights:
                            weights[longer] = weights[text] * self._weight(text, symbol(c)) * math.exp(self.reward)
                        grown[longer][1] += part
            best = sorted(grown.items(), key=lambda item: -sum(item[1]) * weights[item[0]])
            beam = {text: tuple(parts) for text, parts in best[:WIDTH]}
        return max(beam, key=lambda text: sum(beam[text]) * weights[text] * self._weight(text, END))

    def _weight(self, text, following):
        before = "".join(map(symbol, text[-self.order :]))
        return math.exp(self.share * self.logarithm(before if len(text) > self.order else BEGIN + before, following))
