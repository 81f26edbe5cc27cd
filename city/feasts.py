"""Named days and their dates: fixed dates, "the fourth Thursday of November", days counted from Easter. Pure.

Their names in each language are in bot/languages (as citizens write them) and actions/languages (as we write them).
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

Rule = Callable[[int], date]
"""The day in a year."""


def _fixed(month: int, day: int) -> Rule:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, place: int, plus: int = 0) -> Rule:
    """The `place`th such weekday (0 is Monday) of a month, or the last one for -1; `plus` days after it."""

    def rule(year: int) -> date:
        if place > 0:
            first = date(year, month, 1)
            found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (place - 1))
        else:
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            found = last - timedelta(days=(last.weekday() - weekday) % 7)
        return found + timedelta(days=plus)

    return rule


def _easter(plus: int) -> Rule:
    return lambda year: easter(year) + timedelta(days=plus)


_MONDAY, _TUESDAY, _THURSDAY = 0, 1, 3
FEASTS: Mapping[str, Rule] = {
    "new_year": _fixed(1, 1),
    "epiphany": _fixed(1, 6),
    "martin_luther_king_day": _nth(1, _MONDAY, 3),
    "valentines_day": _fixed(2, 14),
    "presidents_day": _nth(2, _MONDAY, 3),
    "good_friday": _easter(-2),
    "easter": _easter(0),
    "easter_monday": _easter(1),
    "ascension": _easter(39),
    "pentecost": _easter(49),
    "whit_monday": _easter(50),
    "memorial_day": _nth(5, _MONDAY, -1),
    "juneteenth": _fixed(6, 19),
    "bastille_day": _fixed(7, 14),
    "assumption": _fixed(8, 15),
    "columbus_day": _nth(10, _MONDAY, 2),
    "halloween": _fixed(10, 31),
    "all_saints": _fixed(11, 1),
    "election_day": _nth(11, _MONDAY, 1, plus=1),
    "veterans_day": _fixed(11, 11),
    "immaculate_conception": _fixed(12, 8),
    "christmas_eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "boxing_day": _fixed(12, 26),
    "new_years_eve": _fixed(12, 31),
}
"""Days that are the same everywhere, whether or not a country observes them."""

_LOCAL: Mapping[str, Mapping[str, Rule]] = {
    "independence_day": {"US": _fixed(7, 4), "MX": _fixed(9, 16), "FR": _fixed(7, 14), "CA": _fixed(7, 1)},
    "labor_day": {"US": _nth(9, _MONDAY, 1), "CA": _nth(9, _MONDAY, 1)},
    "thanksgiving": {"CA": _nth(10, _MONDAY, 2)},
    "thanksgiving_friday": {"CA": _nth(10, _MONDAY, 2, plus=1)},
}
_ELSEWHERE: Mapping[str, Rule] = {
    "independence_day": _fixed(7, 4),
    "labor_day": _fixed(5, 1),
    "thanksgiving": _nth(11, _THURSDAY, 4),
    "thanksgiving_friday": _nth(11, _THURSDAY, 4, plus=1),
}
KEYS = frozenset({*FEASTS, *_ELSEWHERE})


def feast_on(key: str, year: int, country: str | None) -> date | None:
    """The day with this name in a year; None for an unknown name."""
    rule = FEASTS.get(key) or _LOCAL.get(key, {}).get(country or "") or _ELSEWHERE.get(key)
    return rule(year) if rule else None


def next_feast(key: str, today: date, country: str | None) -> date | None:
    """The next day with this name, today included."""
    found = (feast_on(key, year, country) for year in (today.year, today.year + 1))
    return next((day for day in found if day and day >= today), None)


def feasts_of(day: date, country: str | None) -> list[str]:
    """The names that a day has, as keys."""
    return list(_of_year(day.year, country).get(day, ()))


@lru_cache(maxsize=256)
def _of_year(year: int, country: str | None) -> Mapping[date, tuple[str, ...]]:
    """Every name of every day: a year is asked for day by day, for the promises of each conversation."""
    found: dict[date, tuple[str, ...]] = {}
    for key in (*_ELSEWHERE, *FEASTS):
        day = feast_on(key, year, country)
        if day is not None:
            found[day] = (*found.get(day, ()), key)
    return found
