"""Whatever problems are told together, in one message or one by one: no two exchange words, places or photos."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bot import Bot
from tests.support.problems import ALSO, PHRASES, STREETS, THERE, YES, Citizen, Problem

pytestmark = pytest.mark.slow

JOINS = {
    "en": [" and ", ", ", " and also ", ". There is also ", "; ", "\n"],
    "es": [" y ", ", ", " y también ", ". También hay ", "; ", "\n"],
    "fr": [" et ", ", ", " et aussi ", ". Il y a aussi ", " ; ", "\n"],
}


@st.composite
def problems(draw: st.DrawFn) -> list[Problem]:
    services = draw(st.lists(st.sampled_from(sorted(PHRASES["en"])), min_size=2, max_size=4, unique=True))
    streets = draw(st.permutations(STREETS))
    numbers = draw(st.lists(st.integers(2, 99), min_size=4, max_size=4, unique=True))
    return [Problem(*one) for one in zip(services, numbers, streets, strict=False)]


def finish(citizen: Citizen, count: int) -> None:
    """Answer what is asked, with a photo of its own for each report, until `count` are filed."""
    for _ in range(8 * count):
        if len(citizen.filed) == count:
            return
        asked = citizen.said[-1]
        if asked in ("utter_ask_report_photo", "utter_ask_report_photo_same"):
            citizen.press("share_photo", media=[str(uuid4())])
        elif asked == "utter_report_summary":
            citizen.say(YES[citizen.language])
        else:
            assert asked == "utter_ask_report_contact", citizen.said
            citizen.press("skip")
    raise AssertionError(f"only {len(citizen.filed)} of {count} were filed; last said: {citizen.said}")


def check(citizen: Citizen, told: list[Problem], language: str) -> None:
    assert [(one["service_code"], one["address"]) for one in citizen.filed] == [
        (one.service, one.address) for one in told
    ]
    for request, problem in zip(citizen.filed, told, strict=True):
        assert len(request["media"]) == 1
        for other in told:
            assert (other.street in request["description"]) is (other is problem), request["description"]
            words = PHRASES[language][other.service]
            assert (words in request["description"]) is (other is problem), request["description"]
    photos = [photo for request in citizen.filed for photo in request["media"]]
    assert len(set(photos)) == len(photos)


SLOW = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("language", sorted(PHRASES))
@SLOW
@given(told=problems(), data=st.data())
def test_told_in_one_message(bot: Bot, language: str, told: list[Problem], data: st.DataObject) -> None:
    text = f"{THERE[language]} {told[0].told(language)}"
    for problem in told[1:]:
        text += data.draw(st.sampled_from(JOINS[language])) + problem.told(language)
    citizen = Citizen(bot, language)
    citizen.say(text)
    finish(citizen, len(told))
    check(citizen, told, language)


@pytest.mark.parametrize("language", sorted(PHRASES))
@SLOW
@given(told=problems(), data=st.data())
def test_told_while_another_is_taken(
    bot: Bot, language: str, told: list[Problem], data: st.DataObject
) -> None:
    """The others come at any question of the first."""
    citizen = Citizen(bot, language)
    citizen.say(f"{THERE[language]} {told[0].told(language)}")
    for problem in told[1:]:
        if citizen.said[-1] == "utter_ask_report_photo" and data.draw(st.booleans()):
            citizen.press("share_photo", media=[str(uuid4())])
        citizen.say(f"{ALSO[language]} {problem.told(language)}")
    finish(citizen, len(told))
    check(citizen, told, language)
