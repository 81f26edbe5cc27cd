"""Problems as citizens of three languages tell them, and a conversation with the real bot that counts what was filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.support.bot import METADATA, Bot

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
AT = {"en": "{what} at {place}", "es": "{what} en {place}", "fr": "{what} au {place}"}
THERE = {"en": "there is", "es": "hay", "fr": "il y a"}
ALSO = {"en": "There is also", "es": "También hay", "fr": "Il y a aussi"}
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
        return AT[language].format(what=what, place=placed(self.number, self.street, language))


def placed(number: int, street: str, language: str) -> str:
    """An address as the language writes it."""
    return f"{street} {number}" if language == "es" else f"{number} {street}"


class Citizen:
    """One conversation. `said` are the names of what the last answer said, `directives` its own."""

    def __init__(self, bot: Bot, language: str) -> None:
        self._bot = bot
        self._conversation = str(uuid4())
        self.language = language
        self.form: str | None = None
        self.said: list[str] = []
        self.directives: list[dict[str, Any]] = []
        self.filed: list[dict[str, Any]] = []

    def say(self, text: str, *, waiting: bool = False) -> None:
        """Write a text; `waiting`: in the agents' queue."""
        self._turn({"kind": "text", "text": text}, {"waiting": True} if waiting else {})

    def press(self, intent: str, **entities: Any) -> None:
        """Press a button, or send a photo."""
        self._turn({"kind": "payload", "intent": intent, "entities": entities})

    def _turn(self, body: dict[str, Any], more: Mapping[str, Any] | None = None) -> None:
        metadata = {**METADATA, "contact": CONTACT, **(more or {})}
        answer = self._bot.turn(self._conversation, {**body, "language": self.language, "metadata": metadata})
        self.language, self.form, self.directives = answer["language"], answer["form"], answer["directives"]
        self.filed += [one for one in self.directives if one["type"] == "file_request"]
        self.said = [reply["answer"] or reply["response"] for reply in answer["replies"]]
