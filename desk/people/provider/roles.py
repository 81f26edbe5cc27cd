"""From the provider's claims to a person with a role here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from city.sign_in import ProviderConfig
from desk.model import Role
from desk.people.provider.errors import ProviderRefused

MOST_GROUPS = 2_000


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider vouches for. `provider_session` names its session, for a sign-out from there."""

    subject: str
    email: str
    name: str
    role: Role
    teams: tuple[str, ...]
    only_own_teams: bool
    provider_session: str | None


def person_of(claims: Mapping[str, Any], config: ProviderConfig) -> Person:
    """The first entry of `roles` whose group the person is in decides. Raises ProviderRefused."""
    given = claims.get(config.groups_claim)
    groups = (
        {one for one in given[:MOST_GROUPS] if isinstance(one, str)} if isinstance(given, list) else set()
    )
    entry = next((one for one in config.roles if one.group in groups), None)
    if entry is None:
        raise ProviderRefused(
            "Your account is not in any group that may use this desk. Ask an administrator to add you.",
            "no_group",
        )
    if config.acr and claims.get("acr") not in config.acr:
        raise ProviderRefused(
            "The city's sign-in did not check a second factor. Set one up there, then try again.", "acr"
        )
    email = claims.get("email")
    # A provider that lets people choose their address says that it was not checked.
    if not isinstance(email, str) or not 3 <= len(email) <= 254 or claims.get("email_verified") is False:
        raise ProviderRefused(
            "The city's sign-in did not provide a confirmed e-mail address for you.", "email"
        )
    email, name = email.strip().lower(), claims.get("name")
    sid = claims.get("sid")
    return Person(
        str(claims["sub"]),
        email,
        (" ".join(name.split()) if isinstance(name, str) else "")[:100] or email.partition("@")[0],
        entry.role,
        entry.teams,
        entry.only_own_teams,
        sid if isinstance(sid, str) else None,
    )
