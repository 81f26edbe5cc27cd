"""Sentence encoders: they map texts to vectors that are close for texts with the same meaning.

    Encoder              the protocol
    multilingual.py      the default: multilingual USE in plain numpy, weights pinned by hash
    onnx_folder.py       any folder that sentence-transformers exported to ONNX
    minilm.py, e5.py     make such a folder from the English MiniLM's and the multilingual E5's weights, once

A new encoder is one class with these two members and one line in `open_encoder`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.project import ROOT

if TYPE_CHECKING:
    import numpy as np  # not needed to find out that there is nothing to train


class EncoderError(Exception):
    """The encoder cannot be used; the message is one sentence for the operator."""


class Encoder(Protocol):
    """`fingerprint`: sha256 of the files that determine its output; a model works only with the encoder it was trained with."""

    fingerprint: str

    def encode(self, texts: list[str]) -> np.ndarray:
        """float32 (texts, dimensions), rows of unit length. The result for a text does not depend on the other texts."""
        ...


def open_encoder(kind: str, path: str | None = None) -> Encoder:
    """`multilingual`, or `onnx` with the folder's path (from the project's root). Raises EncoderError."""
    if kind == "multilingual":
        from bot.encoders.multilingual import Multilingual

        return Multilingual()
    if kind == "onnx":
        from bot.encoders.onnx_folder import OnnxFolder

        if not path:
            raise EncoderError("config.yml names an onnx encoder without a path: give the folder's path.")
        return OnnxFolder(ROOT / path)
    raise EncoderError(f"config.yml names the encoder {kind!r}; there are multilingual and onnx.")
