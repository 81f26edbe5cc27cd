"""Several questions in one message: where it may be cut, and whether the pieces are worth answering one by one.

Cutting is only proposed by signs and joining words; what decides is that the model is sure of every piece. So
"glass and paper" stays whole, "how do I renew my passport and when is my bin collected?" does not, and the details
of a report stay with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.languages import WORDS
from bot.understanding.shape import plain
from bot.understanding.text import Token, tokens

LONGEST = 600  # characters; who writes more tells a story
MOST_CUTS = 5
MOST_QUESTIONS = 3
REPORT, STATUS = "report_problem", "ask_status"
SOCIAL = frozenset({"greet", "thanks", "goodbye"})  # glue: "Hi! When is my bin collected? Thanks"
_OTHER = "_"  # spaCy remembers every word it ever saw: strange words of citizens must not reach it
_ENDS = ("?", "!", ".", ";", "？", "！", "。")
# "How do I get a dog licence? What does it cost?": alone, the second question is about anything that costs.
_REFERRING = frozenset(word for words in WORDS.values() for word in words.referring)
_REFERRING_WORDS = 6  # a longer question says by itself what it is about


@dataclass(frozen=True)
class Piece:
    """A part of a message and how the model reads it alone, {} where it is put together from several.

    `joined`: cut at a word and not at a sentence's end.
    """

    text: str
    parse: Mapping[str, Any]
    joined: bool

    @property
    def intent(self) -> str:
        return str((self.parse.get("intent") or {}).get("name"))

    @property
    def asks(self) -> bool:
        return bool(self.parse.get("question"))

    def leans(self) -> bool:
        """Whether it can only be understood with what was said before it."""
        words = plain(self.text).split()
        return len(words) <= _REFERRING_WORDS and bool(_REFERRING & set(words))

    def sure(self) -> bool:
        """A piece cut at "and" has lost its context, so that it must be surer, unless it is a question by itself."""
        threshold = "sure" if self.asks or not self.joined else "strict"
        confidence = float((self.parse.get("intent") or {}).get("confidence") or 0.0)
        return confidence >= float((self.parse.get("thresholds") or {}).get(threshold, 1.0))


class Parts:
    """`topics` are the intents that have an answer."""

    def __init__(self, topics: Collection[str]) -> None:
        self._topics = frozenset(topics)
        joins = [join.split() for words in WORDS.values() for join in words.joining]
        starts = [asked.split() for words in WORDS.values() for asked in words.asking]
        self._known = {word for words in (*joins, *starts) for word in words} | {*_ENDS, ",", "\n"}
        self._marks = {join[0] for join in joins} | {*_ENDS, ","}
        self._vocab = Vocab()
        self._matcher = Matcher(self._vocab)
        self._matcher.add("end", [[{"ORTH": {"IN": list(_ENDS)}, "OP": "+"}]], greedy="LONGEST")
        self._matcher.add(
            "join",
            [[*_optional(","), *({"ORTH": word} for word in join)] for join in joins],
            greedy="LONGEST",
        )
        # "hello, when is my bin collected": a comma before a question word
        self._matcher.add(
            "comma",
            [[{"ORTH": ","}, *({"ORTH": word} for word in start)] for start in starts],
            greedy="LONGEST",
        )

    @property
    def topics(self) -> frozenset[str]:
        """The intents that have an answer."""
        return self._topics

    def cuts(self, text: str) -> list[list[tuple[str, bool]]]:
        """Ways to cut the text, the coarsest first: (piece, cut at a word). Nothing where there is nothing to cut."""
        if len(text) > LONGEST:
            return []
        written = tokens(text)
        inner = len(written)
        while inner and written[inner - 1].word in _ENDS:
            inner -= 1
        if not any(token.word in self._marks for token in written[:inner]):
            return []  # most messages: nothing but their end is marked
        doc = Doc(
            self._vocab, words=[token.word if token.word in self._known else _OTHER for token in written]
        )
        found = sorted((start, end, self._vocab.strings[key]) for key, start, end in self._matcher(doc))
        ends = [
            (end, end, False)
            for start, end, kind in found
            if kind == "end" and not _inside(written, start, end)
        ]
        joins = [
            (start, start + 1 if kind == "comma" else end, True)
            for start, end, kind in found
            if kind != "end"
        ]
        ways = [_cut(text, written, marks) for marks in (ends, sorted([*ends, *joins]))]
        return [
            way for place, way in enumerate(ways) if 1 < len(way) <= MOST_CUTS + 1 and way not in ways[:place]
        ]

    def choose(self, pieces: list[Piece]) -> list[Piece] | None:
        """The pieces to take one by one, in order; one piece stands for the whole; None: the message stays whole."""
        alarms = [piece for piece in pieces if piece.parse.get("alarm")]
        if alarms:
            return alarms[:1] if alarms[0].sure() else None
        serious = [piece for piece in pieces if piece.intent not in SOCIAL]
        if any(piece.intent == REPORT for piece in serious):
            return self._beside_report(serious)
        if not serious or not all(self._answerable(piece) for piece in serious):
            return None
        chosen = _once(serious)
        return chosen if len(chosen) <= MOST_QUESTIONS else None

    def _beside_report(self, pieces: list[Piece]) -> list[Piece] | None:
        """Questions first, the report last, because its form asks the next question. Details stay with it."""
        questions = _once([piece for piece in pieces if piece.asks and self._answerable(piece)])
        rest = [piece for piece in pieces if piece not in questions]
        if not questions or not rest or len(questions) >= MOST_QUESTIONS or any(piece.asks for piece in rest):
            return None
        report = (
            rest[0] if len(rest) == 1 else Piece(" ".join(piece.text for piece in rest), {}, joined=False)
        )
        return [*questions, report]

    def _answerable(self, piece: Piece) -> bool:
        return piece.intent in {*self._topics, STATUS} and piece.sure() and not piece.leans()


def _once(pieces: list[Piece]) -> list[Piece]:
    return [
        piece for place, piece in enumerate(pieces) if piece.intent not in {p.intent for p in pieces[:place]}
    ]


def _optional(sign: str) -> list[dict[str, Any]]:
    return [{"ORTH": sign, "OP": "?"}]


def _inside(written: list[Token], start: int, end: int) -> bool:
    """Whether a full stop stands inside something: "3.50", "e-mail@city.example", "St. 12"."""
    if any(written[place].word != "." for place in range(start, end)) or end >= len(written):
        return False
    return written[end].start == written[end - 1].end


def _cut(text: str, written: list[Token], marks: list[tuple[int, int, bool]]) -> list[tuple[str, bool]]:
    """`marks`: (where a piece ends, where the next begins, cut at a word), in tokens."""
    edges = [(0, False)]
    pieces: list[tuple[str, bool]] = []
    for stop, start, joined in marks:
        begin, cut_before = edges[-1]
        if start <= begin or stop < begin:
            continue
        if stop > begin:
            pieces.append((_between(text, written, begin, stop), joined or cut_before))
        edges.append((start, joined))
    begin, cut_before = edges[-1]
    if begin < len(written):
        pieces.append((_between(text, written, begin, len(written)), cut_before))
    return [piece for piece in pieces if any(character.isalpha() for character in piece[0])]


def _between(text: str, written: list[Token], begin: int, stop: int) -> str:
    return text[written[begin].start : written[stop - 1].end].strip()
