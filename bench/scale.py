"""`python -m bench.scale`: how many of each process a place needs, computed from `make bench` on this
machine.

Nothing is measured here. Each number in the table is either a figure from var/bench/performance.json or an
assumption; both are named below the table.
"""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.report import FOLDER

BUSY = 0.6  # planned utilisation of a core, for each process
MESSAGES = 5  # per contact, and the same number of answers
WINDOW_SECONDS = 600.0  # how long a chat window stays open
BUSIEST_HOUR = 0.15  # share of a day's contacts
WINDOWS_EACH = 10_000  # per gateway: what `make bench` opened
SPARE = 1  # of each process, to cover one that fails
YEAR_DAYS = 365


@dataclass(frozen=True)
class Place:
    """`contacts_an_hour` is the hour planned for; `contacts_a_year` is what is stored."""

    name: str
    contacts_an_hour: float
    contacts_a_year: float
    why: str


PLACES = (
    Place("a town", 1_000 * BUSIEST_HOUR, 1_000 * YEAR_DAYS, "1,000 contacts a day, 15 % of them in the busiest hour"),
    Place("New York's 311", 10 * 42e6 / YEAR_DAYS / 24, 42e6, "42 million a year / 8,760 hours, a crisis hour of ten times that"),
    Place("a nation", 100e6 * 0.05 * BUSIEST_HOUR, 100e6, "100 million people; on the crisis day 5 % write, 15 % of them in one hour; else one contact a year each"),
)  # fmt: skip


@dataclass(frozen=True)
class Costs:
    """Per message: milliseconds of processor time in each process, and KB stored; per window: KB of memory."""

    gateway: float
    worker: float
    postgres: float
    bot: float
    window: float
    stored: float


@dataclass(frozen=True)
class Plan:
    """What a place needs in the hour planned for. `postgres` is in cores, `windows` open at once."""

    messages: float
    windows: float
    gateways: int
    workers: int
    bots: int
    postgres: float
    memory: float
    stored: float


def plan(place: Place, costs: Costs) -> Plan:
    """Calculate the plan: messages a second, counts, GB of windows' memory, GB stored a year."""
    messages = place.contacts_an_hour * MESSAGES / 3600
    windows = place.contacts_an_hour * WINDOW_SECONDS / 3600

    def processes(milliseconds: float) -> int:
        return math.ceil(messages * milliseconds / 1000 / BUSY)

    return Plan(
        messages=messages,
        windows=windows,
        gateways=max(processes(costs.gateway), math.ceil(windows / WINDOWS_EACH)) + SPARE,
        workers=processes(costs.worker) + SPARE,
        bots=processes(costs.bot) + SPARE,
        postgres=messages * costs.postgres / 1000 / BUSY,
        memory=windows * costs.window / 2**20,
        stored=place.contacts_a_year * 2 * MESSAGES * costs.stored / 2**20,
    )


def costs(rows: Sequence[Mapping[str, object]]) -> Costs:
    """Read the costs from performance.json. Raises LookupError with a sentence for a figure not measured yet."""
    known = {str(row["name"]): row["ours"] for row in rows}

    def figure(name: str) -> float:
        found = known.get(name)
        if not isinstance(found, int | float):
            raise LookupError(f"'{name}' is not measured yet: run `make bench-{name.partition(':')[0]}`.")
        return float(found)

    return Costs(
        gateway=figure("message-cost: gateway, 16 clients"),
        worker=figure("message-cost: worker, 16 clients"),
        postgres=figure("message-cost: postgres, 16 clients"),
        bot=figure("turn: processor time of a turn in the bot"),
        window=figure("idle: memory of a window"),
        stored=figure("growth: stored of a message, with all that belongs to it"),
    )


def main() -> int:
    """Print the table as shown in docs/scale.md. Returns 2 with one sentence if a figure is missing."""
    try:
        measured = costs(json.loads((FOLDER / "performance.json").read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        print(f"There are no figures yet ({type(error).__name__}): run `make bench`.", file=sys.stderr)
        return 2
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    plans = [(place, plan(place, measured)) for place in PLACES]
    print("| | " + " | ".join(place.name for place, _ in plans) + " |")
    print("|---|" + "---|" * len(plans))
    for name, shown in (
        ("contacts in the planned hour", lambda place, _: f"{place.contacts_an_hour:,.0f}"),
        ("messages a second", lambda _, one: f"{one.messages:,.1f}"),
        ("windows open at once", lambda _, one: f"{one.windows:,.0f}"),
        ("gateways", lambda _, one: f"{one.gateways:,}"),
        ("workers", lambda _, one: f"{one.workers:,}"),
        ("bots", lambda _, one: f"{one.bots:,}"),
        ("cores for PostgreSQL", lambda _, one: f"{one.postgres:,.1f}"),
        ("memory of windows", lambda _, one: f"{one.memory:,.2f} GB"),
        ("stored in a year", lambda _, one: f"{one.stored:,.0f} GB"),
    ):
        print(f"| {name} | " + " | ".join(shown(place, one) for place, one in plans) + " |")
    print(
        f"\nMeasured: a message costs {measured.gateway} ms of processor in the gateway, {measured.worker} in the worker, "
        f"{measured.postgres} in PostgreSQL and {measured.bot} in the bot; a window {measured.window} KB; {measured.stored} KB are stored of a message."
    )
    print(
        f"Assumed: {MESSAGES} messages a contact and as many answers, windows open for {WINDOW_SECONDS / 60:.0f} minutes, "
        f"{BUSY:.0%} of each core used, {SPARE} spare of each process, {WINDOWS_EACH:,} windows a gateway."
    )
    for place in PLACES:
        print(f"{place.name}: {place.why}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
