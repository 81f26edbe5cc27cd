"""Wait, go back, start over, continue: commands about the report itself. Those about its order are in answers/order.py. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from actions.languages import WORDS
from actions.report.answers.order import about_waiting
from actions.report.correction import correct
from actions.report.draft import CHANGE, CONFIRM, CONTACT, PHOTO, Draft
from actions.report.memory import last_kept
from actions.report.queue import title
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import is_no, is_yes, part_named, plain_words, told_words

# "Il a recommencé" tells what somebody else did.
_OTHERS = [
    [word] for word in ("he", "she", "they", "il", "elle", "ils", "elles", "lo", "el", "ella", "ellos")
]
_LONGEST = 100  # characters that are read for a command
_LEADS = 2  # words of yes and no before a command: "no no, wait"
_REASON = 8  # words after "wait": "my phone is ringing"
_SHORTEST_REASON = 3  # words; "wait keep it" gives no reason
_ASKING = frozenset({PHOTO, CONTACT, CONFIRM})  # questions that a bare yes or no answers
_ANSWERS = frozenset({"affirm", "deny", "skip", "nlu_fallback"})


def apply_command(turn: DialogueTurn, draft: Draft, step: str, services: Services) -> Step | None:
    """The step for one of these commands; None if the message is none of them."""
    bare = "pause" if turn.typed and step in _ASKING and _only_pause(turn.text) else None
    turn = replace(turn, intent=command_behind(turn, step) or bare or turn.intent)
    others = about_waiting(turn, draft, services)
    if others is not None:
        return others
    if turn.intent == "pause":
        return _corrected(turn, draft, step) or Step(draft, ask=step, response="utter_report_paused")
    if turn.intent == "continue_report":
        named = (Reply("utter_report_goes_on", variables={"report": title(draft, services, turn.language)}),)
        return Step(draft, named if draft.begun else (), ask=CHANGE if step == CHANGE else None)
    if turn.intent == "start_over" and plain_words(turn.text).split()[:1] not in _OTHERS:
        return Step(Draft(), (Reply("utter_report_cleared"),))
    if turn.intent != "undo":
        return None
    kept = last_kept(turn.slots)
    if kept is None:
        return Step(draft, (Reply("utter_report_first_question"),), ask=CHANGE if step == CHANGE else None)
    before, asked = kept
    return Step(before, (Reply("utter_report_taken_back"),), ask=asked, back=True)


def _corrected(turn: DialogueTurn, draft: Draft, step: str) -> Step | None:
    """ "No, wait, it is a street light": a short text that says what is so asks for no time."""
    named = set(turn.entities.get("service", ())) - {draft.service} or turn.entity("address")
    if not (turn.typed and named) or told_words(turn.text) > _REASON:
        return None
    return correct(replace(turn, intent="correct"), draft, step)


def command_behind(turn: DialogueTurn, step: str) -> str | None:
    """The command that follows a yes or a no: "no, hold on" asks for time and refuses nothing. None for any other text.

    A reason may follow a pause, where it gives no answer: "no wait, my phone is ringing".
    """
    said = plain_words(turn.text).split() if 0 < len(turn.text) <= _LONGEST else []
    leads = 0
    while leads < min(_LEADS, len(said)) and said[leads] in _leading():
        leads += 1
    if not leads:
        return None
    rest = said[leads:]
    found = _begins(rest)
    while found is None and rest and rest[0] in _polite():
        rest = rest[1:]
        found = _begins(rest)
    if found is None:
        return None
    phrase, command = found
    behind = rest[len(phrase) :]
    if all(word in _polite() for word in behind) or _commands_only(behind, command):
        return command
    explains = command == "pause" and step in _ASKING and turn.intent in _ANSWERS and len(behind) <= _REASON
    return command if explains and not _answers(turn, behind) else None


def _only_pause(text: str) -> bool:
    """Whether a text is one of the phrases of a pause, and nothing else: "later", "not now please"."""
    said = [word for word in plain_words(text[:_LONGEST]).split() if word not in _polite()]
    found = _begins(said)
    return found is not None and found[1] == "pause" and len(said) == len(found[0])


def says_pause(text: str) -> bool:
    """Whether a short text asks for time, with a reason or without: "wait", "no, hold on", "later, my bus is here"."""
    said = plain_words(text).split() if 0 < len(text) <= _LONGEST else []
    while said and (said[0] in _leading() or said[0] in _polite()):
        said = said[1:]
    found = _begins(said)
    if found is None or found[1] != "pause":
        return False
    behind = said[len(found[0]) :]
    return (
        all(word in _polite() for word in behind)
        or _commands_only(behind, "pause")
        or _SHORTEST_REASON <= len(behind) <= _REASON
    )


def _answers(turn: DialogueTurn, behind: Sequence[str]) -> bool:
    """Whether the words behind a pause hold an answer or a correction after all: "no wait, send it"."""
    words = " ".join(behind)
    told = any(turn.entity(name) for name in ("address", "street", "service", "email", "phone", "media"))
    plain = is_yes(words) or is_no(words) or part_named(words) is not None
    return told or plain or "@" in turn.text or any(character.isdigit() for character in turn.text)


def _begins(said: Sequence[str]) -> tuple[tuple[str, ...], str] | None:
    return next((one for one in _commands() if tuple(said[: len(one[0])]) == one[0]), None)


def _commands_only(behind: Sequence[str], command: str) -> bool:
    """Whether they say the same command again: "wait, hold on"."""
    return any(tuple(behind) == phrase and named == command for phrase, named in _commands())


@cache
def _leading() -> frozenset[str]:
    words = (plain_words(one) for table in WORDS.values() for one in (*table.yes, *table.no))
    return frozenset(word for word in words if word and " " not in word)


@cache
def _polite() -> frozenset[str]:
    return frozenset(word for table in WORDS.values() for word in table.polite.split())


@cache
def _commands() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Every phrase with its command, the longest first."""
    found = {
        tuple(plain_words(phrase).split()): command
        for table in WORDS.values()
        for command, phrases in table.commands.items()
        for phrase in phrases
    }
    return tuple(sorted(found.items(), key=lambda one: -len(one[0])))
