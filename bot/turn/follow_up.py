"""Follow-ups: a short question after an answer is about that answer, unless it names a topic of its own.

"How much?" after the parking permit gets the cost of the parking permit, whatever the classifier makes of two words.
"How much is a passport?" is about the passport. If neither is clear, the citizen is asked.

One long file on purpose: each rule is read against those before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.languages import WORDS
from bot.languages.follow_ups import FOLLOW_UPS
from bot.turn.last_topic import LastTopic
from bot.turn.reading import LONGEST, is_personal
from bot.turn.request import TurnRequest
from bot.understanding.asked_part import Asked, AskedParts
from bot.understanding.topics import DOUBT, Choice, Topic, Topics, root

FOLLOW_UP = "follow_up"
FALLBACK = "nlu_fallback"
ASK_DAY = "ask_day"
OF_NOTHING = "unsure"  # the reason of a parse whose question has no topic
UNREADABLE = frozenset({"empty", "number", "unreadable", "foreign"})
BARE = frozenset({"how", "who", "contact"})  # also asked about the assistant itself
SHORT = frozenset({FALLBACK, "repeat", "skip"})  # intents that the model gives to short questions
LOST = "lost"
# Set where words, and not the model alone, say that somebody is in danger or wants a person (bot/understanding/decision.py).
ALARM_OF_WORDS = "only"
ALARMS = frozenset({"distress", "emergencies"})
# They win if a message has a word that no follow-up has. Other intents of the dialogue are too easily taken for one.
OTHER_MATTERS = frozenset({"report_problem", "ask_status", "talk_to_person", "change_language", *ALARMS})
REFERRING = frozenset(word for words in WORDS.values() for word in words.referring)
STATING = {code: frozenset(words.being.split()) for code, words in WORDS.items()}
SENTENCE = 5  # words: "how much?" says nothing by itself
_SHORTEST_MENDED = 4  # characters
MOST_UNKNOWN = 2  # unknown words in a question that may still be a follow-up
MOST_OFFERS = 2
GUESSES = 3  # of the model, among which another topic that is named must be
_REMEMBERED = 2_048  # readings: a message has one or two, with the conversation's language and with its own
GENERAL = frozenset({"payment", "appointment", "holidays"})
"""Parts about which the city has one answer for all matters, given where the last answer does not have them. How long
something takes, until when and how long it is valid differ: another topic's answer would be wrong."""
BILL_PARTS = frozenset({"appeal", "payment", "late", "instalments"})
KEPT = frozenset({"date", "holiday", "time", "street", "address"})  # what a lookup may need


class FollowUps:
    """`topics` by intent; `mend` corrects typing errors, `is_word` tells whether a (folded) word exists."""

    def __init__(
        self, topics: Mapping[str, Topic], mend: Callable[[str], str], is_word: Callable[[str], bool]
    ) -> None:
        self._topics = Topics(topics)
        self._mend = mend
        self.is_word = is_word
        self._readers = {code: AskedParts(code, words) for code, words in FOLLOW_UPS.items()}
        # A turn asks twice (whether its message is a follow-up, and which part it asks for), and people write the same.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._read_anew)

    def knows(self, topic: str) -> bool:
        """Whether this topic has an answer."""
        return topic in self._topics

    def __call__(
        self,
        text: str,
        parse: Mapping[str, Any],
        last: LastTopic | None,
        known: str | None,
        *,
        in_form: bool,
        filed: bool = False,
    ) -> dict[str, Any] | None:
        """The parse of a follow-up of `last`; None if the message is something else. `filed`: a report was sent.

        `parse` is how the model reads the message, `known` the conversation's language."""
        topics = tuple(topic for topic in last.topics if topic in self._topics) if last else ()
        if ALARM_OF_WORDS in parse or (in_form and not topics):
            return None
        if topics and not (in_form or filed) and self._topics.tells_of(topics[0], parse):
            return self._parse(parse, (topics[:1], (), DOUBT), known or parse.get("language"))
        language, asked = self._read(text, known, parse.get("language"), keep=not is_personal(parse))
        if asked is None:
            return None
        if not topics or last is None:
            return self._of_nothing(asked, parse, language)
        asks = bool(parse.get("question")) or asked.also
        if not asks and (in_form or _intent(parse) in ALARMS):
            return None
        if LOST in asked.parts and asked.qualifiers:
            return None  # a child is lost, not a document
        found = self._decide(asked, parse, topics, last.part, asks=asks)
        if found is None and asks and asked.left and not in_form:
            return self._with_last(parse, topics)
        if found and self._says_elsewhere(found, parse):
            return None
        if found and found[2] == DOUBT and in_form:
            return None  # the form asks its own question, and a turn asks only one
        return found and self._parse(parse, found, language)

    def _with_last(self, parse: Mapping[str, Any], topics: Sequence[str]) -> dict[str, Any] | None:
        """A short question that was not understood, with the last topic among those that are offered."""
        if _intent(parse) != FALLBACK or parse.get("reason") in UNREADABLE:
            return None
        others = [name for name in parse.get("candidates") or () if name not in topics]
        return {**parse, "reason": DOUBT, "candidates": [topics[0], *others[:MOST_OFFERS]]}

    def _of_nothing(
        self, asked: Asked, parse: Mapping[str, Any], language: str | None
    ) -> dict[str, Any] | None:
        """ "Where do I apply?" without a topic: the model takes it for jobs, although nobody mentioned jobs."""
        intent = _intent(parse)
        named = self._topics.get(intent)
        if asked.left or parse.get("reason") in UNREADABLE or set(asked.parts) <= BARE:
            return None
        if named is None and intent not in SHORT:
            return None
        if named and self._says_title(asked, parse):
            return None
        if named and not named.parts and _quite_sure(parse) and len(asked.words) >= SENTENCE:
            return None  # "can I pay by card?" is itself the question of an answer about paying
        if named and len(named.parts) == 1:
            if set(asked.parts) <= set(named.parts):
                return (
                    None  # "how long does it take?" is itself the question of an answer that says only that
                )
        elif named and _sure(parse) and self._topics.names_other(asked, intent, ()):
            return None  # "do I need an appointment?"
        return self._parse(parse, ((), asked.parts, OF_NOTHING), language)

    def _parse(
        self,
        parse: Mapping[str, Any],
        found: Choice,
        language: str | None,
    ) -> dict[str, Any]:
        return {
            **parse,
            "intent": {"name": FOLLOW_UP, "confidence": 1.0},
            "entities": [*_entities(*found[:2]), *_kept(parse)],
            "language": language,
            "question": True,
            "alarm": False,
            "reason": found[2],
            "candidates": self._others(parse, found[0]),
        }

    def answers(self, parse: Mapping[str, Any]) -> bool:
        """Whether its topic's answer has every part that a follow-up asks for."""
        given: dict[str, set[str]] = {"answer": set(), "part": set()}
        for entity in parse.get("entities") or ():
            if entity.get("entity") in given:
                given[str(entity["entity"])].add(str(entity["value"]))
        return all(given["part"] <= set(self._topics[topic].parts) for topic in given["answer"])

    def names_something(
        self, text: str, known: str | None, spoken: str | None, *, keep: bool = False
    ) -> bool:
        """Whether a text has words that no short question has: "la mairie c'est où" has, "c'est où" has not."""
        asked = self._read(text, known, spoken, keep=keep)[1]
        return asked is None or bool(asked.left)

    def asked_in(self, turn: TurnRequest, known: str | None, *, keep: bool = False) -> str | None:
        """The one part that a turn asks for, also if it names its own topic. `keep`: its text is nothing personal, and may
        be remembered."""
        if turn.intent is not None:
            given = turn.entities.get("part")
            return str(given[0]) if isinstance(given, list) and given else None
        asked = self._read(turn.text, known, None, keep=keep)[1]
        return asked.parts[0] if asked and len(asked.parts) == 1 else None

    def bare_part(self, text: str, known: str | None) -> str | None:
        """The one part that a text asks for, if it says nothing else: "how long?"."""
        asked = self._read(text, known, None)[1]
        alone = asked and len(asked.parts) == 1 and not (asked.left or asked.qualifiers)
        return asked.parts[0] if asked and alone else None

    def _read(
        self, text: str, known: str | None, spoken: str | None, *, keep: bool = False
    ) -> tuple[str | None, Asked | None]:
        """Read in the conversation's language or the message's, whichever leaves fewer words over; errors are corrected if necessary.
        `keep`: what is found may be remembered."""
        read = self._remembered if keep and len(text) <= LONGEST else self._read_anew
        return read(text, known, spoken)

    def _read_anew(self, text: str, known: str | None, spoken: str | None) -> tuple[str | None, Asked | None]:
        codes = tuple(code for code in dict.fromkeys((known, spoken)) if code and code in self._readers)
        best: tuple[str | None, Asked | None] = (None, None)
        for said, checked in self._ways(text):
            for code in codes:
                asked = self._readers[code](said, self.is_word if checked else None)
                if asked is None:
                    return None, None
                if best[1] is None or _worth(asked) > _worth(best[1]):
                    best = code, asked
            if best[1] is not None and not best[1].left:
                break
        return best

    def _ways(self, text: str) -> Iterator[tuple[str, bool]]:
        """As it was written; then, if words are left over, with its errors corrected in one way and another."""
        yield text, False
        mended = self._mend(text) if len(text.strip()) > _SHORTEST_MENDED else text  # "idk" is no "id"
        if mended != text:
            yield mended, False
        yield text, True

    def _decide(
        self,
        asked: Asked,
        parse: Mapping[str, Any],
        topics: Sequence[str],
        before: str | None,
        *,
        asks: bool,
    ) -> Choice | None:
        """(topics, parts, DOUBT or None)."""
        left = frozenset(root(word) for word in asked.left)
        named = [topic for topic in topics if left and left <= self._topics[topic].title]
        about = named or list(topics)
        intent = _intent(parse)
        if intent not in topics and (
            (left and self._topics.names_other(asked, intent, topics)) or self._says_title(asked, parse)
        ):
            return None
        if not left and self._is_billed_elsewhere(asked, parse, topics):
            return None
        if elsewhere := self._named_elsewhere(left, parse, topics, asked.parts) if asked.parts else None:
            return self._topics.chosen(asked, [elsewhere], None)
        if not left or named:
            if not (asked.parts or asked.qualifiers):
                return None
            return self._topics.chosen(asked, about, before)
        if intent in topics:
            return (
                self._topics.chosen(asked, [intent], before)
                if asked.parts
                else self._topics.mentioned([intent], left)
            )
        if intent in OTHER_MATTERS:
            return None
        if other := self._topics.get(intent):
            believed = (
                _sure(parse) if asked.also else _quite_sure(parse)
            )  # "what if I rent the car?" adds to it
            # "Where do I hand it in?", "how many weeks roughly?": sure of a topic of whose answer they have no word.
            wordless = not (left & other.words or _sure(parse))
            pointing = bool(REFERRING & set(asked.words)) or wordless
            if left & other.title or len(left) > MOST_UNKNOWN:
                return None
            if believed:
                return ([*about, intent], asked.parts, DOUBT) if asked.parts and pointing else None
            ours = left <= self._topics[about[0]].words
            if left & other.words and not ours:
                return None
            if ours and asked.parts and not left & other.words:
                return self._topics.chosen(asked, about[:1], before)
            return [*about, intent], asked.parts, DOUBT
        if all(left <= self._topics[topic].words for topic in about[:1]):
            if asked.parts or asked.qualifiers:
                return self._topics.chosen(asked, about, before)
            return self._topics.mentioned(about, left) if asks else None
        dayless = intent == ASK_DAY and not {"date", "holiday"} & {
            str(entity.get("entity")) for entity in parse.get("entities") or ()
        }  # "and in winter?"
        if (intent != FALLBACK and not (dayless and asked.also)) or len(left) > MOST_UNKNOWN:
            return None
        stating = STATING.get(str(parse.get("language")), frozenset()) & set(asked.words)
        if stating and asked.also and not (asked.parts or parse.get("question")):
            return None  # "also my street is dark" asks nothing
        refers = asks and bool(REFERRING & set(asked.words))
        if asked.parts or asked.qualifiers or asked.also or refers:
            return about, asked.parts, DOUBT
        return None

    def _says_elsewhere(self, found: Choice, parse: Mapping[str, Any]) -> bool:
        """Whether the last answer does not have what is asked for, and the model is sure of another topic: "can I pay by
        card?" after the passport is a topic itself."""
        topics, parts, doubt = found
        intent = _intent(parse)
        if doubt or not parts or intent not in self._topics or intent in topics or not _sure(parse):
            return False
        if not GENERAL.intersection(parts):
            return False
        return not any(part in self._topics[topic].parts for topic in topics for part in parts)

    def _is_billed_elsewhere(self, asked: Asked, parse: Mapping[str, Any], topics: Sequence[str]) -> bool:
        """ "How do I appeal a fine?" after another topic: what can be appealed or paid late is named, in words that are parts
        of other answers."""
        intent = _intent(parse)
        other = self._topics.get(intent)
        if other is None or intent in topics or not BILL_PARTS.intersection(asked.parts):
            return False
        if any(part in self._topics[topic].parts for topic in topics for part in asked.parts):
            return False
        if not any(part in other.parts for part in asked.parts):
            return False
        named = {root(word) for word in asked.said} & other.title
        if len(named) > 1:
            return _share_above(parse, "sure")
        return bool(named) and len(asked.said) > 1 and _sure(parse)

    def _named_elsewhere(
        self, left: frozenset[str], parse: Mapping[str, Any], topics: Sequence[str], parts: Sequence[str]
    ) -> str | None:
        """The one other topic among the model's guesses whose title has all words that are left, if the model is not
        sure: "which documents for the identity document?"."""
        if not left or (_intent(parse) != FALLBACK and _intent(parse) not in topics):
            return None
        if any(left <= self._topics[topic].words for topic in topics):
            return None  # "what time do you close?" after the opening hours is about them
        guesses = [str(one.get("name")) for one in (parse.get("intent_ranking") or ())[:GUESSES]]
        named = [topic for topic in guesses if topic in self._topics and left <= self._topics[topic].title]
        having = [topic for topic in named if set(parts) & set(self._topics[topic].parts)]
        chosen = (
            having if len(named) > 1 else named
        )  # "where do I pay for the water": not the one about leaks
        return chosen[0] if len(chosen) == 1 and chosen[0] not in topics else None

    def _says_title(self, asked: Asked, parse: Mapping[str, Any]) -> bool:
        """Whether the words are a topic's whole title: "can I pay by card?" asks for a part, and is a topic itself."""
        return _quite_sure(parse) and self._topics.is_title(asked, _intent(parse))

    def _others(self, parse: Mapping[str, Any], chosen: Sequence[str]) -> list[str]:
        """Other topics that the words may be about, to be offered with the answer."""
        likely = [_intent(parse), *(parse.get("candidates") or ())]
        return [name for name in dict.fromkeys(likely) if name in self._topics and name not in chosen][
            :MOST_OFFERS
        ]


def _sure(parse: Mapping[str, Any]) -> bool:
    """Whether the model is sure enough that words missing from its topic's texts do not matter."""
    return _share_above(parse, "strict")


def _share_above(parse: Mapping[str, Any], threshold: str) -> bool:
    least = float((parse.get("thresholds") or {}).get(threshold, 1.0))
    return float((parse.get("intent") or {}).get("confidence") or 0.0) >= least


def _quite_sure(parse: Mapping[str, Any]) -> bool:
    """The same for a question that has words of its own: half way between the two thresholds."""
    thresholds = parse.get("thresholds") or {}
    needed = (float(thresholds.get("sure", 1.0)) + float(thresholds.get("strict", 1.0))) / 2
    return float((parse.get("intent") or {}).get("confidence") or 0.0) >= needed


def _worth(asked: Asked) -> tuple[int, int]:
    return bool(asked.parts or asked.qualifiers), -len(asked.left)


def _kept(parse: Mapping[str, Any]) -> list[Any]:
    return [entity for entity in parse.get("entities") or () if entity.get("entity") in KEPT]


def _entities(topics: Sequence[str], parts: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"entity": name, "value": value, "extractor": FOLLOW_UP}
        for name, values in (("answer", topics), ("part", parts))
        for value in values
    ]


def _intent(parse: Mapping[str, Any]) -> str:
    return str((parse.get("intent") or {}).get("name") or FALLBACK)
