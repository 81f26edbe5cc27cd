"""The place of a report that waits, told while another is being written: "the bar is at 22 Oak Street". Pure."""

from collections.abc import Sequence

from actions.report.answers.place import read_place
from actions.report.draft import LOCATION, Draft
from actions.report.queue import pointed, title
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import is_correction, plain_words, without_empty

NOTED = "utter_report_noted"
_NAMING = 3  # letters of a word that can name a report


def place_of_waiting(
    turn: DialogueTurn, draft: Draft, step: str, waiting: Sequence[Draft], services: Services, *, noted: bool
) -> Step | None:
    """The step that gives its place to the report that a message is about; None where it is about the open one, or has no
    place. `noted`: the other report was noted in the turn before, so that a bare address is about that."""
    open_ones = [place for place, one in enumerate(waiting) if not (one.location or one.street)]
    if not turn.typed or turn.asks or not open_ones or not turn.entity("address"):
        return None
    found = _meant(turn, draft, step, waiting, open_ones, noted=noted)
    placed = read_place(turn, waiting[found]) if found is not None else None
    if found is None or placed is None:
        return None
    kept = (*waiting[:found], placed, *waiting[found + 1 :])
    told = Reply(NOTED, variables={"reports": title(placed, services, turn.language)})
    return Step(draft, (told,), ask=None if step != LOCATION else LOCATION, waiting=kept)


def _meant(
    turn: DialogueTurn,
    draft: Draft,
    step: str,
    waiting: Sequence[Draft],
    open_ones: Sequence[int],
    *,
    noted: bool,
) -> int | None:
    named = set(turn.entities.get("service", ()))
    if named:
        by_service = [place for place in open_ones if waiting[place].service in named]
        return by_service[0] if len(by_service) == 1 and draft.service not in named else None
    place_words = {word for one in turn.entities["address"] for word in plain_words(str(one)).split()}
    said = [word for word in plain_words(without_empty(turn.text)).split() if word not in place_words]
    naming = {word for word in said if len(word) >= _NAMING}
    if naming & _words(draft):
        return None
    by_words = [place for place in open_ones if naming & _words(waiting[place])]
    if len(by_words) == 1:
        return by_words[0]
    pointing = pointed(turn.text, len(waiting))
    if pointing in open_ones:
        return pointing
    bare = not naming and not is_correction(turn.text, turn.language)
    return open_ones[-1] if noted and bare and step != LOCATION and draft.location else None


def _words(draft: Draft) -> set[str]:
    return {
        word for word in plain_words(without_empty(draft.description or "")).split() if len(word) >= _NAMING
    }
