"""Checks a register in city.yml; an error is one sentence."""

import re
from pathlib import PurePath
from urllib.parse import urlsplit

from city.errors import CityError
from city.registers.model import NUMBER, RegisterConfig

_LOCAL = ("127.0.0.1", "::1", "localhost")


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
