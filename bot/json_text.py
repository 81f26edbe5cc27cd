"""JSON to and from text. A turn writes and reads some ten kilobytes of it, which msgspec does in a tenth of the standard
library's time."""

from __future__ import annotations

import json
from typing import Any

import msgspec


def _plain(value: Any) -> Any:
    """NumPy's floats, which the standard library writes as floats."""
    if isinstance(value, float):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


_encoder = msgspec.json.Encoder(enc_hook=_plain)


def dumps(value: Any) -> str:
    """As `json.dumps`, without spaces, and letters outside ASCII as they are. Raises TypeError."""
    try:
        return _encoder.encode(value).decode()
    except UnicodeEncodeError:  # half a surrogate pair: only as an escape
        return json.dumps(value)


def loads(text: str | bytes) -> Any:
    """As `json.loads`. Raises ValueError; RecursionError for what is nested too deep."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ValueError("not JSON") from error
