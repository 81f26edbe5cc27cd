"""Days and lookups: a question about a day gets that day, and one about a street the value for it.

right: the lookup is cited, and its text has the day or the values. asked: the street or the topic was asked for once
more. wrong: anything else, above all another day, or the general answer alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_skeleton

from bench.conversation.scene import Scene
from bench.report import Row
from city.feasts import next_feast
from city.hours import WEEKDAYS

TITLE = "Days, and what is looked up by street"
RIGHT, ASKED, WRONG = "right", "asked", "wrong"
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French"}


@dataclass(frozen=True)
class Case:
    """`say`, and `then` where the street is asked for. `says` must be in the last answer, which cites `of`."""

    language: str
    say: str
    of: str
    says: tuple[str, ...]
    then: str | None = None


async def rows(scene: Scene) -> list[Row]:
    """Right, asked and wrong: for days and for streets, in each language."""
    written = scene.cases("lookups")
    today = datetime.now(scene.city.zone).date()

    async def judge(case: Case) -> str:
        async with scene.citizen(case.language) as citizen:
            response = await citizen.say(case.say)
            if case.then:
                response = await citizen.say(case.then)
        name = next(name for name in scene.catalog.responses if name.startswith(f"lookup_{case.of}_"))
        title = scene.catalog.responses[name].texts[case.language].title
        text = response.text.lower()
        if title in response.sources and all(one.lower() in text for one in case.says):
            return RIGHT
        outcome = ASKED if response.text.rstrip().endswith("?") or not response.sources else WRONG
        scene.miss(f"{outcome}: {case} -> {response.sources} {response.text[:160]!r}")
        return outcome

    found = []
    for kind, what in (("days", "days"), ("streets", "by street")):
        for language, name in LANGUAGES.items():
            cases = [_case(one, language, scene, today) for one in written[kind][language]]
            outcomes = await scene.outcomes(cases, judge)
            found += [
                scene.share(f"right, {what}, {name}", outcomes, RIGHT, goal=90, limit=80),
                scene.share(f"wrong, {what}, {name}", outcomes, WRONG, goal=2, limit=10, lower=True),
            ]
    return found


def _case(one: dict[str, Any], language: str, scene: Scene, today: date) -> Case:
    says = [str(part) for part in one.get("says", ())]
    if "day" in one:
        on = _day(str(one["day"]), today, scene.city.country)
        says.append(format_skeleton("MMMMd", datetime(on.year, on.month, on.day), locale=language))
    return Case(language, one["say"], one["of"], tuple(says), one.get("then"))


def _day(named: str, today: date, country: str | None) -> date:
    if named in ("today", "tomorrow"):
        return today + timedelta(days=int(named == "tomorrow"))
    if named in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(named) - today.weekday()) % 7)
    if found := next_feast(named, today, country):
        return found
    month, _, day = named.partition("-")
    on = date(today.year, int(month), int(day))
    return on if on >= today else on.replace(year=today.year + 1)
