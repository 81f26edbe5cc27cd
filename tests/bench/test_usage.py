"""Resource usage of a process, with or without its descendants."""

import pytest

from bench.support import usage

# pid: (user, system, user and system of children that ended), in ticks
TIMES = {1: (10, 1, 100, 0), 2: (20, 2, 0, 0), 3: (40, 4, 0, 1000), 4: (80, 8, 0, 0)}
CHILDREN = {1: [2, 3], 2: [], 3: [4], 4: []}


@pytest.mark.parametrize(("family", "ticks"), [(False, 11), (True, 11 + 100 + 22 + 44 + 1000 + 88)])
def test_a_family_goes_down_to_the_last_child(
    monkeypatch: pytest.MonkeyPatch, family: bool, ticks: int
) -> None:
    monkeypatch.setattr(usage, "_times", TIMES.__getitem__)
    monkeypatch.setattr(usage, "_children", CHILDREN.__getitem__)
    assert usage.processor_seconds(1, family=family) == pytest.approx(ticks / usage.TICK)
