"""From the provider's claims to a role here."""

from typing import Any

import pytest

from city.sign_in import GroupRole, ProviderConfig
from desk.people.provider.errors import ProviderRefused
from desk.people.provider.roles import person_of

ROLES = (
    GroupRole(group="admins", role="admin"),
    GroupRole(group="leads", role="supervisor", teams=("parks",), only_own_teams=True),
    GroupRole(group="desk", role="agent", teams=("front-desk",)),
)
CONFIG = ProviderConfig(title="City", issuer="https://id.city.example", client_id="c", roles=ROLES)
STRICT = ProviderConfig(
    title="City", issuer="https://id.city.example", client_id="c", roles=ROLES, acr=("mfa", "phr")
)
CLAIMS: dict[str, Any] = {
    "sub": "u",
    "email": " Ana@City.Example ",
    "name": "Ana  Duarte",
    "groups": ["desk"],
}


def test_the_first_entry_that_fits_counts() -> None:
    person = person_of(CLAIMS | {"groups": ["other", "desk", "leads"], "sid": "s"}, CONFIG)
    assert (person.role, person.teams, person.only_own_teams) == ("supervisor", ("parks",), True)
    assert (person.email, person.name, person.provider_session) == ("ana@city.example", "Ana Duarte", "s")
    assert person_of(CLAIMS | {"name": None}, CONFIG).name == "ana"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"groups": ["Desk"]}, "no_group"),
        ({"groups": "desk"}, "no_group"),
        ({"groups": [["desk"], None, 7]}, "no_group"),
        ({"groups": None}, "no_group"),
        ({"email": None}, "email"),
        ({"email": ["a@b.example"]}, "email"),
        ({"email": "a@" + "b" * 300}, "email"),
        ({"email_verified": False}, "email"),
    ],
)
def test_who_is_in_no_group_or_has_no_address_is_refused(claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(ProviderRefused) as refused:
        person_of(CLAIMS | claims, CONFIG)
    assert refused.value.reason == reason


def test_the_strength_of_the_sign_in_counts() -> None:
    assert person_of(CLAIMS | {"acr": "phr"}, STRICT).role == "agent"
    for acr in ("pwd", None, ["mfa"]):
        with pytest.raises(ProviderRefused, match="second factor"):
            person_of(CLAIMS | {"acr": acr}, STRICT)
