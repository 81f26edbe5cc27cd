"""How people write one language: the actions' words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """`name` is what the language calls itself; `called` what it and other languages are called in it, by code.

    `correcting` and `place` are beginnings of sentences: of a correction, and of the description of a place.
    `parts` are the words for each part of a report. `empty` are words that say nothing by themselves. `everything`: all
    that is under way. `removing` begins a wish to leave a part out. `negating` stands before what is not so, and
    `instead` between the right and the wrong. `rewriting` leads to the new words of a description. `dropping` begins a wish to leave one of several reports, `first` says which to take first, and `starting` begins
    the same wish. `others` are words for a report that waits ("second", "that"), `other_one` phrases that need no other word, `this_one` for the open one, `single` begins a wish for one
    report alone, and `referring` are words that may stand beside all of these.
    `unknown` are ways to say "I do not know", without accents or apostrophes. `counting` holds a line for each
    number from one on, cardinals and ordinals; `last` and `around` are what may stand for or beside them.
    `excluding` are words that exclude what follows. `vague` are the words of places that only the citizen knows:
    a text made of nothing else ("around the corner from my house") tells a crew nothing. `but` limits a yes. `beside` joins a place to a
    landmark, and `own` marks what belongs to the citizen. `streets_after` and `streets_before` stand after and before
    the name of a street.
    `not_being` are phrases before what something is not, `describing` beginnings of words about how it is.
    `since` begins since when. `map` are words for showing a place. `generic` are words of who has something to report and does not say what. `enough` are words that close a matter and describe nothing.
    `other_photo` are phrases for a photo that shows something else, and `same_photo` for one that was sent before.
    `sending` are verbs of who wants the report sent at once, and `around_sending` may stand beside them.
    `same` are phrases for "that is my problem, too", `different` for "mine is another one".
    `holidays` are what we call the days of city/feasts.py; `day_pattern` and `time_pattern` are Babel's, and `span`
    joins two times. `now`, `weekend`, `this_week`, `day_after` and `because` are phrases of a question about time, and `going_on` begins one that adds to the last. `before_street` are words that
    are no part of a street's name.
    `filed`: beginnings of words that say what is wanted of a report that was sent (withdraw, add, show).
    `commands` are phrases by which a report waits (pause), goes back one answer (undo) or begins again (start_over), by
    that name, and `polite` are words that may stand beside them.
    `addresses` are words that many addresses share, `numbers` announce a house number.
    """

    name: str
    called: Mapping[str, str] = field(default_factory=dict)
    correcting: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    polite: str = ""
    empty: str = ""
    holidays: Mapping[str, str] = field(default_factory=dict)
    day_pattern: str = "full"
    time_pattern: str = "HH:mm"
    span: str = "{start} – {end}"
    now: tuple[str, ...] = ()
    weekend: tuple[str, ...] = ()
    this_week: tuple[str, ...] = ()
    day_after: tuple[str, ...] = ()
    going_on: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    before_street: str = ""
    filed: Mapping[str, str] = field(default_factory=dict)
    addresses: str = ""
    numbers: str = ""
    everything: str = ""
    removing: tuple[str, ...] = ()
    negating: str = ""
    instead: tuple[str, ...] = ()
    rewriting: tuple[str, ...] = ()
    dropping: tuple[str, ...] = ()
    first: str = ""
    starting: tuple[str, ...] = ()
    others: str = ""
    other_one: tuple[str, ...] = ()
    this_one: str = ""
    single: tuple[str, ...] = ()
    referring: str = ""
    unknown: tuple[str, ...] = ()
    counting: tuple[str, ...] = ()
    last: str = ""
    around: str = ""
    excluding: str = ""
    vague: str = ""
    beside: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    not_being: tuple[str, ...] = ()
    describing: tuple[str, ...] = ()
    enough: str = ""
    generic: str = ""
    sending: str = ""
    around_sending: str = ""
    map: str = ""
    since: tuple[str, ...] = ()
    other_photo: tuple[str, ...] = ()
    same_photo: tuple[str, ...] = ()
    but: str = ""
    own: str = ""
    streets_after: str = ""
    streets_before: str = ""
