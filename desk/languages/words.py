"""How one language joins days and times, where Babel's own way is not enough, and how people leave the queue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`time`, `day` and `date` are Babel patterns; the next ones have the placeholders that they show.

    `leaving`: what somebody writes who no longer waits for a person; `ending`: what also ends a conversation that an
    agent has, because it can mean nothing else. `polite`: words around them. All without accents and punctuation.
    """

    days: str = "{first} – {last}"
    span: str = "{start} – {end}"
    moment: str = "{day}, {time}"
    time: str = "HH:mm"
    day: str = "full"
    date: str = "long"
    leaving: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
