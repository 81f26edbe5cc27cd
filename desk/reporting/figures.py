"""The figures of the reports, as data: what each is called, means, and counts.

docs/reports.md is written from this table (`python -m desk.reporting.figures > docs/reports.md`); a test compares them.
Every figure knows the conversations behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from desk.reporting.facts import Fact
from desk.reporting.intervals import Share, Spread, share, spread

Unit = Literal["conversations", "share", "time", "percent"]
Value = int | Share | Spread | None
GOOD_RATING = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """`counted` says which conversations it counts. A share is of those for which `base` holds; a time is what
    `measure` gives, in seconds (None: not counted)."""

    id: str
    title: str
    unit: Unit
    definition: str
    counted: Callable[[Fact], bool]
    base: Callable[[Fact], bool] = lambda fact: True
    measure: Callable[[Fact], float | None] = lambda fact: None
    base_title: str = ""

    def of(self, facts: Sequence[Fact]) -> Value:
        """The value for these conversations; None if there is nothing to measure."""
        if self.unit in ("time", "percent"):
            return spread([value for value in map(self.measure, facts) if value is not None])
        if self.unit == "share":
            based = [fact for fact in facts if self.base(fact)]
            return share(sum(map(self.counted, based)), len(based))
        return sum(map(self.counted, facts))

    def behind(self, facts: Sequence[Fact]) -> list[Fact]:
        """The conversations that it counts."""
        return [fact for fact in facts if self.base(fact) and self.counted(fact)]


def _time(id: str, title: str, definition: str, measure: Callable[[Fact], float | None]) -> Figure:
    return Figure(id, title, "time", definition, lambda fact: measure(fact) is not None, measure=measure)


FIGURES: tuple[Figure, ...] = (
    Figure("conversations", "Conversations", "conversations",
        "Conversations that were opened in the period, by a citizen's first message or by the desk. "
        "Erased ones are counted too, as long as no filter asks for what was erased.",
        lambda fact: True),
    Figure("answered", "Answered by the bot", "share",
        "Conversations in which the bot answered at least one message, of all whose messages still exist.",
        lambda fact: fact.answered is True, lambda fact: fact.answered is not None, base_title="conversations"),
    Figure("contained", "Contained", "share",
        "Resolved with no message of a person of the city, and without a new conversation of the same person on any "
        "channel within 7 days after; of those that the bot answered. Left out: those that are still open, or that ended "
        "less than 7 days ago, unless a person wrote or the citizen came back. Two channels are one person only if they "
        "are linked.",
        lambda fact: fact.contained is True, lambda fact: fact.contained is not None,
        base_title="conversations that the bot answered"),
    Figure("again", "Came back within 7 days", "share",
        "The same person opened another conversation within 7 days after the end, on any channel; of the resolved ones "
        "for which that is known.",
        lambda fact: fact.again is True, lambda fact: fact.again is not None, base_title="resolved conversations"),
    Figure("handed_off", "Handed off to people", "share",
        "Conversations that came to the queue, or that a person took over from the bot, of all.",
        lambda fact: fact.handed_off_at is not None, base_title="conversations"),
    _time("bot_part", "The bot's part before a handoff",
        "From the opening to the first handoff.", lambda fact: fact.bot_part),
    _time("wait", "Wait for a person",
        "From the first entry into the queue to the first agent who takes it, through transfers between teams, day and "
        "night. Who gave up or still waits is not in it: see Gave up waiting.", lambda fact: fact.wait),
    _time("first_response", "First response of a person",
        "From the first entry into the queue to the first message of an agent, day and night.",
        lambda fact: fact.first_response),
    _time("handling", "Handling time of people",
        "The time in which it was an agent's turn, of resolved conversations: without the bot's part, the queue, and the "
        "time in which it waited for the citizen.", lambda fact: fact.handling),
    _time("in_hand", "Time in hand",
        "The time in which an agent had it, of resolved conversations, with the time in which it waited for the citizen. "
        "Staffing is computed from it.", lambda fact: fact.in_hand),
    _time("lasted", "From opening to end",
        "From the opening to the last resolution, of resolved conversations.", lambda fact: fact.lasted),
    Figure("abandoned", "Gave up waiting", "share",
        "Handed off, and over without any message of a person: the citizen left the queue, or it was resolved unanswered. "
        "Of the handed off ones for which that is known.",
        lambda fact: fact.abandoned is True, lambda fact: fact.abandoned is not None,
        base_title="handed off conversations"),
    Figure("sla_first", "First response in time", "share",
        "Answered by a person within the promised time after the first entry into the queue; of those with such a promise "
        "that were answered, or that wait for longer already.",
        lambda fact: fact.sla_first is True, lambda fact: fact.sla_first is not None,
        base_title="conversations with a promise"),
    Figure("sla_next", "Every next response in time", "share",
        "Each message of the citizen after the first response was answered, or the conversation ended, within the promised "
        "time; of those with such messages.",
        lambda fact: fact.sla_next is True, lambda fact: fact.sla_next is not None,
        base_title="conversations with a promise"),
    Figure("sla_resolution", "Resolved in time", "share",
        "Resolved within the promised time after the handoff. The clock stands while it waits for the citizen, and outside "
        "the hours of the policy. Left out: what went back to the bot.",
        lambda fact: fact.sla_resolution is True, lambda fact: fact.sla_resolution is not None,
        base_title="conversations with a promise"),
    Figure("resolved", "Resolved", "share",
        "Conversations that are resolved now, of all.",
        lambda fact: fact.resolved_at is not None, base_title="conversations"),
    Figure("idle", "Ended by themselves", "share",
        "Ended by the desk because nobody wrote any more, of the resolved ones.",
        lambda fact: fact.reason == "idle", lambda fact: fact.resolved_at is not None,
        base_title="resolved conversations"),
    Figure("reopened", "Reopened", "share",
        "Reopened by an agent, or because the citizen said that it was not solved; of those that a person had.",
        lambda fact: fact.reopened, lambda fact: bool(fact.agents), base_title="conversations of people"),
    Figure("disputed", "Disputed closures", "share",
        "The citizen said of a request from this conversation that it was closed and not fixed, asked or in words; of the "
        "conversations with a closed request about which the citizen was asked, or said so, whether or not they answered. Erased ones are left out.",
        lambda fact: fact.disputed is True, lambda fact: fact.disputed is not None,
        base_title="conversations with a closed request"),
    Figure("not_solved", "Not solved, says the citizen", "share",
        "The citizen said after a low rating that it was not solved, and it went back to a person; of those asked.",
        lambda fact: fact.not_solved, lambda fact: fact.asked, base_title="conversations asked about"),
    Figure("rated", "Answered the rating question", "share",
        "The citizen rated the service; of those asked.",
        lambda fact: fact.rating is not None, lambda fact: fact.asked, base_title="conversations asked about"),
    Figure("csat", "Satisfied (CSAT)", "share",
        "Rated 4 or 5 of 5; of those rated. Ratings are erased with their contact.",
        lambda fact: (fact.rating or 0) >= GOOD_RATING, lambda fact: fact.rating is not None,
        base_title="ratings"),
    Figure("quality", "Quality reviews", "percent",
        "The mean score of a conversation's quality reviews, in percent of the most that the criteria give.",
        lambda fact: fact.score is not None, measure=lambda fact: fact.score),
)  # fmt: skip
BY_ID = {figure.id: figure for figure in FIGURES}

LOAD = (
    ("peak", "Most at once", "The most conversations that an agent had in hand at one moment of the period."),
    ("mean", "At once, on average",
     "Conversations in hand, on average over the time in which the agent had at least one. Every moment counts once."),
    ("active", "At once, agent's turn",
     "The same, only while it was the agent's turn: without those that waited for the citizen."),
    ("busy", "Time with conversations", "The time in which the agent had at least one conversation in hand."),
    ("at_work", "Time at work",
     "The time in which the agent was available or wrapping up, by the history of presence: without breaks and absence."),
    ("at_work_mean", "At once, while at work",
     "Conversations in hand within the time at work, on average over all of it: the time without any counts, too."),
    ("at_work_busy", "Of the time at work",
     "The share of the time at work in which the agent had at least one conversation in hand."),
)  # fmt: skip
"""The figures of an agent's load: id, title, definition."""


def document() -> str:
    """docs/reports.md."""
    lines = [
        "# Reports",
        "",
        "Supervisors find the reports at `/console/reports`. This page is written from `desk/reporting/figures.py` by",
        "`python -m desk.reporting.figures > docs/reports.md`.",
        "",
        "A conversation belongs to the day on which it was opened, in the city's time zone. Each figure can be filtered and",
        "broken down by channel, topic, language, team and day, downloaded as CSV, and leads to the conversations behind it.",
        "A person sees the conversations of their scope only. A report reads 100,000 conversations at most, and says so.",
        "",
        "- A share has Wilson's interval of 95 %: with few conversations it is wide, and says so.",
        "- A time has the median and the 90th percentile: the smallest value that nine of ten do not exceed.",
        "- The topic is the last one that the bot answered. The team is the last one.",
        "- A conversation whose contact was erased keeps its times, handoff and ending. What its messages told is unknown, and",
        "  left out of the figures that need it.",
        "- A conversation that was merged into another is not counted by itself. What was split off is one of its own.",
        "",
        "| figure | unit | definition |",
        "|---|---|---|",
        *(f"| {one.title} | {_unit(one)} | {one.definition} |" for one in FIGURES),
        "",
        "## Load of agents",
        "",
        "Counted along time: the load changes only where a conversation comes or goes, so no figure is above what was true.",
        "",
        "| figure | definition |",
        "|---|---|",
        *(f"| {title} | {definition} |" for _, title, definition in LOAD),
        "",
        "## Staffing",
        "",
        "`/console/reports/staffing` tells how long people would wait with how many agents. Each agent has several",
        "conversations at once; the figures of the form come from the period's own data and can be changed.",
        "The model is Erlang-A: conversations come at random, take a time in hand that varies as an exponential does, and",
        "people who wait give up after a time that varies likewise. `Within the target` is what a person who never gives up",
        "would find, so that more who give up do not make it look better.",
    ]
    return "\n".join(lines) + "\n"


def _unit(figure: Figure) -> str:
    return f"share of {figure.base_title}" if figure.unit == "share" else figure.unit


if __name__ == "__main__":
    print(document(), end="")
