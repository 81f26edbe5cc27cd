"""A turn takes the worker about as long for a text that was built to be slow as for a plain one."""

import time

import pytest

from tests.support.cost import over_limit, undisturbed
from tests.support.desk import Desk
from tests.support.hostile_texts import hostile_texts, plain_text

LENGTH = 20_000  # characters that are kept of a mail: the longest text of all channels
MOST = 10.0  # times what a plain message of the same length takes

pytestmark = pytest.mark.slow


async def test_a_turn(desk: Desk) -> None:
    async with desk.working():
        with undisturbed():
            for _ in range(3):
                plain = await turn(desk, plain_text(LENGTH))
            texts = [(title, text) for title, text in hostile_texts(LENGTH) if "and a letter" not in title]
            costs = {title: await turn(desk, text) for title, text in texts}
    assert not over_limit(costs, plain, MOST)


async def turn(desk: Desk, text: str) -> float:
    """Seconds of processor time of this process: intake, worker, and a bot that repeats what it was asked."""
    contact = await desk.contact()
    began = time.process_time()
    await desk.send(contact, text.strip() or "-")
    await desk.settled(contact)
    return time.process_time() - began
