"""The staffing forecast against a simulation of agents who have several conversations each."""

import heapq
import math
from itertools import pairwise
from random import Random

import pytest

from desk.reporting.staffing import Demand, forecast, needed, suggested

CALLS = 40_000


def simulate(demand: Demand, agents: int, target: float, seed: int) -> tuple[float, float, float]:
    """(share that must wait, mean offered wait, share within the target), of conversations that come one after the
    other. The offered wait is found with a person who never gives up: when would they have been taken?"""
    random = Random(seed)
    each = int(demand.at_once)
    free = [
        (0, agent) for agent in range(agents)
    ]  # conversations in hand, agent: the least busy takes the next
    in_hand = [0] * agents
    leaving: list[tuple[float, int]] = []  # when a conversation ends, and whose it was
    queue: list[tuple[float, float]] = []  # came at, gives up at
    now = waited = within = 0.0
    waits: list[float] = []

    def until(moment: float) -> None:
        while leaving and leaving[0][0] <= moment:
            at, agent = heapq.heappop(leaving)
            in_hand[agent] -= 1
            while queue and queue[0][1] <= at:
                queue.pop(0)
            queue[:] = [one for one in queue if one[1] > at]
            if queue:
                queue.pop(0)
                take(at)

    def take(at: float) -> None:
        agent = min(range(agents), key=in_hand.__getitem__)
        in_hand[agent] += 1
        heapq.heappush(leaving, (at + random.expovariate(1 / demand.in_hand), agent))

    def offered(at: float) -> float:
        """Everybody ahead leaves or is served: run a copy of the future of the queue."""
        ends, ahead = list(leaving), [one for one in queue if one[1] > at]
        heapq.heapify(ends)
        while ends:
            end, agent = heapq.heappop(ends)
            ahead = [one for one in ahead if one[1] > end]
            if not ahead:
                return end - at
            ahead.pop(0)
            heapq.heappush(ends, (end + random.expovariate(1 / demand.in_hand), agent))
        return 0.0

    assert free
    for _ in range(CALLS):
        now += random.expovariate(demand.per_hour / 3600)
        until(now)
        patience = random.expovariate(1 / demand.patience) if demand.patience else math.inf
        if min(in_hand) < each:
            take(now)
            waits.append(0.0)
        else:
            waits.append(offered(now))
            queue.append((now, now + patience))
    waited = sum(one > 0 for one in waits) / CALLS
    within = sum(one <= target for one in waits) / CALLS
    return waited, sum(waits) / CALLS, within


@pytest.mark.parametrize(
    ("demand", "agents"),
    [
        (Demand(60, 600, 3, 300), 4),  # 10 conversations in hand on average, 12 places, givers-up
        (Demand(60, 600, 3, 300), 3),  # too few: only givers-up keep the queue short
        (Demand(30, 600, 2, None), 3),  # nobody gives up: Erlang C
    ],
)
def test_the_forecast_is_what_a_simulation_finds(demand: Demand, agents: int) -> None:
    found = forecast(demand, agents, 60)
    waits, mean, within = simulate(demand, agents, 60, seed=7)
    assert found.waits == pytest.approx(waits, abs=0.02)
    assert found.mean_wait == pytest.approx(mean, rel=0.08)
    assert found.within == pytest.approx(within, abs=0.02)


def test_erlang_c_and_erlang_b_are_the_edges() -> None:
    # 10 places, 8 in use on average: Erlang C gives 0.4092 (tables).
    c = forecast(Demand(48, 600, 1, None), 10, 0)
    assert c.waits == pytest.approx(0.4092, abs=5e-4) and c.within == pytest.approx(1 - c.waits)
    # Who never waits at all: Erlang B, 10 places, 8 offered: 0.1217.
    b = forecast(Demand(48, 600, 1, 1e-6), 10, 0)
    assert b.gives_up == pytest.approx(0.1217, abs=5e-4)


def test_more_agents_never_make_it_worse_and_too_few_are_said() -> None:
    demand = Demand(120, 900, 2.5, 240)
    found = [forecast(demand, agents, 120) for agents in range(1, 40)]
    for fewer, more in pairwise(found):
        assert more.within >= fewer.within - 1e-9 and more.mean_wait <= fewer.mean_wait + 1e-9
        assert more.gives_up <= fewer.gives_up + 1e-9
    enough = needed(demand, 120, 0.9)
    assert enough and found[enough - 1].within >= 0.9 > found[enough - 2].within
    assert enough in suggested(demand, 120, 0.9)
    assert forecast(Demand(60, 600, 1, None), 5, 60).mean_wait == math.inf
    assert forecast(demand, 0, 60).within == 0.0 and forecast(Demand(0, 600, 1, None), 1, 60).within == 1.0
    assert forecast(Demand(5_000, 600, 4, 600), 400, 60).within == pytest.approx(
        1.0
    )  # sums stay within a float
    assert needed(Demand(1e9, 600, 1, None), 60, 0.9, most=50) is None
