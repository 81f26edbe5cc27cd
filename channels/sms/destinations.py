"""Limits where an inbox may send SMS: the countries it serves, never satellite phones or premium numbers by
accident.

Strangers can make the desk answer any number they write from, and the owners of premium numbers get a share
of the price. Sources: ITU-T E.164 (list of assigned country codes), the North American Numbering Plan,
national numbering plans.
"""

import re
from collections.abc import Sequence

from channels.kit.setup import InboxError

_PREFIX = re.compile(r"\+[1-9][0-9]{0,7}")
_ONE_DIGIT = ("1", "7")
_TWO_DIGITS = frozenset(
    [
        "20",
        "27",
        "30",
        "31",
        "32",
        "33",
        "34",
        "36",
        "39",
        "40",
        "41",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "58",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "81",
        "82",
        "84",
        "86",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "98",
    ]
)

# Refused although their country is allowed, unless an inbox lists a prefix that is at least as long.
EXPENSIVE = (
    # Satellite and international networks: Inmarsat, universal numbers, Iridium and Globalstar, shared networks.
    "+870", "+878", "+881", "+882", "+883", "+888",
    # International shared cost and premium rate.
    "+808", "+979",
    # North America: premium, personal and carrier-specific numbers; then countries that share +1 at prices of their own.
    "+1900", "+1700",
    *(f"+1{code}" for code in (500, 521, 522, 523, 524, 525, 526, 527, 528, 529, 533, 544, 566, 577, 588)),
    *(f"+1{code}" for code in (
        242, 246, 264, 268, 284, 345, 441, 473, 649, 658, 664, 721, 758, 767, 784, 809, 829, 849, 868, 869, 876,
    )),
    # Premium and personal numbers of single countries.
    "+449", "+4470", "+3389", "+49900", "+49137", "+34803", "+34806", "+34807", "+34905", "+34907", "+35176",
    "+39892", "+39894", "+39895", "+39899", "+41900", "+41901", "+41906", "+43900", "+43901", "+43930", "+43931",
    "+43939", "+31900", "+31906", "+31909", "+61190", "+64900",
)  # fmt: skip


def country_of(number: str) -> str:
    """The country prefix of a number in E.164: "+34910000000" -> "+34"."""
    digits = number.removeprefix("+")
    if digits[:1] in _ONE_DIGIT:
        return f"+{digits[:1]}"
    return f"+{digits[: 2 if digits[:2] in _TWO_DIGITS else 3]}"


def allowed_prefixes(inbox: str, written: str, calling_code: str, number: str) -> tuple[str, ...]:
    """The prefixes of an inbox: as `written` ("+1 +52"), else the city's calling code, else the country of
    its number.

    Raises InboxError with a sentence.
    """
    prefixes = tuple(written.replace(",", " ").split())
    for prefix in prefixes:
        if not _PREFIX.fullmatch(prefix):
            raise InboxError(
                f"The inbox '{inbox}' has '{prefix}' in its 'prefixes'. Write country codes like '+1 +52'."
            )
    if prefixes:
        return prefixes
    if calling_code:
        return (calling_code,)
    if number.startswith("+"):
        return (country_of(number),)
    raise InboxError(
        f"The inbox '{inbox}' does not know which countries it may write to. "
        "Set 'calling_code' in city.yml, such as '+1', or the inbox's 'prefixes'."
    )


def is_allowed(number: str, prefixes: Sequence[str]) -> bool:
    """Whether texts may go to this number: the longest matching prefix in either list decides."""
    allowed = max((len(prefix) for prefix in prefixes if number.startswith(prefix)), default=0)
    expensive = max((len(prefix) for prefix in EXPENSIVE if number.startswith(prefix)), default=0)
    return allowed > 0 and allowed >= expensive
