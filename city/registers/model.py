"""Registers in city.yml: systems where permits, licences, benefits, fines and taxes are kept. Read-only.

docs/backends.md describes the fields.
"""

from typing import Annotated, Literal

import msgspec

from city.hours import Language

NUMBER = "{number}"
Words = dict[Language, str]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class Auth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service knows us. `name` is the header's or the parameter's; the environment variable `secret_env` has the
    secret (basic: user:password)."""

    kind: Literal["none", "header", "query", "bearer", "basic"] = "none"
    name: str | None = None
    secret_env: str | None = None


class IdentityQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What only the person concerned knows, and where the answer has it."""

    path: str
    prompt: Words
    kind: Literal["date", "digits", "text"] = "text"


class Values(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where in the answer the values are. `number` is compared with the one that was asked for."""

    number: str
    status: str
    date: str | None = None
    next_step: str | None = None
    error: str | None = None

    def paths(self) -> dict[str, str]:
        """The paths that are set, by name."""
        return {name: path for name, path in msgspec.structs.asdict(self).items() if path is not None}


class RegisterConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One register. `title` says what a number stands for ("building permit"), `words` the service's own words in plain
    ones, by language, and `errors` the same for its error codes and HTTP statuses. Without `identity` everybody reads
    everything, which takes `public: true`."""

    name: Code
    title: Words
    url: str
    reference_pattern: str
    values: Values
    auth: Auth = Auth()
    url_env: str | None = None
    words: dict[str, Words] = {}
    errors: dict[str, Words] = {}
    identity: Annotated[tuple[IdentityQuestion, ...], msgspec.Meta(max_length=4)] = ()
    public: bool = False
