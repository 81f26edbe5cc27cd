"""How people of one language ask whether something is true, and the words of verdicts and of the public page."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`begin` are phrases that stand before a claim, `end` whole sentences beside it; `negations` turn a claim round. All these are
    without accents and punctuation. `verdicts` are labels by name."""

    begin: tuple[str, ...]
    end: tuple[str, ...]
    negations: frozenset[str]
    verdicts: Mapping[str, str]
    sources: str
    none_of_these: str
    title: str
    lead: str
    nothing: str
    changed: str
    ask: str
