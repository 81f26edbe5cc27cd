"""What the actions know of how people write one language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """`name` is what the language calls itself; `called` what it and other languages are called in it, by code.

    `correcting` and `place` are beginnings of sentences: of a correction, and of the description of a place.
    `parts` are the words for each part of a report. `empty` are words that say nothing by themselves.
    `holidays` are what we call the days of city/feasts.py; `day_pattern` and `time_pattern` are Babel's, and `span`
    joins two times. `now`, `weekend` and `because` are phrases of a question about time. `streets_after` are words
    for a street that stand after its name, `streets_before` those before it, and `before_street` words that are no
    part of a name. All phrases are in lower case without accents.
    """

    name: str
    called: Mapping[str, str] = field(default_factory=dict)
    correcting: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    empty: str = ""
    holidays: Mapping[str, str] = field(default_factory=dict)
    day_pattern: str = "full"
    time_pattern: str = "HH:mm"
    span: str = "{start} – {end}"
    now: tuple[str, ...] = ()
    weekend: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    streets_after: str = ""
    streets_before: str = ""
    before_street: str = ""
