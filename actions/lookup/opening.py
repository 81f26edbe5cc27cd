"""Answers a question about a day from a place's hours: open or closed, from when to when, why, and when next. Pure."""

from datetime import datetime, time

from actions.lookup.asked_days import Asked, AskedDay
from actions.lookup.say_days import day_said, hours_said, time_said
from actions.say import Reply
from city.calendar import Calendar, Day
from city.lookups import Lookup

FAR = 300  # days; a later date is given with its year


class Opening:
    """The hours of one lookup."""

    def __init__(self, lookup: Lookup, calendar: Calendar) -> None:
        self.lookup = lookup
        self._calendar = calendar

    @property
    def calendar(self) -> Calendar:
        """Its days."""
        return self._calendar

    def replies(self, asked: Asked, now: datetime, language: str) -> list[Reply]:
        """One for each day asked about, in order."""
        if asked.now:
            return [self._now(now, language)]
        return [self._day(one, asked.at, now, language) for one in asked.days]

    def _now(self, now: datetime, language: str) -> Reply:
        today = self._calendar.day(now.date())
        at = now.timetz().replace(tzinfo=None)
        span = self._calendar.running(today.on, at)
        if span:
            return self._say("now_open", until=time_said(span[1], language))
        later = [span for span in today.hours if span[0] > at]
        following = Day(today.on, tuple(later)) if later else self._calendar.next_open(today.on)
        return self._say("now_closed", **self._next(following, language))

    def _day(self, one: AskedDay, at: time | None, now: datetime, language: str) -> Reply:
        day = self._calendar.day(one.on)
        far = (one.on - now.date()).days > FAR
        said = {"day": day_said(day, language, holiday=one.holiday, year=far)}
        if not day.hours:
            return self._say("closed", **said, **self._next(self._calendar.next_open(day.on), language))
        said["hours"] = hours_said(day.hours, language)
        if at is None:
            return self._say("open", **said)
        return self._say(
            "open_at" if self._calendar.running(day.on, at) else "closed_at",
            **said,
            time=time_said(at, language),
        )

    def _next(self, day: Day | None, language: str) -> dict[str, str]:
        if day is None:
            return {"next": "–", "hours": "–"}
        return {"next": day_said(day, language), "hours": hours_said(day.hours, language)}

    def _say(self, name: str, **variables: str) -> Reply:
        return Reply(self.lookup.response(name), variables=variables)
