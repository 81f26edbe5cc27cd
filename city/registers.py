"""Registers in city.yml: systems where permits, licences, benefits, fines and taxes are kept. They are only read.

docs/backends.md describes the fields.
"""

import re
from pathlib import PurePath
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from city.errors import CityError
from city.hours import Language

NUMBER = "{number}"
Words = dict[Language, str]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
_LOCAL = ("127.0.0.1", "::1", "localhost")


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


def check_register(register: RegisterConfig, language: str, path: PurePath) -> None:
    """Raises CityError with a sentence, which begins with the file's path."""
    where = f"{path}: the register '{register.name}'"
    parts = urlsplit(register.url)
    if NUMBER in parts.netloc or NUMBER not in register.url or not parts.hostname or parts.username:
        raise CityError(
            f"{where} needs a url such as https://host/permits/{NUMBER}, with {NUMBER} after the host."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise CityError(f"{where} must be read over https, because its answers are personal.")
    try:
        re.compile(register.reference_pattern)
    except re.error as error:
        raise CityError(f"{where} has a reference_pattern that is no regular expression: {error}.") from None
    auth = register.auth
    if auth.kind != "none" and not auth.secret_env:
        raise CityError(f"{where} has auth '{auth.kind}' without 'secret_env', the variable with the secret.")
    if auth.kind in ("header", "query") and not auth.name:
        raise CityError(f"{where} has auth '{auth.kind}' without 'name'.")
    if bool(register.identity) == register.public:
        raise CityError(
            f"{where} needs either identity questions or 'public: true'. Public means that anybody may read every number's status."
        )
    texts = {"title": register.title}
    texts |= {f"identity {place}": one.prompt for place, one in enumerate(register.identity, 1)}
    texts |= {f"words '{word}'": words for word, words in register.words.items()}
    texts |= {f"errors '{code}'": words for code, words in register.errors.items()}
    for what, words in texts.items():
        if not words.get(language, "").strip():
            raise CityError(f"{where} lacks the text in '{language}' of its {what}.")
