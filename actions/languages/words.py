"""What the actions know of how people write one language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """`name` is what the language calls itself; `called` what it and other languages are called in it, by code.

    `correcting` and `place` are beginnings of sentences: of a correction, and of the description of a place.
    `parts` are the words for each part of a report. `empty` are words that say nothing by themselves. `everything`: all
    that is under way. `removing` begins a wish to leave a part out. `negating` stands before what is not so, and
    `instead` between the right and the wrong. `rewriting` leads to the new words of a description. `dropping` begins a wish to leave one of several reports, `first` says which to take first.
    `addresses` are words that many addresses share, `numbers` announce a house number.
    """

    name: str
    called: Mapping[str, str] = field(default_factory=dict)
    correcting: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    empty: str = ""
    addresses: str = ""
    numbers: str = ""
    everything: str = ""
    removing: tuple[str, ...] = ()
    negating: str = ""
    instead: tuple[str, ...] = ()
    rewriting: tuple[str, ...] = ()
    dropping: tuple[str, ...] = ()
    first: str = ""
