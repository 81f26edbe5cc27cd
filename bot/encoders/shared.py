"""One instance of each encoder per process: they hold 100 MB of read-only weights."""

from __future__ import annotations

from functools import lru_cache

from bot.encoders import Encoder, open_encoder
from bot.encoders.multilingual import Multilingual


def encoder(kind: str, path: str | None = None) -> Encoder:
    """As `open_encoder`. Raises EncoderError."""
    return _opened(kind, path)


@lru_cache(maxsize=4)
def _opened(kind: str, path: str | None) -> Encoder:
    return open_encoder(kind, path)


def shared_encoder() -> Multilingual:
    """Returns the default encoder, for its vocabulary."""
    found = encoder("multilingual")
    assert isinstance(found, Multilingual)
    return found
