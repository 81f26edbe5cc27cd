"""A message that was built to be slow costs the running bot and its actions about as much as a plain one."""

from uuid import uuid4

import pytest

from tests.support.bot import Bot
from tests.support.cost import over_limit, processor_time
from tests.support.hostile_texts import ALPHABETS, hostile_texts, plain_text

pytestmark = pytest.mark.slow

LENGTH = 2_000  # characters: the bot is asked about no more
CALLS = 30.0  # times what a plain message of the same length takes; 800 Han letters took 180 times, 2,000 plus signs 700
METADATA = {"inbox": "web", "channel": "web", "now": "2026-11-22T12:00:00-05:00"}
CONTACT = {"id": "6f9619ff-8b86-4011-842d-00cf4fc964ff", "name": None, "email": None, "phone": None}
OPENED = "I want to report a pothole"
EACH = 3
"""Every third text, but one long word of every alphabet. tests/bot reads all of them; this one also runs the actions."""


def test_a_question(bot: Bot) -> None:
    for _ in range(3):
        plain = turn(bot, str(uuid4()), plain_text(LENGTH))
    costs = {title: turn(bot, str(uuid4()), text) for title, text in chosen()}
    assert not over_limit(costs, plain, CALLS)


def test_the_description_in_a_report(bot: Bot) -> None:
    """Inside the form the actions read it too: place, contact and reference numbers are looked for."""
    for _ in range(3):
        plain = answer(bot, plain_text(LENGTH))
    costs = {title: answer(bot, text) for title, text in list(chosen())[::4]}
    assert not over_limit(costs, plain, CALLS)


def chosen() -> list[tuple[str, str]]:
    words = {f"{name}, one word" for name in ALPHABETS}
    texts = list(hostile_texts(LENGTH))
    return [pair for number, pair in enumerate(texts) if number % EACH == 0 or pair[0] in words]


def answer(bot: Bot, text: str) -> float:
    conversation = str(uuid4())
    turn(bot, conversation, OPENED)
    return turn(bot, conversation, text)


def turn(bot: Bot, conversation: str, text: str) -> float:
    """Seconds of processor time of both processes."""
    began = processor_time(bot.processes)
    body = {"kind": "text", "text": text, "language": "en", "metadata": {**METADATA, "contact": CONTACT}}
    said = bot.turn(conversation, body)
    assert said["replies"] or said["directives"]
    return processor_time(bot.processes) - began
