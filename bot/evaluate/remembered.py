"""An encoder with an unlimited cache: a measurement encodes the same texts several times."""

from __future__ import annotations

import numpy as np

from bot.encoders import Encoder


class Remembered:
    """Encoder. For measurements only: its cache is never emptied."""

    def __init__(self, of: Encoder) -> None:
        self.fingerprint = of.fingerprint
        self._of = of
        self._rows: dict[str, np.ndarray] = {}

    def encode(self, texts: list[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if new:
            self._rows |= zip(new, self._of.encode(new), strict=True)
        return np.vstack([self._rows[text] for text in texts])
