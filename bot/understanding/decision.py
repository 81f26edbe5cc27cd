"""Decides how to handle a message, once intent, scope, entities, language and shape are known. The classifier
says what is likely; this decides what follows. It is the last component of the pipeline, so that `rasa shell`
decides as the product does. Sets

- `intent`: `report_problem` if a problem is stated and not asked about; `what_sent` if a question about a
  report asks for its words; `nlu_fallback` if nothing is sure;
- `reason`: None if we are sure, else one of REASONS, so that the action knows what to say;
- `question`: whether the message has the shape of a question;
- `alarm`: whether the intent takes precedence over everything else in the message;
- `urgency`: the kind of danger that its words report (people/urgency.py), or None;
- `only`: if the message asks for a person, whether it says nothing else;
- `denies`: the message only says that a statement or a filed report is wrong;
- `decided`: the intent, and which rule decided it (classifier/why.py).

One long file on purpose: the rules are tried in this order, and each is read against those before it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.project import Project, load_project, read_yaml
from bot.understanding.additions import adds_to_report
from bot.understanding.classifier.why import decided_by
from bot.understanding.contents import asks_contents, asks_how
from bot.understanding.denial import denies, describes_it, lasts, says_done, says_kind
from bot.understanding.language_wish import language_wished, language_wished_in_clause
from bot.understanding.order_wish import wishes_order
from bot.understanding.own_words import OwnWords
from bot.understanding.people.alarm import EMERGENCY, PERSON, Alarms, distinct, others
from bot.understanding.people.roles import sentences_of
from bot.understanding.placed import Placed, town_names
from bot.understanding.shape import (
    drops,
    is_number,
    is_question,
    is_telling,
    is_unreadable,
    plain,
    reports,
    reports_something,
    says_how,
)
from bot.understanding.signs import intent_of_sign
from bot.understanding.spelling.component import PREPARED
from bot.understanding.text import has_words

FALLBACK = "nlu_fallback"
REPORT, DETAIL = "report_problem", "report_detail"
STATUS, CONTENTS, ADD = "ask_status", "what_sent", "add_to_report"
CORRECT, NOT_ANSWERED = "correct", "not_answered"
STILL, ASK_DAY, WITHDRAW, STOP = "still_there", "ask_day", "withdraw_report", "stop"
PLAIN_ANSWERS = frozenset({"affirm", "deny"})
REASONS = ("empty", "number", "unreadable", "foreign", "order", "close", "unsure", "out_of_scope")
# "Hay un bache en Elm Street" names a street, as corrections do, but is always a report.
OVERRULED = frozenset(
    {"correct", "skip", "affirm", "deny", "greet", "goodbye", "repeat", "continue_report", "undo"}
)
BESIDE_POSITION = 3  # words: "it is here: 40.7128, -74.0060"
LIKELY, LIKELY_SHARE = (
    0.01,
    0.7,
)  # the least for a service that only the model suggests, and of what it gives to topics
TELLING = 3  # words from which a statement says more than a keyword


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(GraphComponent, IntentClassifier):
    """`alarms` are intents that take precedence over everything else: missing one is the worst error."""

    def __init__(self, config: dict[str, Any], project: Project) -> None:
        self._alarms = frozenset(config["alarms"])
        self._words = Alarms(project.languages)
        self._own = OwnWords(project)
        self._services = services_of_topics(project)
        self._placed = Placed(town_names())
        self._languages = project.languages
        self._registered = [re.compile(pattern, re.IGNORECASE) for pattern in project.register_patterns]
        self._topics = frozenset(path.stem for path in (project.content / "answers").glob("*.yml"))
        self._matters = self._topics | self._alarms | {FALLBACK, REPORT, DETAIL}
        self._urgent = frozenset(code for code, entry in project.services.items() if entry.get("urgent"))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"alarms": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decision:
        return cls(config, load_project())

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._decide(message)
        return messages

    def _decide(self, message: Message) -> None:
        guess = (message.get(INTENT) or {}).get("name")
        self._understand(message)
        decided = {
            "intent": (message.get(INTENT) or {}).get("name"),
            "by": decided_by(guess, message.get("by"), message.data),
        }
        message.set("decided", decided, add_to_output=True)
        if not message.get("question") and not reports_something(
            message.get(TEXT) or "", message.get("language")
        ):
            message.set("likely_service", self._likely_service(message), add_to_output=True)

    def _likely_service(self, message: Message) -> str | None:
        """The service of a problem that is told in other words than its keywords: nearly all that the model gives to
        topics goes to one with this service alone."""
        if any(entity["entity"] == "service" for entity in message.get(ENTITIES, [])):
            return None
        ranking = [one for one in message.get(INTENT_RANKING_KEY) or [] if one["name"] in self._topics]
        shares: dict[str, float] = defaultdict(float)
        for one in ranking:
            for service in self._services.get(str(one["name"]), ()):
                if len(self._services[str(one["name"])]) == 1:
                    shares[service] += one["confidence"]
        best = max(shares, key=lambda service: shares[service], default=None)
        every = sum(one["confidence"] for one in ranking)
        return best if best and shares[best] >= max(LIKELY, LIKELY_SHARE * every) else None

    def _understand(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        asks = is_question(text, message.get("language"))
        message.set("question", asks, add_to_output=True)
        intent = message.get(INTENT) or {"name": FALLBACK, "confidence": 0.0}
        own = self._own(text)
        if own:
            _add_entity(message, "service", own.service, text)
            _set(message, own.intent, 1.0, None, [])
            message.set("alarm", own.intent in self._alarms, add_to_output=True)
            message.set("titled", True, add_to_output=True)
            return
        if self._raise_alarm(message, text, intent["name"]):
            return
        wished = language_wished(text, message.get("language"), self._languages)
        sign = intent_of_sign(text)
        other = wished or language_wished_in_clause(text, message.get("language"), self._languages)
        if other in self._languages:
            message.set("wished", other, add_to_output=True)
        if wished or sign:
            _add_entity(message, "language", wished, text)
            _set(message, "change_language" if wished else str(sign), 1.0, None, [])
            message.set("alarm", False, add_to_output=True)
            return
        intent = message.get(INTENT) or intent
        alarm = intent["name"] in self._alarms
        if not alarm and not asks and _is_position(text, message):
            _set(message, "share_location", 1.0, None, [])
            message.set("alarm", False, add_to_output=True)
            return
        if alarm and intent["name"] in self._topics and self._doubted(message):
            # "dunno the number" is no emergency: the answer is offered with the emergency number, not given.
            _set(message, FALLBACK, 1.0 - intent["confidence"], "close", [intent["name"]])
            alarm, intent = False, message.get(INTENT)
        if (
            alarm
            and message.get("foreign")
            and (not any(map(str.isascii, filter(str.isalpha, text))) or self._doubted(message))
            and intent["name"] != PERSON
        ):
            # The words are not ours, or not even the letters. What is said in the citizen's own language names the emergency number.
            message.set("candidates", [], add_to_output=True)
            alarm, intent = False, {"name": FALLBACK, "confidence": 0.0}
        message.set("alarm", alarm, add_to_output=True)
        if alarm:
            message.set("reason", None, add_to_output=True)
            return
        reason = _unanswerable(text, message)
        if reason:
            best = [] if intent["name"] == FALLBACK else [intent["name"]]
            offers = best or message.get("candidates") or []
            _set(message, FALLBACK, 0.0, reason, offers if reason == "foreign" else [])
        elif (changed := self._by_its_form(message, text, intent["name"], asks=asks)) is not None:
            _set(message, *changed)
        elif (denied := self._denied(message, text)) is not None:
            message.set("denies", True, add_to_output=True)
            _set(message, denied, 1.0, None, [])
        elif self._names_case(message, intent["name"]):
            _set(message, STATUS, max(intent["confidence"], _share(message, STATUS)), None, [])
        elif _has_sent(message) and adds_to_report(text, message.get("language"), _number_in(message)):
            _set(message, ADD, max(intent["confidence"], _share(message, ADD)), None, [])
        elif not asks and self._states_problem(message, intent["name"]):
            _set(message, REPORT, max(intent["confidence"], _share(message, REPORT)), None, [])
        elif intent["name"] == DETAIL:
            # Without a report it says how something is, and not what.
            message.set("reason", "close", add_to_output=True)
            message.set("candidates", [REPORT], add_to_output=True)
        elif intent["name"] == FALLBACK and asks and self._asks_contents(message):
            _set(message, CONTENTS, _share(message, STATUS), None, [])
        elif intent["name"] == FALLBACK:
            message.set("reason", _why_unsure(message), add_to_output=True)
        elif intent["name"] == STATUS and asks_contents(text, message.get("language")):
            _set(message, CONTENTS, intent["confidence"], None, [])
        else:
            message.set("reason", None, add_to_output=True)

    def _raise_alarm(self, message: Message, text: str, intent: str) -> bool:
        """Whether words say that somebody is in danger or wants a person. Withdraws an alarm of the model
        that no word supports."""
        texts = distinct(text, message.get(PREPARED) or text)
        language = message.get("language")
        moments = (message.get("metadata") or {}).get("moments") or ()
        alarm = self._words.find(
            texts,
            language,
            intent,
            # The model has learned from texts in the city's languages alone.
            None if message.get("foreign") else message.get("danger"),
            asks=bool(message.get("question")),
            in_form="form" in moments,
            aside=self._is_aside(message),
            topical=(
                intent in self._topics - self._alarms
                and _confidence(message) >= _threshold(message, "strict")
            )
            or _names_report(message)
            or self._is_one_problem(message, text),
        )
        message.set("urgency", alarm.urgency if alarm else None, add_to_output=True)
        if alarm:
            _set(message, alarm.intent, 1.0, None, [])
            message.set("only", alarm.only, add_to_output=True)
            message.set("alarm", True, add_to_output=True)
            return True
        if message.get("foreign"):
            return False
        at = dict(message.get("thresholds") or {})
        if "form" in moments and any(e["entity"] == "address" for e in message.get(ENTITIES, [])):
            at["sure"] = at.get("strict", 1.0)  # "it's at 7 Harbour Street, please hurry" answers the form
        dangers = {name for name in self._alarms if name != PERSON}
        alike = {intent} if intent == PERSON else dangers
        share = sum(_share(message, name) for name in alike)
        if intent not in self._alarms:
            offered = message.get("candidates") or []
            if dangers & set(offered) and not self._words.believed(texts, language, EMERGENCY, share, at):
                message.set("candidates", [n for n in offered if n not in dangers], add_to_output=True)
        elif not self._words.believed(texts, language, intent, share, at, message.get("danger")):
            refused = {PERSON} if self._words.refuses(texts, language) else set()
            left = others(message.get(INTENT_RANKING_KEY) or [], alike | refused)
            if left and left[0][1] >= _threshold(message, "sure"):
                _set(message, left[0][0], left[0][1], None, [])
            else:
                offered = [name for name, part in left if part >= _threshold(message, "floor")]
                _set(
                    message, FALLBACK, 0.0, None, [n for n in offered if n in self._topics or n == REPORT][:3]
                )
        return False

    def _is_one_problem(self, message: Message, text: str) -> bool:
        """ "Hay un bache en Mill Lane 12": one sentence that names a service."""
        named = any(entity["entity"] == "service" for entity in message.get(ENTITIES, []))
        return named and len(sentences_of(text)) == 1

    def _is_aside(self, message: Message) -> bool:
        """ "I don't want to wait any longer": the classifier is nearly sure that it is about the conversation."""
        if (message.get(INTENT) or {}).get("name", FALLBACK) in self._matters:
            return False
        between = (_threshold(message, "sure") + _threshold(message, "strict")) / 2
        return _confidence(message) >= between

    def _states_problem(self, message: Message, intent: str) -> bool:
        """ "A pipe burst on Mill Lane" is about water, but the answer about water would be wrong: somebody must come."""
        named = {entity["entity"] for entity in message.get(ENTITIES, [])}
        if intent == DETAIL:
            return bool(named & {"service", "address"})
        found = {e["value"] for e in message.get(ENTITIES, []) if e["entity"] == "service"}
        if intent == FALLBACK and found and (self._leads(message) or self._told(message)):
            return True
        if intent == FALLBACK and found and "address" in named and self._says_enough(message):
            return True  # "the lamp at 3 Elm Street is out"
        words = plain(message.get(TEXT) or "").split()
        short = TELLING <= len(words) <= 2 * TELLING
        if intent == FALLBACK and found and short and says_how(words, message.get("language")):
            return True  # "las alcantarillas huelen mal"
        if intent == FALLBACK and found and self._is_placed(message):
            return True  # "bache cerca de mi casa"
        if intent in OVERRULED and found and self._told(message):
            return True  # "hay un bache en Elm Street 5" has an address, as most corrections do
        confidence = float((message.get(INTENT) or {}).get("confidence") or 0.0)
        doubted = confidence < (_threshold(message, "sure") + _threshold(message, "strict")) / 2
        if intent in self._topics and found and doubted and self._told(message):
            return True  # "il y a un nid-de-poule très dangereux" is no question about dangerous waste
        ranking = [entry["name"] for entry in message.get(INTENT_RANKING_KEY) or []]
        topics = [intent] if intent != FALLBACK else ranking[:2]
        linked = {service for topic in topics for service in self._services.get(topic, ())} & found
        if not linked:
            return False
        if linked & self._urgent or self._told(message):
            return True
        likely = _share(message, REPORT) >= _threshold(message, "floor") or self._is_placed(message)
        return (bool(named & {"address", "latitude"}) or likely) and len(
            plain(message.get(TEXT) or "").split()
        ) >= TELLING

    def _by_its_form(
        self, message: Message, text: str, intent: str, *, asks: bool
    ) -> tuple[str, float, str | None, list[str]] | None:
        """What a message is whose form contradicts the intent that its words sound like."""
        language = message.get("language")
        if (
            intent in PLAIN_ANSWERS
            and (asks or any(c.isdigit() for c in text))
            and len(plain(text).split()) > 2
        ):
            return FALLBACK, 0.0, "unsure", []  # "is it safe", "my fine number is 20261234"
        if intent == STILL and asks and not lasts(text, language):
            return (
                STATUS,
                max(_share(message, STATUS), _share(message, STILL)),
                None,
                [],
            )  # "is it fixed yet?"
        if intent == ASK_DAY and not asks and describes_it(text, language):
            return DETAIL, _share(message, ASK_DAY), "close", [REPORT]  # "its been out since friday"
        if _has_sent(message) and says_kind(text, language):
            return CORRECT, 1.0, None, []  # "it's not a pothole, it's a broken light"
        if _has_sent(message) and not asks and says_done(text, language):
            return WITHDRAW, 1.0, None, []  # "they fixed it": asked whether it is to be withdrawn
        moments = (message.get("metadata") or {}).get("moments") or ()
        if not {"form", "paused"} & set(moments) and not asks and wishes_order(text, language):
            return FALLBACK, 0.0, "order", []  # "the tree first", and no report waits
        named = any(entity["entity"] == "service" for entity in message.get(ENTITIES, []))
        if "form" in moments and named and not asks and drops(text, language):
            return STOP, 1.0, None, []  # "forget the tree" is no question about trees
        if intent in self._topics and named and not asks and reports(text, language):
            return REPORT, 1.0, None, []  # "report illegal dumping"
        if "form" not in moments and not asks and reports_something(text, language):
            return REPORT, 1.0, None, []
        if intent in self._topics and "form" not in moments and not asks and _is_street(text, message):
            return FALLBACK, 0.0, "close", [REPORT, intent]  # "Elm Street" alone asks for nothing
        return None

    def _denied(self, message: Message, text: str) -> str | None:
        """What "that's wrong" is about: the report that is being written or was sent, else the answer before."""
        moments = (message.get("metadata") or {}).get("moments") or ()
        if not moments or not denies(text, message.get("language")):
            return None
        if "form" in moments or "filed" in moments:
            return CORRECT
        return NOT_ANSWERED if "answered" in moments else None

    def _names_case(self, message: Message, intent: str) -> bool:
        """ "Has my parking fine 20261234 been paid?": the number of a permit, a fine or the like asks what became of it,
        although the words sound like a question about such things in general."""
        if intent not in self._topics and intent != FALLBACK:
            return False
        if intent != FALLBACK and asks_how(message.get(TEXT) or "", message.get("language")):
            return False  # "how do I pay fine 20261234?": the question wins over the number
        numbers = [str(e["value"]) for e in message.get(ENTITIES, []) if e["entity"] == "reference"]
        return any(pattern.fullmatch(number) for pattern in self._registered for number in numbers)

    def _asks_contents(self, message: Message) -> bool:
        """Of a message that is most likely about a report of the citizen's own."""
        first = next(iter(message.get(INTENT_RANKING_KEY) or []), {"name": None})
        likely = first["name"] == STATUS and _share(message, STATUS) >= _threshold(message, "lenient")
        return bool(likely and asks_contents(message.get(TEXT) or "", message.get("language")))

    def _is_placed(self, message: Message) -> bool:
        """ "Pothole in Paris": a place follows what is wrong there."""
        text, language = message.get(TEXT) or "", message.get("language")
        services = (e for e in message.get(ENTITIES, []) if e["entity"] == "service" and "end" in e)
        return any(self._placed.after(text, service["end"], language) for service in services)

    def _says_enough(self, message: Message) -> bool:
        """Whether it is more than a keyword and an address, and not about a report that was sent."""
        words = len(plain(message.get(TEXT) or "").split())
        floor = _threshold(message, "floor")
        if words >= TELLING and _share(message, REPORT) >= 2 * floor:
            return True
        return words >= 2 * TELLING and _share(message, STATUS) < floor

    def _told(self, message: Message) -> bool:
        """ "There's a big pothole", "hay un bache": too short for the classifier, but clear."""
        return is_telling(message.get(TEXT) or "", message.get("language"))

    def _doubted(self, message: Message) -> bool:
        """Emergency and distress both say that something is wrong, so their probabilities are added."""
        return sum(_share(message, name) for name in self._alarms) < _threshold(message, "sure")

    def _leads(self, message: Message) -> bool:
        """Whether a report is the best guess, though not a sure one: if it names one of our services, it is a
        report. The probability of the service's own topic counts half: "le lampadaire est en panne" is about lamps, too.
        """
        ranking = message.get(INTENT_RANKING_KEY) or []
        found = {e["value"] for e in message.get(ENTITIES, []) if e["entity"] == "service"}
        own = [entry for entry in ranking if self._services.get(str(entry["name"]), set()) & found]
        others = [entry for entry in ranking if entry not in own and entry["name"] != REPORT]
        report, beside = _share(message, REPORT), sum(entry["confidence"] for entry in own)
        first = max((entry["confidence"] for entry in others), default=0.0)
        likely = report > max(first, *(entry["confidence"] for entry in own), 0.0) or (
            report >= beside > 0 and report + beside > first
        )
        return bool(likely and report + beside / 2 >= _threshold(message, "lenient"))


def _confidence(message: Message) -> float:
    """The classifier's, in its first intent."""
    return float((message.get(INTENT) or {}).get("confidence") or 0.0)


def _threshold(message: Message, name: str) -> float:
    return float((message.get("thresholds") or {}).get(name, 1.0))


def _names_report(message: Message) -> bool:
    """Whether it has the number of a report, about which people ask in many words."""
    return any(entity["entity"] == "reference" for entity in message.get(ENTITIES, []))


def _unanswerable(text: str, message: Message) -> str | None:
    if not has_words(text):
        return "empty"
    if is_number(text) and not any(e["entity"] == "reference" for e in message.get(ENTITIES, [])):
        return "number"
    if is_unreadable(text):
        return "unreadable"
    # An address consists of names, which have no language.
    placed = any(entity["entity"] == "address" for entity in message.get(ENTITIES, []))
    return "foreign" if message.get("foreign") and not placed else None


def _number_in(message: Message) -> str:
    return next((str(e["value"]) for e in message.get(ENTITIES, []) if e["entity"] == "reference"), "")


def _has_sent(message: Message) -> bool:
    """A report was sent, and none is being taken now."""
    moments = (message.get("metadata") or {}).get("moments") or ()
    return "filed" in moments and "form" not in moments


def _why_unsure(message: Message) -> str:
    if message.get("candidates"):
        return "close"
    scope, threshold = message.get("scope"), (message.get("thresholds") or {}).get("scope")
    known = scope is not None and threshold is not None and scope >= threshold
    return "unsure" if known else "out_of_scope"


def _share(message: Message, intent: str) -> float:
    shares = {entry["name"]: entry["confidence"] for entry in message.get(INTENT_RANKING_KEY) or []}
    return float(shares.get(intent, 0.0))


def _set(message: Message, intent: str, confidence: float, reason: str | None, candidates: list[str]) -> None:
    message.set(INTENT, {"name": intent, "confidence": confidence}, add_to_output=True)
    message.set("reason", reason, add_to_output=True)
    message.set("candidates", candidates, add_to_output=True)


def _is_position(text: str, message: Message) -> bool:
    """Whether a text is only a position: coordinates or a link, with a word or two."""
    spans = [(e["start"], e["end"]) for e in message.get(ENTITIES, []) if e["entity"] in ("latitude", "link")]
    if not spans or any(e["entity"] == "service" for e in message.get(ENTITIES, [])):
        return False
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return len(plain(text).split()) <= BESIDE_POSITION


def _is_street(text: str, message: Message) -> bool:
    """Whether a text is only a street, perhaps with a word before it."""
    spans = [
        (e["start"], e["end"]) for e in message.get(ENTITIES, []) if e["entity"] in ("street", "address")
    ]
    if not spans or any(e["entity"] == "service" for e in message.get(ENTITIES, [])):
        return False
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return len(plain(f"{text[:first]} {text[last:]}").split()) <= 1


def _add_entity(message: Message, name: str, value: str | None, text: str) -> None:
    if value is not None:
        found = {"entity": name, "value": value, "start": 0, "end": len(text), "extractor": "Decision"}
        message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)


def services_of_topics(project: Project) -> Mapping[str, set[str]]:
    """topic -> the services for which its answer offers a report by a button."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (project.content / "answers").glob("*.yml"):
        for button in read_yaml(path).get("buttons") or []:
            service = (button.get("entities") or {}).get("service")
            if button.get("intent") == REPORT and service:
                found[path.stem].add(str(service))
    return found
