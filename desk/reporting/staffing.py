"""How many agents keep the wait short, where an agent has several conversations at once. Erlang-A. Pure.

Every agent is as many places as they have conversations at once. Conversations arrive at random, occupy a
place for the handling time, and waiting contacts give up after some time (both exponentially distributed).
The state is the number of
conversations in places and in the queue; its probabilities follow from the balance of arrivals and departures.
The wait is that of a person who never gives up ("offered wait"), so contacts who give up do not make it look shorter.
"""

from dataclasses import dataclass
from math import ceil, exp, inf, log

MOST_STATES = 100_000
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Demand:
    """`per_hour` conversations come, stay in hand for `in_hand` seconds, an agent has `at_once` of them, and who waits
    gives up after `patience` seconds on average (None: never)."""

    per_hour: float
    in_hand: float
    at_once: float
    patience: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """`waits`: the share that must wait. `mean_wait` in seconds, of all. `within`: the share that would be answered
    within the target. `gives_up`: the share that leaves before. `used`: the share of places in use. With too few agents
    and nobody who gives up the queue grows without end: then `mean_wait` is infinite."""

    agents: int
    waits: float
    mean_wait: float
    within: float
    gives_up: float
    used: float


def forecast(demand: Demand, agents: int, target: float) -> Forecast:
    """What to expect with so many agents; `target` in seconds."""
    places = max(1, int(agents * demand.at_once + 1e-9)) if agents else 0
    rate, done = demand.per_hour / 3600, 1 / demand.in_hand
    leaves = 1 / demand.patience if demand.patience else 0.0
    if rate == 0:
        return Forecast(agents, 0.0, 0.0, 1.0, 0.0, 0.0)
    if not leaves and rate >= places * done:
        return Forecast(agents, 1.0, inf, 0.0, 0.0, 1.0)
    below, waiting = _weights(rate, done, places, leaves)
    total = below + sum(waiting)
    chances = [weight / total for weight in waiting]  # of `places` in use and 0, 1, 2 … in the queue
    queue = sum(place * chance for place, chance in enumerate(chances))
    gives_up = leaves * queue / rate
    within = 1 - sum(
        chance * tail
        for chance, tail in zip(chances, _tails(places * done, leaves, len(chances), target), strict=True)
    )
    used = rate * (1 - gives_up) / (places * done) if places else 0.0
    offered = sum(
        chance * mean
        for chance, mean in zip(chances, _means(places * done, leaves, len(chances)), strict=True)
    )
    return Forecast(agents, sum(chances), offered, max(0.0, min(1.0, within)), gives_up, used)


def needed(demand: Demand, target: float, share: float, most: int = 2_000) -> int | None:
    """The fewest agents with whom so large a share is answered within the target; None if `most` are too few."""
    low, high = 0, 1
    while forecast(demand, high, target).within < share:
        low, high = high, high * 2
        if low >= most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if forecast(demand, middle, target).within >= share else (middle, high)
    return high if high <= most else None


def _weights(rate: float, done: float, places: int, leaves: float) -> tuple[float, list[float]]:
    """Weights of the states, relative to all places in use and nobody waiting: of all below together, and of all places
    in use with 0, 1, 2 … waiting."""
    weight = below = 1.0
    for number in range(places, 0, -1):  # downwards, so that nothing overflows
        weight *= number * done / rate
        below += weight
        if weight < _TINY * below:
            break
    below -= 1.0
    waiting, weight = [1.0], 1.0
    total = below + 1.0
    while len(waiting) < MOST_STATES:
        weight *= rate / (places * done + len(waiting) * leaves)
        waiting.append(weight)
        total += weight
        if weight < _TINY * total:
            break
    return below, waiting


def _means(serves: float, leaves: float, states: int) -> list[float]:
    """The offered wait of somebody who finds 0, 1, 2 … waiting: all before them must go, and then one place."""
    found, mean = [], 0.0
    for ahead in range(states):
        going = serves + ahead * leaves
        mean += 1 / going if going else inf
        found.append(mean)
    return found


def _tails(serves: float, leaves: float, states: int, target: float) -> list[float]:
    """The chance that this wait exceeds the target. Those ahead go at the rates serves, serves + leaves, … so the wait
    is that of a pure death process: its tail is a sum of binomial terms (of Poisson's, where nobody gives up)."""
    found, sum_of_terms = [], 0.0
    if serves == 0:
        return [1.0] * states
    if not leaves:
        term = exp(-serves * target)
        for ahead in range(states):
            sum_of_terms += term
            term *= serves * target / (ahead + 1)
            found.append(min(1.0, sum_of_terms))
        return found
    a, gone = serves / leaves, 1 - exp(-leaves * target)
    start = -serves * target  # exp() may be too small for a float, in which case there is no tail
    if start < -700:
        return _tails_by_logs(a, gone, start, states)
    term = exp(start)
    for ahead in range(states):
        sum_of_terms += term
        term *= (a + ahead) / (ahead + 1) * gone
        found.append(min(1.0, sum_of_terms))
    return found


def _tails_by_logs(a: float, gone: float, start: float, states: int) -> list[float]:
    found, total, exponent = [], 0.0, start
    for ahead in range(states):
        total += exp(exponent) if exponent > -745 else 0.0
        exponent += log((a + ahead) / (ahead + 1) * gone) if gone > 0 else -inf
        found.append(min(1.0, total))
    return found


def suggested(demand: Demand, target: float, share: float) -> list[int]:
    """A handful of numbers of agents around the one that is needed, for a table."""
    middle = needed(demand, target, share) or max(
        1, ceil(demand.per_hour * demand.in_hand / 3600 / demand.at_once)
    )
    return [one for one in range(middle - 3, middle + 5) if one > 0]
