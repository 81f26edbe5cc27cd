"""What a message without a topic refers to. A street that we asked for: alone, "12 Mill Lane" looks like a report's place;
after our question it is the answer. A place after an answer about a problem: it is the problem's location."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.languages import WORDS
from bot.languages.follow_ups import FOLLOW_UPS
from bot.turn.last_topic import LastTopic
from bot.understanding.entities.unknown_streets import (
    bases,
    named_by_base,
    placed_by_base,
    unknown_street,
)
from bot.understanding.placed import Placed
from bot.understanding.shape import plain

GIVE_PLACE = "give_place"
UNKNOWN = "unknown_street"
UNSURE = "action_unsure"
LOOK_UP, CHOOSE, FOLLOW_UP = "action_look_up", "action_choose_answer", "action_follow_up"
_HALF = 0.5  # more than everything else
_LONGEST = 8  # words; a longer message says more than the street
_BESIDE = 2  # words: "it's 12 Mill Lane"
_BESIDE_STREET = 4  # words: "and what about … then"
OFFICE = "office_hours"
_GUESSES = 3  # of the model, among which the opening hours must be
SHARE = "share_location"
_UNSURE = frozenset({"nlu_fallback", "report_detail", "report_problem", "correct"})
_OTHER = frozenset({"service", "date", "time", "holiday", "email", "phone"})
_POLITE = frozenset(word for words in WORDS.values() for word in words.around_first.split())
# What the model finds likeliest in words about the conversation: "you don't understand me" is no street.
_SAID_TO_US = frozenset(
    {
        "not_answered",
        "nobody_answers",
        "insult",
        "talk_to_person",
        "stop",
        "goodbye",
        "thanks",
        "cancel_handoff",
    }
)
_ALSO = tuple(f"{said} " for table in FOLLOW_UPS.values() for said in table.also)
_YOU = frozenset({"you", "u", "vous", "tu", "usted", "ustedes"})
_STREET = ("street", "address")
_NO_TOPIC = frozenset(
    {"report_problem", "report_detail", "nlu_fallback", "share_location", "affirm", "deny", "correct"}
)


def as_place(parse: dict[str, Any], waits: object, last_action: str | None) -> dict[str, Any]:
    """The parse, or the same as an answer to our question: `waits` is the slot that the question set."""
    if not waits or last_action not in (LOOK_UP, CHOOSE, FOLLOW_UP) or parse.get("alarm"):
        return parse
    named = _named(parse)
    words = len(plain(parse["text"]).split())
    if "service" in named or not 0 < words <= _LONGEST:
        return parse
    intent = _intent(parse)
    if "street" in named and (intent in _NO_TOPIC or not parse.get("question")):
        return _given(parse)
    # Probably a street that is not in the gazetteer: nothing else was understood.
    return _given(parse) if intent in ("nlu_fallback", "report_detail") and _is_name(parse) else parse


class PlaceOfTopic:
    """`services`: topic -> the services whose report its answer offers. `by_street`: topics that look up a street.
    `streets`: the gazetteer. `places`: names of places with hours of their own (as `plain` writes them) -> their topic."""

    def __init__(
        self,
        services: Mapping[str, Collection[str]],
        by_street: Collection[str] = (),
        streets: Collection[str] = (),
        places: Mapping[str, str] | None = None,
    ) -> None:
        self._services = services
        self._by_street = frozenset(by_street)
        self._bases = bases(streets)
        self._placed = Placed()
        self._places_with_hours = dict(places or {})

    def __call__(
        self, parse: dict[str, Any], last: LastTopic | None, last_action: str | None = None
    ) -> dict[str, Any]:
        """The parse, or the last topic's where the message is a place and nothing else: a report of its problem, or what
        is looked up for another street."""
        if sure := self._by_its_entities(parse) or self._of_a_place(parse):
            return _about(sure, parse)
        if (
            last_action == UNSURE
            and _intent(parse) in _UNSURE
            and not parse.get("question")
            and _is_address(parse)
        ):
            return _about("report_problem", parse)  # "my bin is gone", not understood, and then "7 Mill Lane"
        if last and last.topics and last.topics[0] in self._by_street:
            if last_action in (LOOK_UP, FOLLOW_UP) or parse.get("question"):
                return self._another_street(parse, last.topics[0], written=last_action == FOLLOW_UP)
            return parse
        services = self._services.get(last.topics[0], ()) if last and last.topics else ()
        if _intent(parse) == SHARE:
            return self.shared(parse, last)
        named = _named(parse)
        if len(services) != 1 or named & _OTHER or parse.get("question") or parse.get("alarm"):
            return parse
        if not (_intent(parse) in _UNSURE or _doubtful(parse)) or not (
            self._placed.only(str(parse["text"]), parse.get("language")) or _is_address(parse)
        ):
            return parse
        service = self._service(services)
        intent = {"name": "report_problem", "confidence": 1.0}
        entities = [*(parse.get("entities") or ()), service]
        return {
            **parse,
            "intent": intent,
            "entities": entities,
            "reason": None,
            "candidates": [],
            "placed": True,
            "titled": True,
        }

    def shared(self, parse: dict[str, Any], last: LastTopic | None) -> dict[str, Any]:
        """A position after an answer about a problem: it says where that problem is."""
        services = self._services.get(last.topics[0], ()) if last and last.topics else ()
        if len(services) != 1 or "service" in _named(parse):
            return parse
        return {**parse, "entities": [*(parse.get("entities") or ()), self._service(services)]}

    def with_street(self, parse: dict[str, Any]) -> dict[str, Any]:
        """An answer to our question with the street that it names without its kind: "elm"."""
        named = _named(parse)
        known = None if "street" in named else named_by_base(str(parse["text"]), self._bases)
        return (
            {**parse, "entities": [*(parse.get("entities") or ()), *self._places(known)]} if known else parse
        )

    def asked_for(self, parse: dict[str, Any]) -> dict[str, Any]:
        """The answer to "where is it?" with the street that it names without its kind: "it's on elm", "9 elm"."""
        text = str(parse["text"])
        if "address" in _named(parse) or (found := placed_by_base(text, self._bases)) is None:
            return parse
        street, number = found
        names = {"street": street, "address": f"{number} {street}" if number else street}
        added = [
            {"entity": name, "value": value, "start": 0, "end": len(text), "extractor": type(self).__name__}
            for name, value in names.items()
        ]
        return {**parse, "entities": [*(parse.get("entities") or ()), *added]}

    def _service(self, services: Collection[str]) -> dict[str, Any]:
        return {"entity": "service", "value": next(iter(services)), "extractor": type(self).__name__}

    def _places(self, street: str) -> list[dict[str, Any]]:
        return [{"entity": one, "value": street, "extractor": type(self).__name__} for one in _STREET]

    def _by_its_entities(self, parse: Mapping[str, Any]) -> str | None:
        """The topic of a question in doubt that has a street, where the best guess looks up streets; or that has a holiday,
        where opening hours are among the guesses."""
        named = _named(parse)
        ranking = list(parse.get("intent_ranking") or ())
        if (
            _intent(parse) != "nlu_fallback"
            or parse.get("reason") != "close"
            or not parse.get("question")
            or not ranking
        ):
            return None
        first, share = str(ranking[0]["name"]), float(ranking[0]["confidence"])
        likely = share >= float((parse.get("thresholds") or {}).get("lenient", 1.0))
        if "street" in named and "service" not in named and first in self._by_street and likely:
            return first
        return OFFICE if "holiday" in named and OFFICE in (parse.get("candidates") or ()) else None

    def _of_a_place(self, parse: Mapping[str, Any]) -> str | None:
        """The topic of a question about opening hours that names a place with hours of its own: "is the tip open today?"."""
        if parse.get("alarm") or _named(parse) & {"service", "reference"}:
            return None
        guesses = [str(one["name"]) for one in list(parse.get("intent_ranking") or ())[:_GUESSES]]
        dated = parse.get("question") and "date" in _named(parse)  # "can I go to the tip on Saturday?"
        unsure = _intent(parse) == "nlu_fallback" and (OFFICE in guesses or dated)
        if _intent(parse) != OFFICE and not unsure:
            return None
        said = f" {plain(str(parse['text']))} "
        topics = {topic for name, topic in self._places_with_hours.items() if f" {name} " in said}
        return topics.pop() if len(topics) == 1 else None

    def _another_street(self, parse: dict[str, Any], topic: str, *, written: bool) -> dict[str, Any]:
        """ "And on Elm Street?" after what was looked up for Mill Lane."""
        spans = [one for one in parse.get("entities") or () if one.get("entity") == "address"]
        named = _named(parse)
        if "service" in named or parse.get("alarm"):
            return parse
        text = str(parse["text"])
        if not spans and not named & _OTHER and (known := named_by_base(text, self._bases)):
            return _about(topic, parse, *self._places(known))
        if not spans:
            # After a part of a written answer only "and on Foobar Street?" is about the same.
            elsewhere = named & _OTHER or (written and not f"{plain(text)} ".startswith(_ALSO))
            strange = None if elsewhere else unknown_street(text)
            found = {"entity": UNKNOWN, "value": strange, "extractor": type(self).__name__}
            return _about(topic, parse, found) if strange else parse
        if other := _other_topic(parse, topic):
            return _about(other, parse) if other in self._by_street else parse
        beside = plain(f"{text[: spans[0]['start']]} {text[spans[0]['end'] :]}").split()
        if len(beside) > _BESIDE_STREET:
            return parse
        return _about(topic, parse)


def _other_topic(parse: Mapping[str, Any], topic: str) -> str | None:
    """ "Which school district is Oak Street in?" after the bin's day: it is likely about something else."""
    best = next(iter(parse.get("intent_ranking") or ()), None)
    if best is None:
        return None
    name, share = str(best["name"]), float(best["confidence"])
    likely = share >= max(_HALF, float((parse.get("thresholds") or {}).get("lenient", 1.0)))
    return name if likely and name not in _NO_TOPIC | {topic} else None


def _named(parse: Mapping[str, Any]) -> set[str]:
    return {str(entity.get("entity")) for entity in parse.get("entities") or ()}


def _about(topic: str, parse: dict[str, Any], *found: dict[str, Any]) -> dict[str, Any]:
    """The parse as a question of this topic."""
    return {
        **parse,
        "intent": {"name": topic, "confidence": 1.0},
        "entities": [*(parse.get("entities") or ()), *found],
        "reason": None,
        "candidates": [],
    }


def _doubtful(parse: Mapping[str, Any]) -> bool:
    """Whether what the model took a short place for may be wrong: "près de chez moi" is no goodbye."""
    confidence = float((parse.get("intent") or {}).get("confidence") or 0.0)
    return confidence < float((parse.get("thresholds") or {}).get("strict", 0.0))


def _is_address(parse: Mapping[str, Any]) -> bool:
    spans = [one for one in parse.get("entities") or () if one.get("entity") == "address"]
    if not spans:
        return False
    text = str(parse["text"])
    before, after = plain(text[: spans[0]["start"]]).split(), plain(text[spans[0]["end"] :]).split()
    return len(before) <= _BESIDE and all(word in _POLITE for word in after)


def _is_name(parse: Mapping[str, Any]) -> bool:
    best = next(iter(parse.get("intent_ranking") or ()), None)
    said_to_us = plain(str(parse["text"])).split()[:1]
    if (best is not None and best["name"] in _SAID_TO_US) or set(said_to_us) & _YOU:
        return False
    return not parse.get("question") and parse.get("reason") not in (
        "empty",
        "number",
        "unreadable",
        "foreign",
    )


def _intent(parse: Mapping[str, Any]) -> str | None:
    found = (parse.get("intent") or {}).get("name")
    return str(found) if found else None


def _given(parse: dict[str, Any]) -> dict[str, Any]:
    return {**parse, "intent": {"name": GIVE_PLACE, "confidence": 1.0}, "reason": None, "candidates": []}
