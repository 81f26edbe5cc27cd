"""Whatever problems are told together, in one message or one by one: no two exchange words, places or photos."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bot import METADATA, Bot

pytestmark = pytest.mark.slow

CONTACT = {"id": "6f9619ff-8b86-4011-842d-00cf4fc964ff", "name": None, "email": None, "phone": None}
STREETS = (
    "Mill Lane",
    "Elm Street",
    "Oak Street",
    "Kings Road",
    "Quay Street",
    "Church Lane",
    "Bridge Street",
)
# For each service words that begin a noun phrase; none of them names another service.
PHRASES = {
    "en": {
        "pothole": "a deep pothole",
        "street_light": "a broken street light",
        "graffiti": "graffiti",
        "stray_animal": "a dead raccoon",
        "illegal_dumping": "dumped rubbish",
        "road_sign": "a bent road sign",
    },
    "es": {
        "pothole": "un bache hondo",
        "street_light": "una farola rota",
        "graffiti": "unas pintadas",
        "stray_animal": "un perro muerto",
        "illegal_dumping": "basura tirada",
        "road_sign": "un semáforo",
    },
    "fr": {
        "pothole": "un nid-de-poule",
        "street_light": "un lampadaire cassé",
        "graffiti": "des graffitis",
        "stray_animal": "un chien mort",
        "illegal_dumping": "un dépôt sauvage",
        "road_sign": "un panneau",
    },
}
AT = {
    "en": "{what} at {number} {street}",
    "es": "{what} en {street} {number}",
    "fr": "{what} au {number} {street}",
}
THERE = {"en": "there is", "es": "hay", "fr": "il y a"}
JOINS = {
    "en": [" and ", ", ", " and also ", ". There is also ", "; ", "\n"],
    "es": [" y ", ", ", " y también ", ". También hay ", "; ", "\n"],
    "fr": [" et ", ", ", " et aussi ", ". Il y a aussi ", " ; ", "\n"],
}
YES = {"en": "yes", "es": "sí", "fr": "oui"}


@dataclass(frozen=True)
class Problem:
    """One problem, as it is told."""

    service: str
    number: int
    street: str

    @property
    def address(self) -> str:
        return f"{self.number} {self.street}"

    def told(self, language: str) -> str:
        what = PHRASES[language][self.service]
        return AT[language].format(what=what, number=self.number, street=self.street)


@st.composite
def problems(draw: st.DrawFn) -> list[Problem]:
    services = draw(st.lists(st.sampled_from(sorted(PHRASES["en"])), min_size=2, max_size=4, unique=True))
    streets = draw(st.permutations(STREETS))
    numbers = draw(st.lists(st.integers(2, 99), min_size=4, max_size=4, unique=True))
    return [Problem(*one) for one in zip(services, numbers, streets, strict=False)]


class Citizen:
    """One conversation with the real bot."""

    def __init__(self, bot: Bot, language: str) -> None:
        self._bot = bot
        self._conversation = str(uuid4())
        self._language = language
        self.filed: list[dict[str, Any]] = []
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self._turn({"kind": "text", "text": text})

    def press(self, intent: str, **entities: Any) -> None:
        self._turn({"kind": "payload", "intent": intent, "entities": entities})

    def _turn(self, body: dict[str, Any]) -> None:
        metadata = {**METADATA, "contact": CONTACT}
        answer = self._bot.turn(
            self._conversation, {**body, "language": self._language, "metadata": metadata}
        )
        self.filed += [one for one in answer["directives"] if one["type"] == "file_request"]
        self.said = [reply["answer"] or reply["response"] for reply in answer["replies"]]

    def finish(self, count: int) -> None:
        """Answer what is asked, with a photo of its own for each report, until `count` are filed."""
        for _ in range(8 * count):
            if len(self.filed) == count:
                return
            asked = self.said[-1]
            if asked == "utter_ask_report_photo":
                self.press("share_photo", media=[str(uuid4())])
            elif asked == "utter_report_summary":
                self.say(YES[self._language])
            else:
                assert asked == "utter_ask_report_contact", self.said
                self.press("skip")
        raise AssertionError(f"only {len(self.filed)} of {count} were filed; last said: {self.said}")


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
    citizen.finish(len(told))
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
        citizen.say(f"{JOINS[language][3].strip('. ')} {problem.told(language)}")
    citizen.finish(len(told))
    check(citizen, told, language)
