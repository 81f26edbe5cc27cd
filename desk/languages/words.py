"""How one language joins days and times, where Babel is not enough, and the words for choosing, linking and leaving."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """`time`, `day` and `date` are Babel patterns; the next ones have the placeholders that they show, and `all_day` is a span of 24 hours.

    `days_word` is what days are counted in. `numbers` are words for 2, 3 and so on, and `number_words` further ones.
    `before_noon` and `after_noon` follow an hour; `named_times` are words for a time of the day, as hours.
    `leaving`: what somebody writes who no longer waits for a person; `ending`: what also ends a conversation that an
    agent has, because it can mean nothing else. `holding`: what somebody writes who wants their place kept and to be
    written to, and `around_holding` what may stand beside it. `polite`: words around all these. All without accents and
    punctuation.
    `ordinals` has a line for each number from one on, cardinals and ordinals; `last_choice` and `around_choice` are
    words that may replace or surround them. `linking` are whole sentences that ask to link channels.
    Right after "was it really fixed?", `fixed` and `not_fixed_alone` are whole answers, and `not_fixed` parts of one.
    `openings` begin first sentences that keep people from the answer, with accents.
    """

    days: str = "{first} – {last}"
    span: str = "{start} – {end}"
    all_day: str = "0–24"
    moment: str = "{day}, {time}"
    time: str = "HH:mm"
    day: str = "full"
    date: str = "long"
    days_word: str = "days"
    numbers: str = ""
    number_words: Mapping[str, int] = field(default_factory=dict)
    before_noon: tuple[str, ...] = ()
    after_noon: tuple[str, ...] = ()
    named_times: Mapping[str, int] = field(default_factory=dict)
    leaving: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()
    around_holding: tuple[str, ...] = ()
    ordinals: tuple[str, ...] = ()
    last_choice: str = ""
    around_choice: str = ""
    linking: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    not_fixed: tuple[str, ...] = ()
    not_fixed_alone: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
