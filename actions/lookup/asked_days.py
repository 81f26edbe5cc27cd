"""Which days and time a question is about: dates, names of holidays, "now", "this weekend". Pure, and linear in the text.

The bot finds dates and holidays (bot/understanding/entities); anything that depends on a calendar is computed here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache

from actions.languages import WORDS
from actions.turn import DialogueTurn
from actions.words import fold
from city.calendar import Calendar
from city.feasts import feast_on, next_feast

MOST = 3  # days that are answered
LONGEST = 1000  # characters that are read
ANY_HOLIDAY = "any"  # "the holiday", "un festivo": the next one
_SATURDAY = 5
_FIRST_AFTERNOON = 7  # for an office "at 5" is the afternoon, "at 7" is not
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_STREET = r" [a-z]+ (?:street|st|road|lane|avenue|drive|court|square|place|terrace)"
_DAY_OF_MONTH = re.compile(
    rf"(?<!\S)(?:the|dia|el|le) ([0-3]?\d)(?:st|nd|rd|th|er)?(?![\w:/]|[.,]\d| ?(?:am|pm|h|%)\b|{_STREET})"
)
_HOUR = re.compile(
    r"(?<!\S)(?:at|by|until|till|before|after|a las?|hasta las?|jusqu a|avant|apres|vers|a) "
    rf"(\d{{1,2}})(?: ?[h:.] ?(\d{{2}}))?(?: ?(am|pm|h))?(?![\w/]|{_STREET})"
)


@dataclass(frozen=True, slots=True)
class AskedDay:
    """`holiday` is the name by which it was asked for, a key of city/feasts.py."""

    on: date
    holiday: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question wants to know about time: the days in order, a time of the day, or whether it is open now."""

    days: tuple[AskedDay, ...] = ()
    at: time | None = None
    now: bool = False

    @classmethod
    def on(cls, days: Iterable[date]) -> "Asked":
        """About these days."""
        return cls(tuple(AskedDay(day) for day in days))

    def __bool__(self) -> bool:
        return bool(self.days) or self.now or self.at is not None


def moment_of(turn: DialogueTurn, zone: tzinfo, clock: Callable[[], datetime]) -> datetime:
    """When the message came, in the city's time zone. The desk says it with every turn; `rasa shell` does not."""
    try:
        now = datetime.fromisoformat(str(turn.metadata["now"]).replace("Z", "+00:00"))
    except (KeyError, ValueError):
        now = clock()
    return now.astimezone(zone)


def asked(turn: DialogueTurn, calendar: Calendar, now: datetime) -> Asked:
    """The days and the time that a message names."""
    said = _plain(turn.text[:LONGEST])
    today = now.date()
    named = _holidays(turn, said, calendar, today)
    dates = [day for day in (_coming(value, said, today) for value in turn.entities.get("date", ())) if day]
    if dates and _says(said, "because"):
        named = []  # "closed on Friday because of Thanksgiving?" is about Friday
    found = {day.on: day for day in [*(AskedDay(on) for on in dates), *named]}
    if not found and _says(said, "weekend"):
        saturday = today + timedelta(days=(_SATURDAY - today.weekday()) % 7)
        found = {day: AskedDay(day) for day in (saturday, saturday + timedelta(days=1))}
    if not found and (day := _of_month(said, today)):
        found = {day: AskedDay(day)}
    at = _time(turn, said)
    if _says(said, "now") and not found:
        return Asked(now=True)
    if at and not found:
        found = {today: AskedDay(today)}
    return Asked(tuple(found[day] for day in sorted(found)[:MOST]), at)


def day_after(text: str) -> bool:
    """Whether it asks about the day behind another: "and the day after?"."""
    return _says(_plain(text[:LONGEST]), "day_after")


def adds(text: str) -> bool:
    """Whether it continues the previous question: "and the library?"."""
    said = fold(text[:LONGEST])
    return any(f"{said} ".startswith(f"{phrase} ") for phrase in _phrases("going_on"))


def _holidays(turn: DialogueTurn, said: str, calendar: Calendar, today: date) -> list[AskedDay]:
    years = [int(year[0]) for year in _YEAR.finditer(said)]
    days = []
    for key in dict.fromkeys(str(value) for value in turn.entities.get("holiday", ())):
        if key == ANY_HOLIDAY:
            # "This Friday because of the holiday" asks about Friday.
            others = len(turn.entities.get("holiday", ())) > 1 or turn.entities.get("date")
            on = None if others else calendar.next_holiday(today)
            if on and _says(said, "this_week") and on.isocalendar()[:2] != today.isocalendar()[:2]:
                on = None  # "this week because of the holiday", in a week without one
        else:
            on = (
                feast_on(key, years[0], calendar.country)
                if years
                else next_feast(key, today, calendar.country)
            )
        if on:
            days.append(AskedDay(on, None if key == ANY_HOLIDAY else key))
    return days


def _coming(value: object, said: str, today: date) -> date | None:
    """A date as asked about. "14 July" was read as the nearest one; somebody who asks for opening hours means the next."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    if day >= today or str(day.year) in said:
        return day
    numbered = any(character.isdigit() for character in said)
    try:
        return day.replace(year=day.year + 1) if numbered and (today - day).days > 31 else None
    except ValueError:
        return None  # 29 February


def _of_month(said: str, today: date) -> date | None:
    """ "the 25th", "el 24", "le 14": the next day of that number."""
    found = _DAY_OF_MONTH.search(said)
    number = int(found[1]) if found else 0
    days = (today + timedelta(days=count) for count in range(62))
    return next((day for day in days if day.day == number), None) if number else None


def _time(turn: DialogueTurn, said: str) -> time | None:
    given = turn.entity("time")
    found = _HOUR.search(said)
    if given and not (found and found[3] is None and found[2] is None):
        try:
            return time.fromisoformat(str(given))
        except ValueError:
            return None
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if (found[3] == "pm" and hour < 12) or (
        found[3] is None and not found[2] and 0 < hour < _FIRST_AFTERNOON
    ):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _plain(text: str) -> str:
    """Lower case without accents; punctuation stays, because times and dates contain it."""
    letters = (
        sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign)
    )
    return " ".join("".join(letters).replace("'", " ").replace("’", " ").replace("-", " ").split())


def _says(said: str, table: str) -> bool:
    words = f" {fold(said)} "
    return any(f" {phrase} " in words for phrase in _phrases(table))


@cache
def _phrases(table: str) -> tuple[str, ...]:
    return tuple(phrase for words in WORDS.values() for phrase in getattr(words, table))
