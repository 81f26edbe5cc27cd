"""The form of an agent's account. Pure."""

import re
from collections.abc import Callable, Sequence

from desk.setup.agents import Settings
from desk.store.people.agents import Account


def values_of(account: Account) -> dict[str, str]:
    """The form's fields for this account, and each list as text."""
    values = {
        "name": account.name,
        "email": account.email,
        "role": account.role,
        "only_own_teams": "yes" if account.only_own_teams else "",
        "skills": ", ".join(account.skills),
        "capacity": str(account.capacity),
        "teams": ", ".join(account.teams),
        "languages": ", ".join(account.languages),
    }
    values |= {f"team-{team}": "yes" for team in account.teams}
    return values | {f"language-{language}": "yes" for language in account.languages}


def read_settings(
    field: Callable[[str], str], teams: Sequence[str], languages: Sequence[str]
) -> tuple[Settings, dict[str, str]]:
    """What the form says, and its values as they were sent. `teams` and `languages` are the boxes it had."""
    names = ["name", "email", "role", "only_own_teams", "skills", "capacity"]
    names += [f"team-{team}" for team in teams] + [f"language-{language}" for language in languages]
    values = {name: field(name) for name in names}
    capacity = values["capacity"].strip()
    given = Settings(
        name=values["name"],
        email=values["email"],
        role=values["role"],
        teams=tuple(team for team in teams if values[f"team-{team}"]),
        only_own_teams=bool(values["only_own_teams"]),
        languages=tuple(one for one in languages if values[f"language-{one}"]),
        skills=tuple(one for one in re.split(r"[\s,]+", values["skills"]) if one),
        capacity=int(capacity) if capacity.isascii() and capacity.isdigit() and len(capacity) < 9 else None,
    )
    return given, values
