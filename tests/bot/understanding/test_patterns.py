"""No pattern of the bot takes more than linear time on any text."""

from __future__ import annotations

import pytest

from tests.support.cost import cost, one_pass
from tests.support.hostile_texts import hostile_texts, plain_text
from tests.support.patterns import patterns_of

LENGTH = 5_000
MOST = 100.0  # passes over a text: a pattern with {1,64} before its first fixed sign needs 30
PATTERNS = patterns_of(["bot"])


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return list(hostile_texts(LENGTH))


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_linear_time(name: str, texts: list[tuple[str, str]]) -> None:
    used = PATTERNS[name]
    most = MOST * one_pass(plain_text(LENGTH))
    for title, text in texts:
        spent = cost(lambda: used.look(text), most)  # noqa: B023  (called at once)
        assert spent <= most, f"{name} took {spent / most * MOST:.0f} passes over {title!r}"
