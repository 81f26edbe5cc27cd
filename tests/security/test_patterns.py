"""Every pattern takes time linear in the text's length."""

import pytest

from tests.support.cost import cost, one_pass
from tests.support.hostile_texts import hostile_texts, plain_text
from tests.support.patterns import patterns_of

LENGTH = 5_000
MOST = 100.0  # passes over a text: a pattern with {1,64} before its first fixed sign needs 30
# What is cut before it is looked at: characters, and why that is enough.
CUT = {
    r'"(?:[^"\\]|\\.)*+"': 2_000,  # the From header of a mail, cut by its reader (LONGEST_FROM)
}
PATTERNS = patterns_of(("actions", "backends", "channels", "city", "console", "desk", "forms", "gateway"))


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return list(hostile_texts(LENGTH))


@pytest.mark.slow
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_linear_time(name: str, texts: list[tuple[str, str]]) -> None:
    used = PATTERNS[name]
    most = MOST * one_pass(plain_text(LENGTH))
    for title, whole in texts:
        text = whole[: CUT.get(used.pattern.pattern)]
        spent = cost(lambda: used.look(text), most)  # noqa: B023  (called at once)
        assert spent <= most, f"{name} took {spent / most * MOST:.0f} passes over {title!r}"


def test_what_is_cut_is_still_there() -> None:
    assert CUT.keys() <= {used.pattern.pattern for used in PATTERNS.values()}
