"""Any sentence-transformers model as a folder: model.onnx, tokenizer.json, and its pooling's config where it has one.

Bring one with `optimum-cli export onnx` or from a model hub; the folder's files are hashed, and a model that was
trained with other files refuses to load.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bot.encoders import EncoderError
from bot.encoders.pinned import combined
from bot.model_file import file_hash

MODELS = ("model_quantized.onnx", "model.onnx", "onnx/model_quantized.onnx", "onnx/model.onnx")
LONGEST = 128  # pieces of a text that are looked at


class OnnxFolder:
    """Encoder over onnxruntime, one text at a time: int8 networks give a text other numbers beside longer ones."""

    def __init__(self, folder: Path) -> None:
        model = next((folder / name for name in MODELS if (folder / name).is_file()), None)
        if model is None or not (folder / "tokenizer.json").is_file():
            raise EncoderError(
                f"{folder} is no sentence encoder: it needs model.onnx and tokenizer.json. `make encoders` builds the English one."
            )
        self._mean = _pools_by_mean(folder)
        self.fingerprint = combined(
            {
                path.relative_to(folder).as_posix(): file_hash(path)
                for path in (model, folder / "tokenizer.json")
            }
        )
        self._session, self._tokenizer = _open(model, folder / "tokenizer.json")
        self._inputs = {one.name for one in self._session.get_inputs()}
        if (
            not {"input_ids", "attention_mask"}
            <= self._inputs
            <= {"input_ids", "attention_mask", "token_type_ids"}
        ):
            raise EncoderError(
                f"{model} asks for {sorted(self._inputs)}; a sentence encoder asks for input_ids and attention_mask."
            )

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = np.vstack([self._row(text) for text in texts]).astype(np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def _row(self, text: str) -> np.ndarray:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        if hidden.ndim == 2:  # the network pools by itself
            return hidden[0]
        return hidden[0].mean(axis=0) if self._mean else hidden[0, 0]


def _open(model: Path, vocabulary: Path) -> tuple[Any, Any]:
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError as error:
        raise EncoderError(
            f"An onnx encoder needs the package {error.name}: run `make encoders` first."
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        tokenizer = Tokenizer.from_file(str(vocabulary))
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST)
        return onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        ), tokenizer
    except Exception as error:  # both libraries raise bare exceptions of their own
        raise EncoderError(
            f"The encoder in {model.parent} cannot be read; its files are damaged or of another kind."
        ) from error


def _pools_by_mean(folder: Path) -> bool:
    path = folder / "1_Pooling" / "config.json"
    if not path.is_file():
        return True
    try:
        return not json.loads(path.read_text(encoding="utf-8")).get("pooling_mode_cls_token", False)
    except (OSError, ValueError) as error:
        raise EncoderError(f"{path} cannot be read; the encoder's folder is incomplete.") from error
