"""How one language joins days and times, where Babel's own way is not enough."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`time`, `day` and `date` are Babel patterns; the others have the placeholders that they show."""

    days: str = "{first} – {last}"
    span: str = "{start} – {end}"
    moment: str = "{day}, {time}"
    time: str = "HH:mm"
    day: str = "full"
    date: str = "long"
