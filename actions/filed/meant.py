"""Determines which of their reports a citizen means. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.context import Context
from actions.filed.reports import FiledReport, now_of
from actions.languages import WORDS
from actions.status.look_up import numbers_in
from actions.status.reference import find_reference
from actions.turn import DialogueTurn
from actions.words import fold

# Two reports may share these without being about the same place.
_COMMON = frozenset(word for words in WORDS.values() for word in words.addresses.split())


@dataclass(frozen=True, slots=True)
class Meant:
    """`reports` are the candidates: if there are several, the citizen is asked. `stranger` is a number that
    is not one of the contact's own."""

    reports: tuple[FiledReport, ...] = ()
    stranger: str | None = None


def which(
    turn: DialogueTurn, reports: Sequence[FiledReport], context: Context, *, asked: bool = False
) -> Meant:
    """The report that the message means. `asked`: we asked which, so nothing is guessed from the time."""
    pressed = turn.entity("report")
    if pressed:
        return Meant(tuple(one for one in reports if one.id == str(pressed)))
    for desk in context.backends:
        # Only what was written: a number in the entities may come from an older button.
        number = find_reference(turn.text, desk.reference_pattern)
        if number:
            own = tuple(one for one in reports if (one.reference or "").upper() == number)
            return Meant(own) if own else Meant(stranger=number)
    named = numbers_in(turn, context.backends)
    if named and not turn.typed:
        own = tuple(one for one in reports if (one.reference or "").upper() == named[0].reference)
        return Meant(own) if own else Meant(stranger=named[0].reference)
    told = _told(turn, reports, context)
    if len(told) == 1 or asked:
        return Meant(tuple(told))
    left = told or list(reports)
    now = now_of(turn)
    fresh = [one for one in left if one.fresh(now)]
    return Meant((fresh[0],) if len(fresh) == 1 else tuple(left))


def _told(turn: DialogueTurn, reports: Sequence[FiledReport], context: Context) -> list[FiledReport]:
    """The reports that the words point to, by service and by place; only the best matches count."""
    said = set(fold(turn.text).split()) - _COMMON
    services = {str(code) for code in turn.entities.get("service", ())}
    scored = []
    for one in reports:
        name = set(fold(context.services.name(one.service, turn.language)).split()) - _COMMON
        place = set(fold(one.address or "").split()) - _COMMON
        score = 2 * (one.service in services or (bool(name) and name <= said)) + len(place & said)
        scored.append((score, one))
    best = max((score for score, _ in scored), default=0)
    return [one for score, one in scored if score == best] if best else []
