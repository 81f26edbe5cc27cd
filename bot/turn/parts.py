"""Divides a message with several questions: where it may be cut, and whether the pieces should be answered
one by one. Punctuation and joining words only propose cuts; a cut is made if the model is sure about every
piece. So
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
from bot.languages.follow_ups import FOLLOW_UPS
from bot.turn.matters import MOST_QUESTIONS, REPORT, SOCIAL, STATUS
from bot.understanding.shape import plain
from bot.understanding.text import Token, tokens

LONGEST = 600  # characters; a longer text is a narrative
MOST_CUTS = 5
_OTHER = "_"  # spaCy stores every word that it sees, so unknown words must not reach it
_ENDS = ("?", "!", ".", ";", "？", "！", "。")
# "How do I get a dog licence? What does it cost?": alone, the second question is about anything that costs.
_REFERRING = frozenset(word for words in WORDS.values() for word in words.referring)
_ALSO = tuple(f"{said} " for table in FOLLOW_UPS.values() for said in table.also)
_UNKNOWN = "nlu_fallback"
_LISTED_WORDS = 5  # "bin day, passport price, opening hours please"
_POINTED = 4  # words of "c'est combien, ça"
_REFERRING_WORDS = 6  # a longer question is complete by itself


@dataclass(frozen=True)
class Piece:
    """A part of a message and its parse, {} if it is combined from several. `joined`: cut at a word and not
    at the end of a sentence. `named`: it has words that no short question has, and the model is sure of their topic.
    `added`: a short question about the topic of the piece before.
    """

    text: str
    parse: Mapping[str, Any]
    joined: bool
    named: bool = False
    added: bool = False

    @property
    def intent(self) -> str:
        return str((self.parse.get("intent") or {}).get("name"))

    @property
    def asks(self) -> bool:
        return bool(self.parse.get("question"))

    @property
    def names(self) -> bool:
        """Whether it names a problem: "my bin wasn't emptied and when does the library open"."""
        return any(one.get("entity") == "service" for one in self.parse.get("entities") or ())

    def leans(self) -> bool:
        """Whether it can only be understood with what was said before it."""
        words = plain(self.text).split()
        if words[:2] == ["c", "est"] and len(words) > _POINTED:
            words = words[2:]  # "c'est où la mairie": what it is stands behind it
        if self.added or self.named:
            return False  # "la piscine, ça ouvre quand": what it is stands before it
        return len(words) <= _REFERRING_WORDS and bool(_REFERRING & set(words))

    def refers(self) -> bool:
        """Whether it has a word that points to something."""
        return bool(_REFERRING & set(plain(self.text).split()))

    def sure(self, *, listed: bool = False) -> bool:
        """A piece cut at "and" has lost its context, so the model must be surer, unless it is a question by itself.

        `listed`: it is one of several of a list, "bin day, passport price".
        """
        threshold = "sure" if self.asks or listed or self.names or not self.joined else "strict"
        confidence = float((self.parse.get("intent") or {}).get("confidence") or 0.0)
        return confidence >= float((self.parse.get("thresholds") or {}).get(threshold, 1.0))


@dataclass(frozen=True)
class Chosen:
    """`pieces` to answer one by one, in order, and the words of the questions that are `left`."""

    pieces: list[Piece]
    left: list[str]


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
        """Ways to cut the text, the coarsest first: (piece, cut at a word). None if there is nowhere to cut."""
        if len(text) > LONGEST:
            return []
        written = tokens(text)
        inner = len(written)
        while inner and written[inner - 1].word in _ENDS:
            inner -= 1
        if not any(token.word in self._marks for token in written[:inner]):
            return []  # most messages have no mark except at their end
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
            if kind != "end" and not _elided(written, end)
        ]
        commas = [
            (place, place + 1, True) for place, token in enumerate(written[:inner]) if token.word == ","
        ]
        finer = sorted([*ends, *joins])
        every = sorted([*finer, *commas])
        ways = [_cut(text, written, marks) for marks in (ends, every, finer)]
        return [
            way for place, way in enumerate(ways) if 1 < len(way) <= MOST_CUTS + 1 and way not in ways[:place]
        ]

    def choose(self, pieces: list[Piece], whole: Mapping[str, Any] | None = None) -> Chosen | None:
        """What to answer and what is left; None if the message stays whole."""
        alarms = [piece for piece in pieces if piece.parse.get("alarm")]
        if alarms and any(one["entity"] == "service" for one in (whole or {}).get("entities") or ()):
            return None  # "the lamp is out and I am afraid to pass": all of it together is no alarm
        if alarms:
            return Chosen(alarms[:1], []) if alarms[0].sure() else None
        serious = [piece for piece in pieces if piece.intent not in SOCIAL]
        if not serious or any(piece.intent == REPORT for piece in serious):
            return None  # bot/turn/matters.py has already handled it
        listed = len(serious) > 2 and all(len(piece.text.split()) <= _LISTED_WORDS for piece in serious)
        known = [piece for piece in serious if self._answerable(piece, listed=listed)]
        unknown = [piece for piece in serious if piece not in known]
        if not known or not all(self._left(piece, listed=listed) for piece in unknown):
            return None  # a statement adds to the question beside it
        chosen = _once(_without_names(known))
        over = [piece.text for piece in chosen[MOST_QUESTIONS:]]
        return Chosen(chosen[:MOST_QUESTIONS], [*over, *(piece.text for piece in unknown)])

    def is_whole(self, chosen: Chosen, whole: Mapping[str, Any]) -> bool:
        """Whether the message as a whole is surely the one question that was chosen: "we just moved here, what do we
        need to do?" leaves nothing."""
        known = Piece("", whole, joined=False)
        return bool(
            chosen.left
            and len(chosen.pieces) == 1
            and known.intent == chosen.pieces[0].intent
            and known.sure()
        )

    def _left(self, piece: Piece, *, listed: bool) -> bool:
        """Whether it is a complete question, which is quoted as left if it gets no answer."""
        return (piece.asks or listed) and not piece.leans() and piece.intent in {*self._topics, _UNKNOWN}

    def _answerable(self, piece: Piece, *, listed: bool = False) -> bool:
        known = piece.added or piece.intent in {*self._topics, STATUS}
        return known and piece.sure(listed=listed) and not piece.leans()


def _without_names(pieces: list[Piece]) -> list[Piece]:
    """Without a piece that only names what the next one asks about: "and the identity card, where do I get it?"."""
    return [
        piece
        for piece, after in zip(pieces, [*pieces[1:], None], strict=True)
        if not (after and after.added and (not piece.asks or _only_leads(piece)))
    ]


def _only_leads(piece: Piece) -> bool:
    """ "And what about the pool": a name behind the beginning of an added question."""
    said = f"{plain(piece.text)} "
    return len(said.split()) <= _LISTED_WORDS + 1 and said.startswith(_ALSO)


def _once(pieces: list[Piece]) -> list[Piece]:
    return [
        piece for place, piece in enumerate(pieces) if piece.intent not in {p.intent for p in pieces[:place]}
    ]


def _optional(sign: str) -> list[dict[str, Any]]:
    return [{"ORTH": sign, "OP": "?"}]


def _elided(written: list[Token], end: int) -> bool:
    """Whether an apostrophe follows: "je n'ai" is no "and"."""
    return end < len(written) and written[end].word in "'’" and written[end].start == written[end - 1].end


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
