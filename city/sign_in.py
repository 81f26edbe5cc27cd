"""How staff sign in to the console: city.yml's `sign_in`."""

from typing import Annotated, Literal

import msgspec

StaffRole = Literal["agent", "supervisor", "editor", "admin", "auditor"]


class GroupRole(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People whom the provider counts to `group` have this role, and these teams. `only_own_teams` limits a supervisor to
    them."""

    group: str
    role: StaffRole
    teams: tuple[str, ...] = ()
    only_own_teams: bool = False


class ProviderConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An OpenID provider. `title` is on the button. The client's secret is in the environment variable named by
    `client_secret_env`, or in the file that the same name with _FILE names. The first entry of `roles` that fits counts.
    `acr`: strengths of sign-in of which the provider must state one, such as one with a second factor."""

    title: str
    issuer: str
    client_id: str
    roles: tuple[GroupRole, ...]
    client_secret_env: str = "CIVICDESK_OIDC_SECRET"  # noqa: S105  (the name of a variable)
    scopes: tuple[str, ...] = ("openid", "profile", "email", "groups")
    groups_claim: str = "groups"
    acr: tuple[str, ...] = ()


class SignInConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`second_factor` is for everybody who signs in with a password here; `second_factor_for` are roles that need one in
    any case. Without `passwords` only emergency accounts sign in with one; it needs a provider."""

    second_factor: Literal["required", "optional"] = "optional"
    second_factor_for: tuple[StaffRole, ...] = ()
    passwords: bool = True
    provider: ProviderConfig | None = None
    clock_skew: Annotated[int, msgspec.Meta(ge=0, le=300)] = 60
