"""Any sentence-transformers model as a folder: model.onnx, tokenizer.json, and its settings for pooling and prompts.

Create one with `optimum-cli export onnx` or take it from a model hub. The files are hashed, and a model that was
trained with other files refuses to load. A model that needs a prefix (E5's "query: ") names it in
config_sentence_transformers.json: `prompts`, and `default_prompt_name`, the one that is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from bot.encoders import EncoderError
from bot.encoders.pinned import combined
from bot.encoders.unigram import FILE as UNIGRAM
from bot.encoders.unigram import Unigram
from bot.model_file import file_hash

PROMPTS = "config_sentence_transformers.json"
POOLING = "1_Pooling/config.json"
MODELS = ("model_quantized.onnx", "model.onnx", "onnx/model_quantized.onnx", "onnx/model.onnx")
LONGEST = 128  # pieces of a text that are read


class OnnxFolder:
    """Encoder on onnxruntime, one text at a time: in a batch, an int8 network's result for a text depends on the longer ones."""

    def __init__(self, folder: Path) -> None:
        model = next((folder / name for name in MODELS if (folder / name).is_file()), None)
        vocabulary = next(
            (folder / name for name in (UNIGRAM, "tokenizer.json") if (folder / name).is_file()), None
        )
        if model is None or vocabulary is None:
            raise EncoderError(
                f"{folder} is no sentence encoder: it needs model.onnx and tokenizer.json. `make encoders` builds two such folders."
            )
        self._mean = not _settings(folder / POOLING).get("pooling_mode_cls_token", False)
        self._prompt = _prompt(folder / PROMPTS)
        told = [path for path in (folder / POOLING, folder / PROMPTS) if path.is_file()]
        weights = model.parent.glob(f"{model.name}*")  # a large network stores its weights in a separate file
        self.fingerprint = combined(
            {path.relative_to(folder).as_posix(): file_hash(path) for path in (*weights, vocabulary, *told)}
        )
        self._ids = _tokenizer(vocabulary)
        self._session = _network(model)
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
        ids = np.array([self._ids(self._prompt + text)], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        if hidden.ndim == 2:  # the network pools by itself
            return hidden[0]
        return hidden[0].mean(axis=0) if self._mean else hidden[0, 0]


def _tokenizer(vocabulary: Path) -> Callable[[str], list[int]]:
    if vocabulary.name == UNIGRAM:
        try:
            pieces = Unigram(vocabulary.parent)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise _unreadable(vocabulary.parent) from error
        return lambda text: pieces.encode(text, LONGEST)
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise _missing(error) from error
    try:
        tokenizer = Tokenizer.from_file(str(vocabulary))
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST)
    except Exception as error:  # the library raises plain Exception
        raise _unreadable(vocabulary.parent) from error
    return lambda text: list(tokenizer.encode(text).ids)


def _network(model: Path) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise _missing(error) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library has a different exception for each fault
        raise _unreadable(model.parent) from error


def _missing(error: ImportError) -> EncoderError:
    return EncoderError(f"An onnx encoder needs the package {error.name}: run `make encoders` first.")


def _unreadable(folder: Path) -> EncoderError:
    return EncoderError(f"The encoder in {folder} cannot be read; its files are damaged or of another kind.")


def _prompt(path: Path) -> str:
    """The prefix of each text: empty, unless the file names a default prompt."""
    settings = _settings(path)
    name = settings.get("default_prompt_name")
    if name is None:
        return ""
    prompts = settings.get("prompts")
    prompt = prompts.get(name) if isinstance(prompts, dict) and isinstance(name, str) else None
    if not isinstance(prompt, str):
        raise EncoderError(f"{path} names the prompt {name!r} and does not say what it is.")
    return prompt


def _settings(path: Path) -> dict[str, Any]:
    """Empty if there is no such file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise EncoderError(f"{path} cannot be read; the encoder's folder is incomplete.") from error
    if not isinstance(found, dict):
        raise EncoderError(f"{path} is no list of settings; the encoder's folder is of another kind.")
    return found
