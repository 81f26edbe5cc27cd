"""Photos whose report is not known: which of several reports they belong to, and "no, it's another one". Pure.

A report keeps such photos as `spare`; while its `photo` is "whose", the citizen is asked. Photos that were sent with an
earlier report are spare, too: "the same photo" takes them, and nothing else does.
"""

from collections.abc import Sequence
from dataclasses import replace

from actions.report.answers.choices import is_unknown, position
from actions.report.answers.photo import MOST_PHOTOS
from actions.report.draft import PHOTO, Draft
from actions.report.memory import last_kept
from actions.report.queue import read_queue, title
from actions.report.step import Step
from actions.say import Button, Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import drops_all, is_no, plain_words, says_other_photo, says_same_photo

ASKED = "whose"
BOTH, NONE = "both", "none"
_NAMING = 4  # letters of a word that can name a report
_SHORT = 8  # words of an answer
LEFT_OUT = Reply("utter_report_photo_left_out")


def ask_whose(draft: Draft, waiting: Sequence[Draft] | None, turn: DialogueTurn, services: Services) -> Reply:
    """The question which report a photo belongs to. `waiting` are the others, None for those that wait anyway."""
    others = read_queue(turn.slots) if waiting is None else waiting
    buttons = tuple(
        Button("choose_option", {"option": str(place)}, title=title(one, services, turn.language)[:60])
        for place, one in enumerate((draft, *others))
    )
    return Reply("utter_ask_report_photo_whose", buttons=buttons)


def apply_whose(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The reports with the photo where it belongs; None if the message is no answer to this question."""
    waiting = read_queue(turn.slots)
    reports = (draft, *waiting)
    meant = _meant(turn, reports, services)
    if meant is None:
        return None
    placed = [_with_spare(one, draft.spare) if place in meant else one for place, one in enumerate(reports)]
    first = placed[0] if 0 in meant else replace(draft, photo=None, spare=())
    says = (Reply("utter_report_photo_received"),) if meant else (LEFT_OUT,)
    return Step(first, says, waiting=tuple(placed[1:]))


def apply_same_photo(turn: DialogueTurn, draft: Draft, step: str) -> Step | None:
    """ "The same photo", where one was sent with the report before."""
    pressed = turn.entity("option") == "same_photo"
    if step != PHOTO or not draft.spare or not (pressed or turn.typed):
        return None
    if not pressed and (turn.asks or not says_same_photo(turn.text, turn.language) or is_no(turn.text)):
        return None
    return Step(_with_spare(draft, draft.spare), (Reply("utter_report_photo_received"),))


def taken_back(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """ "No, it's another one", right after a photo: it leaves this report, for the one that waits if there is one."""
    kept = last_kept(turn.slots)
    if kept is None or not turn.typed or turn.asks or not _short(turn.text):
        return None
    sent = tuple(one for one in draft.media if one not in kept[0].media)
    if not sent or turn.entity("address") or not says_other_photo(turn.text, turn.language):
        return None
    left = replace(draft, media=kept[0].media, photo=kept[0].photo if kept[0].media else None)
    waiting = read_queue(turn.slots)
    if len(waiting) == 1:
        moved = replace(waiting[0], media=(*waiting[0].media, *sent)[:MOST_PHOTOS], photo="done")
        said = Reply("utter_report_photo_moved", variables={"report": title(moved, services, turn.language)})
        return Step(left, (said,), waiting=(moved,))
    if waiting:
        return Step(replace(left, spare=sent, photo=ASKED))
    return Step(left, (LEFT_OUT,))


def unplaced(draft: Draft, others: Sequence[Draft]) -> Draft:
    """The draft whose photos may belong to one of the others as well: the citizen is asked."""
    return replace(draft, media=(), spare=draft.media, photo=ASKED) if draft.media and others else draft


def _meant(turn: DialogueTurn, reports: Sequence[Draft], services: Services) -> frozenset[int] | None:
    """The places of the reports that the answer names."""
    option = turn.entity("option")
    if option is not None:
        chosen = str(option)
        if chosen == BOTH:
            return frozenset(range(len(reports)))
        known = chosen.isdigit() and int(chosen) < len(reports)
        return frozenset({int(chosen)}) if known else frozenset() if chosen == NONE else None
    if not turn.typed or turn.asks or not _short(turn.text):
        return None
    if drops_all(turn.text):
        return frozenset(range(len(reports)))
    if is_no(turn.text) or turn.intent in ("deny", "skip") or is_unknown(turn.text):
        return frozenset()
    place = position(turn.text, len(reports))
    if place is not None:
        return frozenset({place})
    named = set(turn.entities.get("service", ()))
    found = [place for place, one in enumerate(reports) if one.service in named]
    if not found:
        said = {word for word in plain_words(turn.text).split() if len(word) >= _NAMING}
        found = [
            place
            for place, one in enumerate(reports)
            if said & set(plain_words(f"{one.description} {title(one, services, turn.language)}").split())
        ]
        found = found if len(found) == 1 else []
    return frozenset(found) if found else None


def _with_spare(draft: Draft, spare: Sequence[str]) -> Draft:
    media = tuple(dict.fromkeys((*draft.media, *spare)))[:MOST_PHOTOS]
    return replace(draft, media=media, spare=(), photo="done")


def _short(text: str) -> bool:
    return len(plain_words(text).split()) <= _SHORT
