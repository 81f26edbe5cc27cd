"""Divides a message with several problems or questions: each problem keeps its own words and place, and each
question gets its answer. A new one begins where a segment states another problem
: another service, or the same one at another place. What
follows belongs to it until the next begins. Words that may be about either stay with the problem before them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.languages.personal import PERSONAL
from bot.turn.segments import Segment, cut, with_their_names
from bot.understanding.shape import announces, drops, plain

LONGEST = 1200  # characters; a longer text is a narrative
MOST_QUESTIONS = 3
REPORT, DETAIL, STATUS, ADD = "report_problem", "report_detail", "ask_status", "add_to_report"
UNANSWERED = "nobody_answers"  # heard beside a report, too
STOP = "stop"
UNSURE = "nlu_fallback"
SOCIAL = frozenset({"greet", "thanks", "goodbye"})  # "Hi! When is my bin collected? Thanks"
_STATED = frozenset({"service", "address"})
_TAKES_BACK = frozenset({"correct", "deny", "stop"})
_NEVER = frozenset(
    {"talk_to_person", "distress", STATUS}
)  # for the whole message, which is then never divided into reports
_SHORT = 3  # words
_TELLING = 4  # words from which a problem is told

Parse = Mapping[str, Any]
Read = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Current:
    """The form's report, as far as it is known; `step` is the slot that was asked for."""

    step: str
    service: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class Told:
    """The contents of one message. `questions` are parses; `left` are the words of questions that get no answer now.

    `own` is what the message says to the form's report, "" for nothing; `reports` are (words, service) of each
    problem that begins here.
    """

    questions: list[dict[str, Any]]
    left: list[str]
    own: str
    reports: list[tuple[str, str | None]]


@dataclass
class _Matter:
    """Segments of one problem, with their positions in the message; `service` and `address` are the first named."""

    service: str | None = None
    address: str | None = None
    segments: list[tuple[int, Segment]] = field(default_factory=list)

    def add(self, place: int, segment: Segment) -> None:
        self.segments.append((place, segment))
        self.service = self.service or segment.service
        self.address = self.address or segment.address

    def text(self, message: str) -> str:
        """Its own words; adjacent segments stay together."""
        runs: list[tuple[int, int]] = []
        last = -2
        for place, segment in self.segments:
            start = runs.pop()[0] if place == last + 1 else segment.start
            runs.append((start, segment.end))
            last = place
        return " ".join(message[start:end].strip() for start, end in runs).strip(" ,;-•*")


class Matters:
    """`topics` are the intents that have an answer, and `reportable` those whose answer offers a report."""

    def __init__(self, topics: Collection[str], reportable: Collection[str] = ()) -> None:
        self._answered = frozenset(topics) | {STATUS, UNANSWERED}
        self._reportable = frozenset(reportable)

    def split(self, text: str, whole: Parse, read: Read, current: Current | None = None) -> Told | None:
        """The contents of the message; None if it is about one thing. `whole` is how the model reads all of it."""
        if len(text) > LONGEST or (_intent(whole) in _NEVER and _sure(whole)):
            return None
        if current is None and _intent(whole) == "correct" and _sure(whole, "strict"):
            return None  # "it's not a pothole, it's a broken light", of a report that was sent
        entities = whole.get("entities") or []
        numbered = any(one["entity"] == "reference" for one in entities)
        if current is None and _intent(whole) == ADD and _sure(whole) and numbered:
            return None  # "add to SR-7K2P-Q9XM: the hole got deeper" is about that report
        if not current and _intent(whole) != REPORT and not any(one["entity"] in _STATED for one in entities):
            return None  # no segment can state a problem
        segments = with_their_names(cut(text, entities, whole.get("language")), text)
        stated = _intent(whole) == REPORT or any(segment.service or segment.address for segment in segments)
        if not segments or not (stated or current) or (len(segments) < 2 and not current):
            return None
        sorting = _Sorting(self._answered, self._reportable, whole, current)
        for place, segment in enumerate(segments):
            sorting.take(place, segment, whole if len(segments) == 1 else read(segment.text))
        return sorting.told(text)


class _Sorting:
    """Takes the segments of one message in order."""

    def __init__(
        self, answered: frozenset[str], reportable: frozenset[str], whole: Parse, current: Current | None
    ) -> None:
        self._answered = answered
        self._reportable = reportable
        self._whole = whole
        self._current = current
        self._own = _Matter(current.service, current.address) if current else _Matter()
        self._matters: list[_Matter] = []
        self._questions: list[dict[str, Any]] = []
        self._left: list[str] = []
        self._before: Segment | None = None
        self._located = any(one["entity"] == "address" for one in whole.get("entities") or ())
        self._asked = self._took_back = self._left_out = False

    def take(self, place: int, segment: Segment, parse: Parse) -> None:
        """Decide what the segment belongs to."""
        if segment.also and segment.service is None and segment.named and not segment.asks:
            segment = replace(segment, service=segment.named)  # "second, my bin was not emptied"
        before, asked, took_back = self._before, self._asked, self._took_back
        self._before, self._asked = segment, False
        self._took_back = (
            _intent(parse) in _TAKES_BACK and segment.words <= _SHORT and segment.address is None
        )
        if self._opens(segment, parse):
            self._left_out, self._took_back = True, False
        elif asked and before and before.asks and segment.joined and not (segment.tells or segment.also):
            self._asked = True  # "when will you mend the lamp at 3 Elm Street and the hole at 12 Mill Lane"
        elif (segment.also or not took_back) and self._begins(segment, parse, place):
            self._begin(place, segment)
        elif self._asks(segment, parse, place):
            self._ask(segment, parse)
            self._asked = True
        elif not self._is_social(segment, parse):
            (self._matters[-1] if self._matters else self._own).add(place, segment)

    def told(self, text: str) -> Told | None:
        """The result, None if the message is about one thing."""
        own = self._own.text(text) if self._current else ""
        reports = [(matter.text(text), matter.service) for matter in self._matters]
        result = Told(self._questions, self._left, own, reports)
        if self._current:
            parts = len(reports) + len(self._questions) + len(self._left) + bool(own)
            return result if reports or (self._questions and parts > 1) else None
        if not reports:
            return None  # bot/turn/parts.py decides about questions alone
        if len(reports) > 1 or self._questions or self._left or self._left_out:
            return result
        # "There is a pothole at 12 Mill Lane, my e-mail is …": the second half obscures the first.
        hidden = _intent(self._whole) != REPORT and not (
            _intent(self._whole) in self._answered and _sure(self._whole)
        )
        return result if hidden else None

    def _opens(self, segment: Segment, parse: Parse) -> bool:
        """Whether it only announces what follows or drops what was before: "three issues:", "forget that". It describes nothing."""
        if self._current or self._matters or segment.service or segment.address:
            return False
        language = self._whole.get("language")
        dropped = (_intent(parse) == STOP and _sure(parse)) or drops(segment.text, language)
        return (dropped and segment.words <= _SHORT) or announces(segment.text, language)

    def _says_what(self, matter: _Matter) -> bool:
        """Whether it says what is wrong, in words that name no service."""
        known = PERSONAL.get(str(self._whole.get("language")))
        words = {word for _, segment in matter.segments for word in plain(segment.text).split()}
        return known is not None and len(words) >= _TELLING and not words & known.something

    def _apart(self, place: int) -> bool:
        """Whether a question stands between this segment and the problem before it."""
        return bool(self._matters) and place > self._matters[-1].segments[-1][0] + 1

    def _begins(self, segment: Segment, parse: Parse, place: int) -> bool:
        """Whether another problem begins here."""
        reads = _intent(parse) == REPORT
        if not self._matters and not self._current:
            topic = _intent(parse) in self._answered and _sure(parse)
            placed = segment.service and (segment.tells or segment.address) and not segment.asks
            # "My bin was not emptied and when does the library open", "my bin wasnt picked up, 14 Oak Street": what it says of
            # how it is, or the place, makes it no question about bins, and sure enough where the model is not.
            located = (
                segment.service
                and not segment.asks
                and (_intent(parse) in self._reportable or _intent(parse) == UNSURE)
                and (self._located or segment.states)
            )
            return reads or bool((placed and not topic) or located)
        now = self._matters[-1] if self._matters else self._own
        elsewhere = bool(segment.address and now.address and segment.address != now.address)
        if self._current and not self._allowed(segment, self._current, first=place == 0, reads=reads):
            return False
        if segment.service is None:
            again = segment.another or ((segment.placed or segment.noun) and segment.joined) or segment.tells
            return (elsewhere and (again or reads)) or (segment.also and reads and not segment.points)
        if segment.asks and not reads:
            return False
        if segment.service == now.service or segment.points:
            return elsewhere and not (segment.points and segment.service == now.service)
        if now.service is None and not (elsewhere or segment.also or self._apart(place)):
            # "Something is wrong on Elm Street. There is a hole" is one; "broken glass in the park and a lamp out at 3 Elm Street" are two
            return bool(segment.joined and segment.address and not now.address and self._says_what(now))
        if segment.joined and not (segment.tells or segment.noun or segment.also):
            return elsewhere  # "a tree fell and broke the street light at 3 Elm Street" is one matter
        return segment.joined or segment.tells or segment.also or segment.noun or reads or elsewhere

    def _allowed(self, segment: Segment, current: Current, *, first: bool, reads: bool) -> bool:
        """Inside a report: its first words are the answer, and a list of things to collect is no list of problems."""
        if _intent(self._whole) == "correct" and not segment.also:
            return False
        if first and current.step == "draft_description":
            return segment.also or (segment.tells and segment.address is not None)
        if first:
            named = segment.also and segment.service is not None and not segment.asks
            stated = ((segment.tells or segment.also) and reads) or named
            return stated and current.step not in ("draft_service", "draft_question")
        if segment.tells or (segment.also and (segment.service is not None or reads)):
            return True
        return current.step != "draft_question" and None not in (segment.address, segment.service)

    def _begin(self, place: int, segment: Segment) -> None:
        before = self._matters[-1] if self._matters else self._own
        matter = _Matter()
        if not self._matters and not self._current:  # what was said before the first problem belongs to it
            matter, self._own = self._own, matter
        matter.add(place, segment)
        if not self._matters and not self._current:
            matter.service = matter.service or segment.named
        if matter.service is None and (segment.another or segment.placed):
            matter.service = before.service  # "and another one at 3 Elm Street"
        self._matters.append(matter)

    def _asks(self, segment: Segment, parse: Parse, place: int) -> bool:
        known = _intent(parse) in self._answered and (segment.asks or not segment.service)
        if segment.states and not (segment.asks or self._apart(place)) and _intent(parse) in self._reportable:
            return False  # "a tree fell on my fence. The street is blocked": what came of it is no question
        if _intent(parse) == UNANSWERED:
            return not self._current and _sure(parse)
        if not known:
            other = _intent(parse) not in (REPORT, DETAIL, "affirm") and not segment.service
            alone = not (segment.points or segment.refers)  # "could somebody look at it?" asks for the report
            return segment.asks and other and alone and segment.words > _SHORT
        if self._current:
            return segment.asks and _sure(parse)
        if segment.asks and _intent(parse) not in self._reportable and _sure(parse, "strict"):
            return True  # "et c'est combien, le passeport": the pronoun points to the topic behind it
        return not segment.points and _sure(parse, "sure" if segment.asks or not segment.joined else "strict")

    def _ask(self, segment: Segment, parse: Parse) -> None:
        known = _intent(parse) in self._answered and _sure(parse)
        if known and any(_intent(one) == _intent(parse) for one in self._questions):
            return
        if known and len(self._questions) < MOST_QUESTIONS:
            self._questions.append(dict(parse))
        else:
            self._left.append(segment.text)

    def _is_social(self, segment: Segment, parse: Parse) -> bool:
        return (
            _intent(parse) in SOCIAL
            and _sure(parse)
            and segment.words <= 2 * _SHORT
            and segment.address is None
        )


def _intent(parse: Parse) -> str:
    return str((parse.get("intent") or {}).get("name"))


def _sure(parse: Parse, threshold: str = "sure") -> bool:
    confidence = float((parse.get("intent") or {}).get("confidence") or 0.0)
    return confidence >= float((parse.get("thresholds") or {}).get(threshold, 1.0))
