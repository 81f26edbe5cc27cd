"""The form of a team: values to text, and back. Parsing an unchanged form gives the same team. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from city import Team
from city.hours import Hours
from console.admin.hours_form import (
    DAYS,
    Values,
    fits,
    read_special_days,
    read_texts,
    read_week,
    special_line,
    week_values,
)


def values_of(team: Team) -> Values:
    """The form's fields for this team."""
    hours = team.hours or Hours(week={})
    values = {
        "name": team.name,
        "title": team.title,
        "skills": ", ".join(team.skills),
        "mode": team.mode,
        "return_minutes": str(team.return_minutes),
        "offer_seconds": str(team.offer_seconds),
        "urgent_seconds": str(team.urgent_seconds),
        "own_hours": "yes" if team.hours else "",
        "zone": hours.zone or "",
        "country": hours.country or "",
        "subdivision": hours.subdivision or "",
        "keeps_holidays": "yes" if hours.keeps_holidays else "",
        "holidays": "\n".join(day.isoformat() for day in hours.holidays),
        "special_days": "\n".join(special_line(day) for day in hours.special_days),
    }
    values |= week_values(hours.week)
    values |= {f"text-{language}": text for language, text in hours.texts.items()}
    for kind, chosen in (("language", team.languages), ("topic", team.topics), ("inbox", team.inboxes)):
        values |= {f"{kind}-{one}": "yes" for one in chosen}
    return values


class TeamForm:
    """Which boxes the form has. `languages` are those of the city, `topics` of the answers."""

    def __init__(self, languages: Sequence[str], topics: Sequence[str], inboxes: Sequence[str]) -> None:
        self._boxes = {"language": languages, "topic": topics, "inbox": inboxes}

    def boxes(self, kind: str, team: Team | None) -> list[str]:
        """The choices of this kind; what the team has already stays a choice."""
        own = {"language": team.languages, "topic": team.topics, "inbox": team.inboxes}[kind] if team else ()
        return [*self._boxes[kind], *(one for one in own if one not in self._boxes[kind])]

    def read(self, field: Callable[[str], str], team: Team | None) -> Values:
        """What was sent. `team`: as it is stored."""
        known = values_of(team or Team(name="a", title="", languages=()))
        names = [*known, *(f"{kind}-{one}" for kind in self._boxes for one in self.boxes(kind, team))]
        names += [f"text-{language}" for language in self.boxes("language", team)]
        return {name: field(name) for name in names}

    def meaning(self, values: Mapping[str, str], team: Team | None) -> tuple[dict[str, Any], dict[str, str]]:
        """The settings as city.yml has them, and a sentence for each field that cannot be read, which is left out."""
        problems: dict[str, str] = {}
        given: dict[str, Any] = {
            "name": values["name"].strip(),
            "title": " ".join(values["title"].split()),
            "skills": [one for one in re.split(r"[\s,]+", values["skills"]) if one],
            "mode": values["mode"] or "pull",
        }
        for kind, setting in (("language", "languages"), ("topic", "topics"), ("inbox", "inboxes")):
            stored = getattr(team, setting) if team else ()
            chosen = [one for one in self.boxes(kind, team) if values.get(f"{kind}-{one}")]
            # In the order in which they are stored: saving a form that nobody changed changes nothing.
            given[setting] = sorted(
                chosen, key=lambda one: stored.index(one) if one in stored else len(stored)
            )
        for number in ("return_minutes", "offer_seconds", "urgent_seconds"):
            text = values[number].strip()
            given[number] = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text
        given["hours"] = self._hours(values, team, problems) if values["own_hours"] else None
        return given, problems

    def _hours(
        self, values: Mapping[str, str], team: Team | None, problems: dict[str, str]
    ) -> dict[str, Any]:
        week = read_week(values, problems)
        holidays = values["holidays"].split()
        special = read_special_days(values["special_days"], problems)
        if not fits(holidays, Hours.__annotations__["holidays"]):
            problems["holidays"], holidays = DAYS, []
        hours = {
            "week": week,
            "keeps_holidays": bool(values["keeps_holidays"]),
            "holidays": holidays,
            "special_days": special,
            "texts": read_texts(values, problems),
        }
        return hours | {
            name: values[name].strip() for name in ("zone", "country", "subdivision") if values[name].strip()
        }
