"""Validates a team, for city.yml and for the console's forms."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from city.errors import CityError
from city.hours import problems_of
from city.model import Team

LONGEST_TITLE = 80
NEEDED = {
    "name": "Begin with a letter, and use a to z, 0 to 9 and hyphens only; at most 40.",
    "title": f"Give the team a title of at most {LONGEST_TITLE} characters.",
    "languages": "Choose at least one language, each by its two letters.",
    "inboxes": "Choose inboxes from the list.",
    "mode": "Choose pull or push.",
    "return_minutes": "Give a whole number from 0 to 10080.",
    "offer_seconds": "Give a whole number from 10 to 600.",
    "urgent_seconds": "Give a whole number from 10 to 3600.",
    "hours": "Write hours such as 08:30-12:00, 13:00-17:00, and days such as 2026-12-24.",
}
"""By field, what it has to be."""
_ANY_TEAM = {"name": "any", "title": "Any", "languages": ["en"]}


class TeamRefused(CityError):
    """The team is not valid. `problems` has a sentence for each field; those of the hours are named "hours.zone"."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def read_team(given: Mapping[str, Any], inboxes: Sequence[str]) -> Team:
    """The team of this mapping. `inboxes`: those of the city. Raises TeamRefused."""
    problems = {}
    for field in msgspec.structs.fields(Team):
        try:
            if field.name in given or field.required:
                msgspec.convert(given.get(field.name), field.type)
        except msgspec.ValidationError:
            problems[field.name] = NEEDED.get(field.name, "This cannot be read.")
    # What is wrong with the other fields is said at the same time.
    readable = {name: value for name, value in given.items() if name not in problems}
    team = msgspec.convert({**_ANY_TEAM, **readable}, Team)
    problems = {**problems_of_team(team, inboxes), **problems}
    if problems:
        raise TeamRefused(problems)
    return team


def problems_of_team(team: Team, inboxes: Sequence[str]) -> dict[str, str]:
    """What is wrong with a team whose fields have the right shape: a sentence by field."""
    problems = {}
    if not team.title.strip() or len(team.title) > LONGEST_TITLE:
        problems["title"] = NEEDED["title"]
    if not team.languages:
        problems["languages"] = NEEDED["languages"]
    if unknown := sorted(set(team.inboxes) - set(inboxes)):
        problems["inboxes"] = f"The inbox '{unknown[0]}' is not there. {NEEDED['inboxes']}"
    if team.hours:
        problems |= {f"hours.{setting}": text for setting, text in problems_of(team.hours).items()}
    return problems
