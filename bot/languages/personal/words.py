"""How people give personal details in one language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Personal:
    """One language. Words are folded.

    `contact` are the words around an address or a number; `phone` are those that make a bare number a phone number,
    `not_phone` those that make it something else. `names` lead to a name in any spelling, `persons` only to a
    capitalised one, and `ends_name` are words that no name holds. `units` stand before a number or a letter, `floors`
    after an ordinal, `whole_units` alone. `around_unit` and `around_anonymous` may stand before and belong to it.
    `reporting` are verbs of a report, which what follows belongs to: "report anonymously that …".
    `no_photo`: that there will be none. `joining` connects details with what follows. `filler` says nothing beside details.
    `something` are words for what is reported that do not say what it is.
    """

    contact: frozenset[str]
    phone: frozenset[str]
    not_phone: frozenset[str]
    names: tuple[str, ...]
    persons: tuple[str, ...]
    ends_name: frozenset[str]
    units: frozenset[str]
    floors: frozenset[str]
    ordinals: frozenset[str]
    whole_units: tuple[str, ...]
    around_unit: frozenset[str]
    anonymous: tuple[str, ...]
    around_anonymous: frozenset[str]
    reporting: frozenset[str]
    no_photo: tuple[str, ...]
    around_no_photo: frozenset[str]
    joining: frozenset[str]
    filler: frozenset[str]
    something: frozenset[str] = frozenset()


def words(text: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(text.split())
