"""Settings of the worker. Each secret X may be read from a file named by X_FILE instead."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from desk.model import DeskError

SECRETS = (
    "DATABASE_URL",
    "REDIS_URL",
    "CIVICDESK_BOT_SECRET",
    "CIVICDESK_SECRET",
    "CIVICDESK_OPEN311_KEY",
    "CIVICDESK_DEMO_PASSWORD",
)
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
"""The push services of Chrome and of Edge on Android, of Firefox, Edge and Safari."""


class BadSetting(DeskError):
    """A setting is missing or invalid; the text is one sentence that names it."""


class DeskSettings(BaseSettings):
    """The worker's configuration, read once at start-up."""

    model_config = SettingsConfigDict(
        env_prefix="CIVICDESK_", populate_by_name=True, extra="ignore", env_ignore_empty=True
    )

    database_url: str = Field(alias="DATABASE_URL")
    redis_url: str = Field(alias="REDIS_URL")
    city: Path = Path("city.yml")
    content: Path = Path("content")
    bot_url: HttpUrl = HttpUrl("http://127.0.0.1:5005")
    bot_secret: SecretStr
    secret: SecretStr
    media_dir: Path = Path("var/media")
    public_url: HttpUrl = HttpUrl("http://127.0.0.1:8080")
    private_hosts: Annotated[
        tuple[str, ...], NoDecode
    ] = ()  # internal hosts that requests with an API key may go to
    push_hosts: Annotated[tuple[str, ...], NoDecode] = (
        PUSH_HOSTS  # push services that agents' browsers may name
    )
    worker_host: str = "127.0.0.1"
    worker_port: int | None = Field(default=None, ge=1, le=65535)  # health and metrics; not served if unset
    rate_scale: float = Field(default=1.0, gt=0, le=10_000)  # multiplies the rate limits for anonymous users
    turns_at_once: int = Field(default=16, ge=1, le=256)

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        if not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("it must begin with postgresql://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("it must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("private_hosts", "push_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("bot_secret", "secret")
    @classmethod
    def _set(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value():
            raise ValueError("it is empty")
        return value

    @classmethod
    def read(cls) -> Self:
        """Read the settings from the environment. Raises BadSetting with a one-sentence message."""
        found = {_field(name): value for name, value in file_secrets(os.environ).items()}
        try:
            return cls(**found)  # type: ignore[arg-type]  # text, which pydantic reads as each field's type
        except ValidationError as error:
            raise BadSetting(sentence(error)) from None


def file_secrets(environ: Mapping[str, str], names: Iterable[str] = SECRETS) -> dict[str, str]:
    """The secrets X that are not set but have a file named by X_FILE, by name. Raises BadSetting if a file
    cannot be read."""
    found = {}
    for name in names:
        path = environ.get(f"{name}_FILE")
        if not path or environ.get(name):
            continue
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{name}_FILE names {path}, which cannot be read ({error}).") from None
    return found


def sentence(error: ValidationError) -> str:
    """Describe the first error, with the variable's name but never its value."""
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "a setting"
    if name.islower():
        name = f"CIVICDESK_{name.upper()}"
    if first["type"] == "missing":
        return f"{name} is not set. Set it, or put it in a file and name that in {name}_FILE."
    return f"{name} is wrong: {first['msg'].removeprefix('Value error, ')}."


def _field(name: str) -> str:
    return name.removeprefix("CIVICDESK_").lower() if name.startswith("CIVICDESK_") else name
