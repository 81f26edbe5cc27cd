"""What the citizen wants to do with a report, as far as known; kept in the slot `filed_wish`. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.filed.place_fix import fixed_place
from actions.filed.reports import FiledReport, fresh_report, now_of, own_reports
from actions.languages import WORDS
from actions.phrases import Phrases
from actions.report.answers.place import LONGEST
from actions.say import Event, slot
from actions.turn import DialogueTurn
from actions.words import fold, is_correction, part_named, says_not_being, told_words

WISH = "filed_wish"
ANSWER = "filed_answer"
FORM = "filed_form"
OWN_WORDS = 3  # words from which "add to my report that …" contains what is to be added
STATUS = "ask_status"
MOSTLY = 0.5  # the combined confidence of all intents about a report: more than everything else
SHORT = 8  # words of a message in which a single keyword decides
BEFORE_THAT = 4  # words: "please add to it that …"
LEANING = 0.25  # the lowest confidence of a best guess that counts if the contact has reports
TELLING = 4  # words from which a message has content of its own
LONGEST_TEXT = 2000

# Intents that say nothing about the report itself.
_PLAIN = frozenset(
    word for words in WORDS.values() for word in fold(f"{words.filed.get('plain', '')} {words.empty}").split()
)
_STEMS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(stem for words in WORDS.values() for stem in words.filed.get(kind, "").split())
    for kind in ("withdraw", "add", "show", "adding")
}
_THAT = frozenset(word for words in WORDS.values() for word in words.filed.get("that", "").split())
KINDS: Mapping[str, str] = {
    "withdraw_report": "withdraw",
    "add_to_report": "add",
    "correct": "correct",
    "still_there": "still",
    "what_sent": "show",
}
"""Intent -> kind of change."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`kind`: withdraw, add, correct or still. `stage` is the question that was asked: which, confirm or
    what. `part` is the part of the report that was named: photo, location …"""

    kind: str
    stage: str = ""
    report: str | None = None
    text: str = ""
    media: tuple[str, ...] = ()
    address: str | None = None
    part: str | None = None

    @property
    def told(self) -> bool:
        """Whether it says what is to be added or corrected."""
        return bool(self.text or self.media or self.address)


def leaning(turn: DialogueTurn) -> str | None:
    """The kind of the best guess if the model is not sure: a contact with reports more probably means one of
    them."""
    if turn.intent != "nlu_fallback" or turn.form or not turn.ranking or turn.reason == "foreign":
        return None  # in a language that we do not write, a guess is answered in the wrong one
    best, share = turn.ranking[0]
    # The model may be undecided between "how is my report" and other intents about a report, while nothing else is likely.
    either = sum(share for name, share in turn.ranking if name in KINDS or name == STATUS)
    if best in (STATUS, "what_sent") and either >= MOSTLY:
        return STATUS
    if not own_reports(turn):
        return None
    if denied_kind(turn):
        return "correct"
    if best == "still_there" and turn.asks:
        return STATUS  # "have you repaired it?"
    if share >= LEANING and (best in KINDS or best == STATUS):
        return KINDS.get(best, STATUS)
    if not fresh_report(turn):
        # "Did you remove it?" after it was withdrawn: it is told as it stands.
        done = any(one.withdrawn and one.fresh(now_of(turn)) for one in own_reports(turn))
        return "show" if done and says(turn, "withdraw") else None
    return "withdraw" if says(turn, "withdraw") else "add" if adds_that(turn.text) else None


def denied_kind(turn: DialogueTurn) -> bool:
    """ "It is not a pothole": what was sent just now is of another kind."""
    sent = fresh_report(turn)
    named = turn.entities.get("service", ())
    return bool(sent and sent.service in named and not turn.asks and says_not_being(turn.text, turn.language))


def says(turn: DialogueTurn, kind: str) -> bool:
    """Whether a short message has a word of this kind: withdraw, add or show."""
    words = fold(turn.text).split()
    return 0 < len(words) <= SHORT and any(word.startswith(_STEMS[kind]) for word in words)


def adds_that(text: str) -> bool:
    """Whether it contains what is to be added: "add that it is in front of the school"."""
    words = fold(text).split()
    for place, word in enumerate(words[:BEFORE_THAT]):
        if word.startswith(_STEMS["adding"]):
            after = words[place + 1 : place + 1 + BEFORE_THAT]
            return any(one in _THAT and len(words) - place - 2 - at >= 2 for at, one in enumerate(after))
    return False


def begin(turn: DialogueTurn, kind: str) -> Wish:
    """The change that a message asks for, without its report."""
    if note := turn.entity("note"):
        return Wish(kind, text=str(note)[:LONGEST_TEXT])
    wish = Wish(kind, part=part_named(turn.text) or turn.entity("part"))
    if kind == "still":
        return Wish(kind, text=turn.text[:LONGEST_TEXT])
    telling = reachable(turn) or (_own_words(turn.text) >= OWN_WORDS and wish.part != "photo")
    if kind == "add" and (telling or adds_that(turn.text)):
        return Wish(kind, text=_written(turn), part=wish.part)
    return wish


def reachable(turn: DialogueTurn) -> bool:
    """Whether it has an e-mail address or a phone number."""
    contact = turn.details.get("email") or turn.details.get("phone")
    return bool(contact or turn.entity("phone") or turn.entity("email"))


def _written(turn: DialogueTurn) -> str:
    """The message with the contact details that were taken out of it: the crew needs them."""
    contact = [str(turn.details[one]) for one in ("name", "email", "phone") if turn.details.get(one)]
    told = [one for one in contact if one not in turn.text]
    return ", ".join(one for one in (turn.text, *told) if one)[:LONGEST_TEXT]


def _own_words(text: str) -> int:
    """How many words of "add to my report that …" are not part of the request itself."""
    return len([word for word in fold(text).split() if word not in _PLAIN])


def corrected(turn: DialogueTurn, wish: Wish, report: FiledReport, *, asked: bool) -> Wish:
    """The change with what the message corrects in this report. `asked`: we asked for it, so any words count."""
    address = str(turn.entity("address"))[:LONGEST] if turn.entity("address") else None
    address = fixed_place(turn.text, report.address, address)
    if address:
        return Wish(**{**_fields(wish), "address": address, "text": turn.text[:LONGEST_TEXT]})
    other = set(turn.entities.get("service", ())) - {report.service}
    corrects = is_correction(turn.text, turn.language) and not turn.denies
    telling = reachable(turn) or (told_words(turn.text) >= TELLING and corrects)
    telling = telling or bool(other and denied_kind(turn))
    telling = telling or (told_words(turn.text) >= TELLING and says_not_being(turn.text, turn.language))
    if asked or telling:
        return Wish(**{**_fields(wish), "text": _written(turn)})
    return wish


def directive(wish: Wish, report: FiledReport, phrases: Phrases, language: str) -> dict[str, Any]:
    """The directive for the desk. `language` is that of the staff: the text is for them."""
    fixes: dict[str, str] = {}
    text = wish.text
    if wish.address:
        fixes["address"] = wish.address
        text = phrases.say(
            "filed_place_fix", language, place=wish.address, before=report.address or "-", text=wish.text
        )
    elif wish.kind == "correct" and text:
        text = phrases.say("filed_fix", language, text=text)
    elif wish.kind == "still":
        text = phrases.say("filed_still", language, text=text)
    return {
        "type": "change_request",
        "request": report.id,
        "kind": "withdraw" if wish.kind == "withdraw" else "complement",
        "text": text[:LONGEST_TEXT],
        "media": list(wish.media),
        "fixes": fixes,
    }


def read_wish(slots: Mapping[str, Any]) -> Wish | None:
    """The change in the slots."""
    given = slots.get(WISH)
    if not isinstance(given, Mapping) or not given.get("kind"):
        return None
    return Wish(
        str(given["kind"]),
        str(given.get("stage") or ""),
        given.get("report"),
        str(given.get("text") or ""),
        tuple(str(one) for one in given.get("media") or ()),
        given.get("address"),
        given.get("part"),
    )


def keep_wish(wish: Wish) -> list[Event]:
    """The events that keep it."""
    return [slot(WISH, {**_fields(wish), "media": list(wish.media)}), slot(ANSWER, None)]


def forget_wish() -> list[Event]:
    """The events that end it."""
    return [slot(WISH, None), slot(ANSWER, None)]


def media_of(turn: DialogueTurn) -> Sequence[str]:
    """The photos of a message."""
    given = turn.entity("media")
    return [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)] if given else []


def _fields(wish: Wish) -> dict[str, Any]:
    return {
        name: getattr(wish, name) for name in ("kind", "stage", "report", "text", "media", "address", "part")
    }
