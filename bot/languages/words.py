"""How people write one language: the bot's words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Around = tuple[tuple[str, ...], tuple[str, ...]]
"""Words that stand before, and words that stand after: "next Tuesday", "el martes que viene"."""


@dataclass(frozen=True)
class Words:
    """`asking` and `telling` are beginnings of sentences; `joining` connects two questions in one message.

    `referring`: words that point to what was said before. `also`: what joins another matter, and `another`: one more of
    the same kind. `pointing`: a sentence that begins or ends with one of them
    speaks of what was said before. `determiners` begin a noun phrase. `at` leads to a place; `beside` leads to a landmark, but for the phrases of `unplaced`. `days`: a phrase and its distance from today in days.
    `not_days`: phrases that look like a day. `weekdays` is Monday to Sunday and `months` January to December, each
    with every form that people write, separated by spaces. `holidays`: what people write for the days of
    city/feasts.py, by their keys there, and under "any" for a holiday without a name.
    `languages` are names of languages in it and their codes.
    `switching` are the words of a wish for another language: a text of these and a language's name is one, and
    `not_speaking` are those that say which language somebody does not understand. `closing` begins the end of a letter, and so may `thanking`, and `living` stands before somebody's own address.
    `street_short` are abbreviations of kinds of street; `streets_after` and `streets_before` are kinds that follow or precede a street's
    name. `crossing` joins two streets, `before_number` precedes a house number after the street, `on_street` precedes a street, and
    `number_next` precedes a number that belongs to the street behind it. `units` make a number a quantity.
    `enumerating` are words before each of several things but the first.
    `announced` are names for what somebody is about to tell, and `announcing` stand around them: "I have three issues".
    `first` are the words for which of several things comes first, `starting` begins such a wish, and `around_first` may stand
    before or behind it. `dropping` begins a wish to do without something. `adding` are beginnings of words that ask to add something to it, and `that` leads to what.
    `forgetting` are phrases before what was left out of it. `done` are phrases that say that a problem is over, and `not_done` words
    beside them that say that it is not.
    `being` are words that say how something is. Of a report, `showing` are words of who wants to see it, `which` begins a
    question for its words if one of `stating` follows, and `going` are words of who asks how it goes.
    `ways` are phrases of who asks how something is done. `courteous` may stand around a command.
    `not_being` begins what something is not, `describing` how it is, and `lasting` are words for what goes on.
    `untrue` are phrases that say that something is not so, the longest first, and `around_untrue` words beside them that say nothing.
    """

    asking: tuple[str, ...]
    telling: tuple[str, ...]
    joining: tuple[str, ...]
    weekdays: tuple[str, str, str, str, str, str, str]
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]
    referring: tuple[str, ...] = ()
    holidays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    another: tuple[str, ...] = ()
    pointing: tuple[str, ...] = ()
    determiners: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    days: Mapping[str, int] = field(default_factory=dict)
    not_days: tuple[str, ...] = ()
    next: Around = ((), ())
    last: Around = ((), ())
    this: Around = ((), ())
    ahead: Around = ((), ())
    ago: Around = ((), ())
    day: tuple[str, ...] = ()
    week: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    morning: tuple[str, ...] = ()
    afternoon: tuple[str, ...] = ()
    on_the_hour: tuple[str, ...] = ()
    named_times: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    switching: str = ""
    not_speaking: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    thanking: tuple[str, ...] = ()
    courteous: tuple[str, ...] = ()
    living: tuple[str, ...] = ()
    being: str = ""
    enumerating: str = ""
    announced: str = ""
    announcing: str = ""
    first: str = ""
    starting: tuple[str, ...] = ()
    dropping: tuple[str, ...] = ()
    around_first: str = ""
    adding: str = ""
    forgetting: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    not_done: str = ""
    that: str = ""
    showing: str = ""
    which: tuple[str, ...] = ()
    stating: tuple[str, ...] = ()
    going: str = ""
    ways: tuple[str, ...] = ()
    not_being: tuple[str, ...] = ()
    describing: tuple[str, ...] = ()
    lasting: str = ""
    untrue: tuple[str, ...] = ()
    around_untrue: str = ""
    street_short: Mapping[str, str] = field(default_factory=dict)
    streets_after: str = ""
    streets_before: str = ""
    crossing: str = ""
    before_number: str = ""
    on_street: str = ""
    number_next: str = ""
    units: str = ""
