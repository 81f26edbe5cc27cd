"""“Just send it” before everything was asked: what is optional is left out, and the report is read back. Pure."""

from dataclasses import replace
from functools import cache

from actions.languages import WORDS
from actions.report.answers.contact import NONE
from actions.report.draft import CONTACT, DESCRIPTION, LOCATION, PHOTO, QUESTION, Draft
from actions.report.step import Step
from actions.turn import DialogueTurn
from actions.words import plain_words

_LONGEST = 10  # words
_NEEDED = frozenset({DESCRIPTION, LOCATION, QUESTION})


def send_now(turn: DialogueTurn, draft: Draft, step: str) -> tuple[DialogueTurn, Draft, Step | None] | None:
    """(turn, draft, step) for such a wish while a question of the report is open; None for anything else.

    Without a step, the question that was open is skipped by its own rules: a place may be needed.
    """
    if not turn.typed or step not in _NEEDED | {PHOTO, CONTACT} or not says_send(turn.text):
        return None
    contact = draft.contact if (draft.contact or {}).get("value") else NONE
    draft = replace(draft, photo="done", contact=contact)
    return replace(turn, intent="skip"), draft, None if step in _NEEDED else Step(draft)


def says_send(text: str) -> bool:
    """Whether a short text asks to send the report, and says nothing else: "just send it", "envíalo ya"."""
    said = plain_words(text[:200]).split()
    verbs, around = _verbs(), _around()
    return 0 < len(said) <= _LONGEST and any(word in verbs for word in said) and verbs | around >= set(said)


@cache
def _verbs() -> frozenset[str]:
    return frozenset(word for words in WORDS.values() for word in words.sending.split())


@cache
def _around() -> frozenset[str]:
    said = (
        word for words in WORDS.values() for word in (*words.around_sending.split(), *words.polite.split())
    )
    return frozenset(said)
