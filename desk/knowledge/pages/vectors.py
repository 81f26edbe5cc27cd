"""Sentence embeddings from the bot's encoder: int8 values, compared by cosine similarity."""

import math
from array import array
from collections.abc import Sequence
from operator import mul
from typing import Protocol, runtime_checkable

DIMENSIONS = 512
AT_ONCE = 16
"""Texts of one call."""


@runtime_checkable
class Embeds(Protocol):
    """The owner of the encoder: the bot's process."""

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        """The vectors of at most AT_ONCE texts. Raises an error if it cannot."""
        ...


def signs_of(vector: bytes) -> str:
    """The sign of each value, as 0 and 1: vectors that mean the same have most of them in common."""
    return "".join("1" if value > 0 else "0" for value in array("b", vector))


def is_vector(vector: bytes) -> bool:
    """Whether it has the size that the database keeps."""
    return len(vector) == DIMENSIONS


def likeness(one: bytes, other: bytes) -> float:
    """The cosine of the angle between two vectors, from -1 to 1."""
    a, b = array("b", one), array("b", other)
    lengths = math.sqrt(sum(map(mul, a, a)) * sum(map(mul, b, b)))
    return sum(map(mul, a, b)) / lengths if lengths else 0.0
