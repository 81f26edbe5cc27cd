"""The bot reads any text in time linear in its length."""

from __future__ import annotations

import time

from bot.masking import mask
from bot.project import load_project
from bot.turn.assistant import Assistant
from bot.turn.request import neutralise
from bot.understanding.entities.component import CityEntities
from tests.bot.fixtures import Bot
from tests.support.cost import TRIES, cost, one_pass, over_limit, undisturbed
from tests.support.hostile_texts import hostile_texts, plain_text

READ = 2_000  # characters that the worker sends at most
LENGTH = 5_000
MOST = 25.0  # times what a plain message of the same length takes


def test_reading(bot: Bot) -> None:
    """No text is read twice: what was looked up before is remembered, and a second time would be cheap. One that costs too
    much is tried again without its first characters, since a busy machine empties the processor's caches."""
    texts = dict(hostile_texts(READ))
    with undisturbed():
        for _ in range(2):
            plain = read(bot.assistant, plain_text(READ))
        costs = {title: read(bot.assistant, text) for title, text in texts.items()}
        for shorter in range(1, TRIES):
            for title in over_limit(costs, plain, MOST):
                costs[title] = min(costs[title], read(bot.assistant, texts[title][shorter:]))
    assert not over_limit(costs, plain, MOST)


def test_masking(project: object) -> None:
    find = CityEntities(load_project()).find
    mask(plain_text(LENGTH), find)
    unit = one_pass(plain_text(LENGTH))
    with undisturbed():
        costs = {title: cost(lambda: mask(text, find), 400 * unit) for title, text in hostile_texts(LENGTH)}  # noqa: B023  (called at once)
    assert not over_limit(costs, unit, 400)


def read(assistant: Assistant, text: str) -> float:
    """Seconds of processor time."""
    began = time.process_time()
    assistant.interpreter.read(neutralise(text), {"language": "en"})
    return time.process_time() - began
