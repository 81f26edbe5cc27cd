"""The figures of the reports, as data: title, definition, and what each counts.

docs/reports.md is generated from this table (`python -m desk.reporting.figures > docs/reports.md`); a test compares them.
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
        "Erased ones are counted too, unless a filter needs erased data.",
        lambda fact: True),
    Figure("answered", "Answered by the bot", "share",
        "Conversations in which the bot answered at least one message, out of all whose messages still exist.",
        lambda fact: fact.answered is True, lambda fact: fact.answered is not None, base_title="conversations"),
    Figure("contained", "Contained", "share",
        "Resolved without a message from an agent, and without a new conversation of the same person on any "
        "channel within the next 7 days; out of those that the bot answered. Excluded: those that are still open, or that ended "
        "less than 7 days ago, unless an agent wrote or the citizen came back. Two channels count as one person only if they "
        "are linked.",
        lambda fact: fact.contained is True, lambda fact: fact.contained is not None,
        base_title="conversations that the bot answered"),
    Figure("again", "Came back within 7 days", "share",
        "The same person opened another conversation within 7 days after the end, on any channel; out of the resolved ones "
        "for which that is known.",
        lambda fact: fact.again is True, lambda fact: fact.again is not None, base_title="resolved conversations"),
    Figure("handed_off", "Handed off to people", "share",
        "Conversations that entered the queue, or that an agent took over from the bot, out of all.",
        lambda fact: fact.handed_off_at is not None, base_title="conversations"),
    _time("bot_part", "The bot's part before a handoff",
        "From the opening to the first handoff.", lambda fact: fact.bot_part),
    _time("wait", "Wait for a person",
        "From the first entry into the queue until an agent first claims it, including transfers between teams, day and "
        "night. People who gave up or still wait are not included: see Gave up waiting.", lambda fact: fact.wait),
    _time("first_response", "First response of a person",
        "From the first entry into the queue to the first message of an agent, day and night.",
        lambda fact: fact.first_response),
    _time("handling", "Handling time of people",
        "The time during which it was an agent's turn, for resolved conversations: without the bot's part, the queue, and the "
        "time spent waiting for the citizen.", lambda fact: fact.handling),
    _time("in_hand", "Time in hand",
        "The time during which an agent had it, for resolved conversations, including the time spent waiting for the citizen. "
        "Staffing is computed from it.", lambda fact: fact.in_hand),
    _time("lasted", "From opening to end",
        "From the opening to the last resolution, for resolved conversations.", lambda fact: fact.lasted),
    Figure("abandoned", "Gave up waiting", "share",
        "Handed off, and ended without any message from an agent: the citizen left the queue, or it was resolved unanswered. "
        "Out of the handed off ones for which that is known.",
        lambda fact: fact.abandoned is True, lambda fact: fact.abandoned is not None,
        base_title="handed off conversations"),
    Figure("sla_first", "First response in time", "share",
        "Answered by an agent within the promised time after the first entry into the queue; out of those with such a promise "
        "that were answered, or that have already waited longer.",
        lambda fact: fact.sla_first is True, lambda fact: fact.sla_first is not None,
        base_title="conversations with a promise"),
    Figure("sla_next", "Every next response in time", "share",
        "Each message of the citizen after the first response was answered, or the conversation ended, within the promised "
        "time; out of those with such messages.",
        lambda fact: fact.sla_next is True, lambda fact: fact.sla_next is not None,
        base_title="conversations with a promise"),
    Figure("sla_resolution", "Resolved in time", "share",
        "Resolved within the promised time after the handoff. The clock is paused while it waits for the citizen, and outside "
        "the hours of the policy. Excluded: conversations that went back to the bot.",
        lambda fact: fact.sla_resolution is True, lambda fact: fact.sla_resolution is not None,
        base_title="conversations with a promise"),
    Figure("resolved", "Resolved", "share",
        "Conversations that are currently resolved, out of all.",
        lambda fact: fact.resolved_at is not None, base_title="conversations"),
    Figure("idle", "Ended by themselves", "share",
        "Ended automatically because nobody wrote any more, out of the resolved ones.",
        lambda fact: fact.reason == "idle", lambda fact: fact.resolved_at is not None,
        base_title="resolved conversations"),
    Figure("reopened", "Reopened", "share",
        "Reopened by an agent, or because the citizen said that it was not solved; out of those that an agent had.",
        lambda fact: fact.reopened, lambda fact: bool(fact.agents), base_title="conversations of people"),
    Figure("disputed", "Disputed closures", "share",
        "The citizen said, when asked or unprompted, that a closed request from this conversation was not fixed; out of the "
        "conversations with a closed request about which the citizen was asked or said so, whether or not they answered. Erased ones are excluded.",
        lambda fact: fact.disputed is True, lambda fact: fact.disputed is not None,
        base_title="conversations with a closed request"),
    Figure("not_solved", "Not solved, says the citizen", "share",
        "The citizen said after a low rating that it was not solved, and it went back to an agent; out of those asked.",
        lambda fact: fact.not_solved, lambda fact: fact.asked, base_title="conversations asked about"),
    Figure("rated", "Answered the rating question", "share",
        "The citizen rated the service; out of those asked.",
        lambda fact: fact.rating is not None, lambda fact: fact.asked, base_title="conversations asked about"),
    Figure("csat", "Satisfied (CSAT)", "share",
        "Rated 4 or 5 out of 5; out of those rated. Ratings are erased with their contact.",
        lambda fact: (fact.rating or 0) >= GOOD_RATING, lambda fact: fact.rating is not None,
        base_title="ratings"),
    Figure("quality", "Quality reviews", "percent",
        "The mean score of a conversation's quality reviews, as a percentage of the highest possible score.",
        lambda fact: fact.score is not None, measure=lambda fact: fact.score),
)  # fmt: skip
BY_ID = {figure.id: figure for figure in FIGURES}

LOAD = (
    ("peak", "Most at once", "The largest number of conversations that an agent had at the same time in the period."),
    ("mean", "At once, on average",
     "The time-weighted average number of conversations while the agent had at least one."),
    ("active", "At once, agent's turn",
     "The same, counting only conversations in which it was the agent's turn, not those that waited for the citizen."),
    ("busy", "Time with conversations", "The time during which the agent had at least one conversation."),
    ("at_work", "Time at work",
     "The time during which the agent was available or wrapping up, from the presence history: without breaks and absence."),
    ("at_work_mean", "At once, while at work",
     "The time-weighted average number of conversations over the whole time at work, including time without any."),
    ("at_work_busy", "Of the time at work",
     "The share of the time at work during which the agent had at least one conversation."),
)  # fmt: skip
"""The figures of an agent's load: id, title, definition."""


def document() -> str:
    """docs/reports.md."""
    lines = [
        "# Reports",
        "",
        "Supervisors find the reports at `/console/reports`. This page is generated from `desk/reporting/figures.py` by",
        "`python -m desk.reporting.figures > docs/reports.md`.",
        "",
        "A conversation belongs to the day on which it was opened, in the city's time zone. Each figure can be filtered and",
        "broken down by channel, topic, language, team and day, downloaded as CSV, and leads to the conversations behind it.",
        "Users see only the conversations in their scope. A report reads at most 100,000 conversations, and says so.",
        "",
        "- A share has a 95 % Wilson interval: with few conversations it is wide, and the report says so.",
        "- A time has the median and the 90th percentile: the smallest value that nine in ten do not exceed.",
        "- The topic is the last one that the bot answered. The team is the last one that had the conversation.",
        "- A conversation whose contact was erased keeps its times, handoff and ending. Data from its messages is unknown, and",
        "  excluded from the figures that need it.",
        "- A conversation that was merged into another is not counted separately. A part that was split off is.",
        "",
        "| figure | unit | definition |",
        "|---|---|---|",
        *(f"| {one.title} | {_unit(one)} | {one.definition} |" for one in FIGURES),
        "",
        "## Load of agents",
        "",
        "Computed over time: the load changes only when a conversation starts or ends, so no figure exceeds the actual load.",
        "",
        "| figure | definition |",
        "|---|---|",
        *(f"| {title} | {definition} |" for _, title, definition in LOAD),
        "",
        "## Staffing",
        "",
        "`/console/reports/staffing` shows how long people would wait with a given number of agents. Each agent has several",
        "conversations at once; the values in the form come from the period's own data and can be changed.",
        "The model is Erlang-A: conversations arrive at random, the time in hand is exponentially distributed, and so is the",
        "time after which waiting people give up. `Within the target` is the result for a person who never gives up,",
        "so that more people giving up does not improve it.",
    ]
    return "\n".join(lines) + "\n"


def _unit(figure: Figure) -> str:
    return f"share of {figure.base_title}" if figure.unit == "share" else figure.unit


if __name__ == "__main__":
    print(document(), end="")
