"""The city's rules for signing in (city.yml, `sign_in`)."""

from city.sign_in import SignInConfig
from desk.model import Role


def needs_factor(rules: SignInConfig, role: Role) -> bool:
    """Whether people of this role must have a second factor."""
    return rules.second_factor == "required" or role in rules.second_factor_for
