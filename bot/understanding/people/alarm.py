"""Finds what takes precedence over everything else in a message: somebody is in danger, or wants a person.
Words decide first (urgency.py, wish.py): they are exact and work in the middle of a report. A prediction of
the model alone counts too, but only with a word of danger in the message, or if it is very sure
: "help with my fence" is no
reason to call an ambulance.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.languages.dangers import DANGERS
from bot.languages.wishes import WISHES
from bot.understanding.people.danger_model import PERHAPS as MAYBE
from bot.understanding.people.danger_model import UNLIKELY, URGENT
from bot.understanding.people.roles import sentences_of
from bot.understanding.people.urgency import PERHAPS, Urgency
from bot.understanding.people.wish import Wishes

DISTRESS, EMERGENCY, PERSON = "distress", "emergencies", "talk_to_person"
_GENERAL = "danger"
_LONGEST = 20  # words
_TINY = 2
_DISTRESSED = frozenset({"suicide", "domestic", "violence", PERHAPS})  # the others are emergencies


@dataclass(frozen=True)
class Alarm:
    """`intent`: the intent to use. `urgency`: the kind of danger, None if a person is asked for or the model
    alone decides. `only`: it says nothing but the request."""

    intent: str
    urgency: str | None = None
    only: bool = False


class Alarms:
    """Finds the alarms of a message with the tables of the city's languages only, because a word of danger in
    another language may be harmless in these."""

    def __init__(self, languages: Collection[str]) -> None:
        self._urgency = Urgency({code: DANGERS[code] for code in DANGERS if code in languages})
        self._wishes = Wishes({code: WISHES[code] for code in WISHES if code in languages})

    def find(
        self,
        texts: Sequence[str],
        language: str | None,
        intent: str | None,
        learned: Mapping[str, str | None] | None,
        *,
        asks: bool,
        in_form: bool = False,
        aside: bool = False,
        topical: bool = False,
    ) -> Alarm | None:
        """The alarm that the words raise, or else `learned`, the danger model's reading. A question that it finds unlikely
        raises none: "what is done against drowning?". In a form people say how bad a hole is ("a cyclist fell into it"), so there the rules decide alone.
        `intent` is the classifier's: if two fit, it is kept. `aside`: it is nearly sure that the message is about the conversation;
        `topical`: it is sure of a topic, or a report is named. Both outweigh what the danger model thinks possible, and the first all that it thinks."""
        kind = self._urgency(texts, language)
        wish = self._wishes(texts, language)
        level = (learned or {}).get("level")
        if level == UNLIKELY and asks and _is_short(texts[0]):
            kind = None
        elif (
            learned
            and not in_form
            and not aside
            and (level == URGENT or (level == MAYBE and not topical and not _is_tiny(texts[0])))
            and kind in (None, PERHAPS)
            and not wish.wanted
            and not self._urgency.denies(texts, language)
        ):
            kind = (learned["kind"] or _GENERAL) if level == URGENT else PERHAPS
        if kind is None or (kind == PERHAPS and wish.wanted):
            return Alarm(PERSON, only=wish.only) if wish.wanted else None
        if intent in (DISTRESS, EMERGENCY) and kind != PERHAPS:
            return Alarm(intent, kind)
        return Alarm(DISTRESS if kind in _DISTRESSED else EMERGENCY, kind)

    def refuses(self, texts: Sequence[str], language: str | None) -> bool:
        """Whether the words say that no person is wanted."""
        return self._wishes(texts, language).refused

    def believed(
        self,
        texts: Sequence[str],
        language: str | None,
        intent: str,
        share: float,
        thresholds: Mapping[str, float],
        learned: Mapping[str, str | None] | None = None,
    ) -> bool:
        """Whether to accept an alarm of the model that no words have raised. `share`: the probability of all alarms together."""
        if intent == PERSON:
            wish = self._wishes(texts, language)
            return not wish.refused and (not wish.spoken or share >= thresholds.get("strict", 1.0))
        unlikely = (learned or {}).get("level") == UNLIKELY and _is_short(texts[0])
        if unlikely and intent == DISTRESS:
            return False
        needed = self._urgency.needed(texts, language)
        if unlikely and needed is not None:
            needed = "strict"  # "which number is for emergencies?"
        if intent == DISTRESS and needed == "strict" and not _is_tiny(texts[0]):
            needed = "sure"  # despair is expressed in many words
        if needed is None:
            return False
        least = thresholds.get(needed, 1.0)
        if intent == EMERGENCY and needed == "sure":
            least = (
                least + thresholds.get("strict", 1.0)
            ) / 2  # "a car hit my fence" has a word of danger, too
        return share >= least


def _is_short(text: str) -> bool:
    """Whether a danger cannot be hidden between other sentences, where the danger model sees less of it."""
    sentences = sentences_of(text)
    return len(sentences) == 1 and len(sentences[0]) <= _LONGEST


def _is_tiny(text: str) -> bool:
    """Whether it is a word or two: "xé body" sounds like distress to the model."""
    return sum(map(len, sentences_of(text))) <= _TINY


def distinct(text: str, corrected: str) -> tuple[str, ...]:
    """The texts to search: the message, and its corrected form if that has other words."""
    return (text,) if sentences_of(text) == sentences_of(corrected) else (text, corrected)


def others(ranking: Sequence[Mapping[str, float | str]], without: Collection[str]) -> list[tuple[str, float]]:
    """The ranking (name, share of the rest) without some intents."""
    left = [(str(entry["name"]), float(entry["confidence"])) for entry in ranking]
    rest = 1.0 - sum(share for name, share in left if name in without)
    return [(name, share / rest) for name, share in left if name not in without] if rest > 0 else []
