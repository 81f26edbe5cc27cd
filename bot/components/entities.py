"""What a text mentions: report numbers, streets and addresses, services, dates, e-mail, telephone.

spaCy matches the phrases over our own tokens (its tokenizer needs seconds for 4,000 plus signs); no model is
downloaded, and everything known comes from city.yml, the gazetteer and content/services.yml.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.components.correct import Corrector
from bot.components.dates import find_dates
from bot.components.streets import Streets
from bot.components.text import Token, tokens
from bot.project import Project, load_project

NAMES = ("reference", "street", "address", "service", "date", "email", "phone")
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_PHONE = re.compile(r"(?<![\w-])\+?\(?\d(?:[\s().-]{0,2}\d){6,14}(?![\w-])")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CityEntities(GraphComponent, EntityExtractorMixin):
    """Adds entities {entity, value, start, end, extractor} to every message."""

    def __init__(self, project: Project) -> None:
        vocab = Vocab()
        self._month_first = project.month_first
        self._references = [_tolerant(pattern) for pattern in project.reference_patterns]
        self._streets = Streets(vocab, project.streets)
        self._services = _Services(vocab, project)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CityEntities:
        return cls(load_project())

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.find(message.get(TEXT) or "", message.get("metadata") or {})
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def find(self, text: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
        """Entities of one text. `metadata`: "now" (ISO time) and "language" of the conversation, if known."""
        words = tokens(text)
        found = [self._entity("reference", *span) for span in self._numbers(text)]
        found += [
            self._entity("email", m.start(), m.end(), m[0].rstrip(".'").lower())
            for m in _EMAIL.finditer(text)
        ]
        month_first = self._month_first and (metadata.get("language") or "en") == "en"
        days = find_dates(text, _today(metadata), month_first=month_first)
        dates = [self._entity("date", start, end, day.isoformat()) for start, end, day in days]
        found += [entity for entity in dates if not _overlaps(entity, found)]
        phones = [self._entity("phone", m.start(), m.end(), m[0].strip()) for m in _PHONE.finditer(text)]
        found += [entity for entity in phones if not _overlaps(entity, found)]
        for place in self._streets.find(words):
            found.append(self._entity("street", place.start, place.end, place.street))
            found.append(self._entity("address", place.start, place.end, place.address))
        found += [self._entity("service", *span) for span in self._services.find(words)]
        return sorted(found, key=lambda entity: (entity["start"], entity["end"]))

    def _numbers(self, text: str) -> list[tuple[int, int, str]]:
        found = []
        for pattern in self._references:
            for match in pattern.finditer(text):
                # "Sr Juan Díaz" looks like SR-JUAN-DIAZ: loose spelling needs a digit to be believed
                if "-" in match[0] or any(c.isdigit() for c in match[0]):
                    found.append((match.start(), match.end(), "-".join(match.groups()).upper()))
        return found

    def _entity(self, name: str, start: int, end: int, value: str) -> dict[str, Any]:
        return {"entity": name, "value": value, "start": start, "end": end, "extractor": type(self).__name__}


class _Services:
    """Keywords of content/services.yml in all languages, whole words, one typo forgiven."""

    def __init__(self, vocab: Vocab, project: Project) -> None:
        self._vocab = vocab
        self._matcher = PhraseMatcher(vocab)
        words = set()
        for code, service in project.services.items():
            spoken = [
                str(word) for listed in (service.get("keywords") or {}).values() for word in listed or []
            ]
            phrases = [[token.word for token in tokens(phrase)] for phrase in spoken]
            if phrases:
                self._matcher.add(code, [Doc(vocab, words=phrase) for phrase in phrases])
            words.update(word for phrase in phrases for word in phrase)
        self._correct = Corrector(words, forgive_from=6)

    def find(self, written: list[Token]) -> list[tuple[int, int, str]]:
        if not written:
            return []
        doc = Doc(self._vocab, words=[self._correct(token.word) for token in written])
        spans = sorted(self._matcher(doc), key=lambda span: (span[1] - span[2], span[1]))
        found: list[tuple[int, int, str]] = []
        for key, first, end in spans:
            start, stop = written[first].start, written[end - 1].end
            if all(stop <= other[0] or start >= other[1] for other in found):
                found.append((start, stop, self._vocab.strings[key]))
        return sorted(found)


def _tolerant(pattern: str) -> re.Pattern[str]:
    """The back end's pattern, read as people type it: any case, a space or nothing for a hyphen."""
    parts = re.split(r"-(?![^\[]*\])", pattern)
    return re.compile(
        r"(?<![\w-])" + r"[\s–—-]?".join(f"({part})" for part in parts) + r"(?![\w-])", re.IGNORECASE
    )


def _today(metadata: dict[str, Any]) -> date:
    try:
        return datetime.fromisoformat(str(metadata["now"]).replace("Z", "+00:00")).date()
    except (KeyError, ValueError):
        return date.today()


def _overlaps(entity: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    return any(entity["start"] < other["end"] and other["start"] < entity["end"] for other in others)
