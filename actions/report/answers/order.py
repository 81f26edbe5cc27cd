"""Which of several reports is taken first, and which are dropped: "the street light first", "do that first", "no, the
other one", "forget the second", "just the bin". Pure."""

from collections.abc import Sequence
from dataclasses import replace

from actions.languages import WORDS
from actions.report.draft import PHOTO, Draft
from actions.report.queue import MOST_WAITING, last_words, ordinals, read_queue, title
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import begins_single, comes_first, drops, plain_words, starts_with_it, told_words

_NAMING = 4  # letters of a word that can name a report
_SHORT = 6  # words; a longer message describes something


def about_waiting(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The step for a wish about the order of several reports; None for any other message."""
    waiting = read_queue(turn.slots)
    if not waiting or not turn.typed or told_words(turn.text) > _SHORT:
        return None
    if begins_single(turn.text, turn.language):
        return _single(turn, draft, waiting, services)
    named = set(turn.entities.get("service", ())) - {draft.service}
    meant = [one for one in waiting if one.service in named] or _worded(turn, draft, waiting)
    pointed = _pointed(turn, waiting) if not meant else None
    if pointed:
        meant = [pointed]
    if not meant:
        return None
    if drops(turn.text, turn.language):
        return _dropped(draft, [one for one in waiting if one not in meant], meant, services, turn.language)
    if pointed or comes_first(turn.text, turn.language) or starts_with_it(turn.text, turn.language):
        kept = (draft, *(one for one in waiting if one != meant[0]))
        return first_of_all(meant[0], kept, services, turn.language)
    return None


def first_of_all(first: Draft, waiting: tuple[Draft, ...], services: Services, language: str) -> Step:
    """The step to this report, while the open one waits with the others."""
    said = Reply("utter_report_next", variables={"report": title(first, services, language)})
    return Step(first, (said,), waiting=waiting[:MOST_WAITING], back=True)


def _single(turn: DialogueTurn, draft: Draft, waiting: Sequence[Draft], services: Services) -> Step | None:
    """ "Just the bin": the others are dropped, and named, so that a mistake can be corrected."""
    every = (draft, *waiting)
    services_named = set(turn.entities.get("service", ()))
    said = _own_words(turn.text)
    meant = [one for one in every if one.service in services_named]
    meant = meant or [one for one in every if said & _own_words(_names(one, services, turn.language))]
    if not meant and (pointed := _pointed(turn, waiting)):
        meant = [pointed]
    if not meant and _says_only(turn, "this_one"):
        meant = [draft]
    if len(meant) != 1:
        return None
    rest = [one for one in every if one is not meant[0]]
    if meant[0] is draft:
        return _dropped(draft, [], rest, services, turn.language)
    step = first_of_all(meant[0], (), services, turn.language)
    dropped = _dropped(draft, [], rest, services, turn.language).says
    return replace(step, says=(*dropped, *step.says))


def _dropped(
    draft: Draft, left: Sequence[Draft], gone: Sequence[Draft], services: Services, language: str
) -> Step:
    names = "; ".join(title(one, services, language) for one in gone)
    said = Reply("utter_report_waiting_dropped", variables={"reports": names})
    return Step(draft, (said,), waiting=tuple(left))


def _worded(turn: DialogueTurn, draft: Draft, waiting: Sequence[Draft]) -> list[Draft]:
    """The one that a word of its own names: "forget the raccoon". Not while a word is the open report's, too."""
    said = _own_words(turn.text) - set(plain_words(draft.description or "").split())
    found = [one for one in waiting if said & set(plain_words(one.description or "").split())]
    return found if len(found) == 1 else []


def _pointed(turn: DialogueTurn, waiting: Sequence[Draft]) -> Draft | None:
    """ "The other one", "that", "the last one", "the third": words that point to a report and say nothing else."""
    if not _says_only(turn, "others") or not _wished(turn):
        return None
    said = set(plain_words(turn.text).split())
    if said & last_words():
        return waiting[-1]
    place = next((number for number, words in enumerate(ordinals()) if number > 1 and said & words), 1)
    return waiting[place - 1] if place <= len(waiting) else None


def _wished(turn: DialogueTurn) -> bool:
    """ "That first", "take the second", "forget the second", "the other one". "Do that" may be a yes, "the second" a choice."""
    text, language = plain_words(turn.text), turn.language
    if comes_first(text, language):
        return True
    # "The second" after "do you have a photo?" can be no answer.
    asked = turn.step == PHOTO
    numbered = bool(set(text.split()) & (last_words() | set().union(*ordinals()[1:])))
    words = WORDS[language]
    return any(f" {one} " in f" {text} " for one in words.other_one) or (
        numbered and (asked or starts_with_it(text, language) or drops(text, language))
    )


def _says_only(turn: DialogueTurn, table: str) -> bool:
    words = WORDS.get(turn.language)
    if words is None:
        return False
    said = plain_words(turn.text).split()
    points = set(getattr(words, table).split())
    if table == "others":
        points |= last_words() | set().union(*ordinals()[1:])
    small = {*words.referring.split(), *words.first.split(), *words.polite.split()}
    small |= {
        word for phrase in (*words.dropping, *words.single, *words.no) for word in plain_words(phrase).split()
    }
    return bool(points & set(said)) and all(word in points or word in small for word in said)


def _own_words(text: str) -> set[str]:
    return {word for word in plain_words(text).split() if len(word) >= _NAMING}


def _names(report: Draft, services: Services, language: str) -> str:
    return f"{report.description or ''} {title(report, services, language)}"
