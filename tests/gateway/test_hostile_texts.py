"""A message takes the gateway about as long for a text that was built to be slow as for a plain one."""

import time

import pytest

from tests.support.cost import over_limit, undisturbed
from tests.support.gateway import Citizen
from tests.support.hostile_texts import hostile_texts, plain_text

TAKEN, REFUSED = 2_000, 5_000  # characters
MOST = 10.0  # times what a plain message of the same length takes

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("length", [TAKEN, REFUSED])
async def test_a_message(citizen: Citizen, length: int) -> None:
    with undisturbed():
        for _ in range(3):
            plain = await post(citizen, plain_text(length))
        costs = {title: await post(citizen, text) for title, text in hostile_texts(length)}
    assert not over_limit(costs, plain, MOST)


async def post(citizen: Citizen, text: str) -> float:
    """Seconds of processor time of this process: the gateway and the browser that posts."""
    began = time.process_time()
    status, _ = await citizen.post(text=text)
    assert status in (202, 413, 422)
    return time.process_time() - began
