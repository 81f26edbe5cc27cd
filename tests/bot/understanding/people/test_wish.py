"""A wish for a person is read from words and their roles: from parts put together, and from sentences as people write them."""

import sys
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from bot.project import ROOT, read_yaml
from bot.understanding.people.urgency import Urgency
from bot.understanding.people.wish import Wishes

LANGUAGES = ("en", "es", "fr")
TABLES = {code: read_yaml(ROOT / "data" / "evaluation" / "persons" / f"{code}.yml") for code in LANGUAGES}
SLIPS = (
    "tlak",
    "hmuan",
    "agnet",
    "agnte",
)  # mended before the wish is read: tests/conversations/test_people.py


@pytest.fixture(scope="module")
def wishes() -> Wishes:
    return Wishes()


def _combined(code: str) -> Iterator[str]:
    parts = TABLES[code]["parts"]
    for before, asking, person, after in product(
        parts["before"], parts["asking"], parts["person"], parts["after"]
    ):
        yield f"{before}{asking} {person}{after}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_combination_of_the_parts_is_a_wish(wishes: Wishes, code: str) -> None:
    combined = list(_combined(code))
    assert len(combined) >= 150
    assert [text for text in combined if not wishes([text], code).wanted] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_wishes_as_people_write_them(wishes: Wishes, code: str) -> None:
    told = [text for text in TABLES[code]["wishes"]["tried"] if not set(text.split()) & set(SLIPS)]
    assert [text for text in told if not wishes([text], code).wanted] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_same_words_without_a_wish(wishes: Wishes, code: str) -> None:
    assert [text for text in TABLES[code]["no_wish"]["tried"] if wishes([text], code).wanted] == []
    assert sum(len(half) for half in TABLES[code]["no_wish"].values()) >= 57


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("get me a human please", True),
        ("agent", True),
        ("what about my tax bill? get me someone", False),
        ("there is a pothole on Elm Street and I want to talk to a person about it", False),
    ],
)
def test_whether_a_message_says_nothing_else(wishes: Wishes, text: str, only: bool) -> None:
    wish = wishes([text], "en")
    assert (wish.wanted, wish.only) == (True, only)


def test_a_wish_in_another_language_than_the_conversations(wishes: Wishes) -> None:
    assert wishes(["get me a human"], "es").wanted
    assert wishes(["páseme con alguien"], "fr").wanted


def test_a_mended_text_counts_too(wishes: Wishes) -> None:
    assert wishes(["get me a hmuan", "get me a human"], "en").wanted


@pytest.mark.parametrize("read", [Wishes(), Urgency()], ids=["wishes", "urgency"])
def test_the_work_grows_with_the_words_alone(read: Callable[[list[str], str], object]) -> None:
    """Ten times the text is about ten times the work, whatever it is made of."""
    for unit in (
        "get me a ",
        "i want to talk to ",
        "not a bot ",
        "person, ",
        "je ne pas ",
        "he hit me ",
        "could fire ",
    ):
        short, long = _calls(read, unit * 40), _calls(read, unit * 400)
        assert long < 12 * short, unit


def _calls(read: Callable[[list[str], str], object], text: str) -> int:
    """How many functions are called while it is read."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read([text], "en")
    finally:
        sys.setprofile(None)
    return count
