"""The gateway's settings, read from the environment. Every secret X may come from a file named by X_FILE."""

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from desk.media.scanner import Scanner
from desk.settings import PUSH_HOSTS


class SettingsError(Exception):
    """One sentence for the operator: which setting is wrong, why, and what to write instead."""


class Settings(BaseSettings):
    """The gateway's settings. Build them with `Settings.load()`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: str = Field(alias="DATABASE_URL", min_length=1, repr=False)
    redis_url: str = Field(alias="REDIS_URL", min_length=1, repr=False)
    secret: str = Field(alias="CIVICDESK_SECRET", min_length=16, repr=False)
    previous_secret: str = Field(default="", alias="CIVICDESK_PREVIOUS_SECRET", repr=False)
    """The secret before this one, until `python -m desk.people renew-secrets` has run."""
    city: Path = Field(default=Path("city.yml"), alias="CIVICDESK_CITY")
    content: Path = Field(default=Path("content"), alias="CIVICDESK_CONTENT")
    host: str = Field(default="127.0.0.1", alias="CIVICDESK_HOST")
    port: int = Field(default=8080, ge=0, le=65535, alias="CIVICDESK_PORT")
    public_url: str = Field(default="http://127.0.0.1:8080", alias="CIVICDESK_PUBLIC_URL")
    bot_url: str = Field(default="http://127.0.0.1:5005", alias="CIVICDESK_BOT_URL")
    media_dir: Path = Field(default=Path("var/media"), alias="CIVICDESK_MEDIA_DIR")
    web_dir: Path = Field(default=Path("web/dist"), alias="CIVICDESK_WEB_DIR")
    open311_key: str = Field(default="", alias="CIVICDESK_OPEN311_KEY", repr=False)
    cookies_secure: bool | None = Field(default=None, alias="CIVICDESK_COOKIE_SECURE")
    trusted_proxies: int = Field(default=0, ge=0, le=10, alias="CIVICDESK_TRUSTED_PROXIES")
    proxy_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), alias="CIVICDESK_PROXY_NETWORKS"
    )
    """The addresses of the trusted proxies; if there are none, every peer counts as one."""
    proxy_request_ids: bool = Field(default=False, alias="CIVICDESK_PROXY_REQUEST_IDS")
    """Whether the proxy makes the request ids; one that passes on a client's id must not be trusted."""
    clamd: str = Field(default="", alias="CIVICDESK_CLAMD", pattern=r"^([^\s:/]+:[0-9]{1,5})?$")
    """host:port of a ClamAV daemon that scans citizens' PDFs. If empty, they are not scanned."""
    widget_origins: Annotated[tuple[str, ...], NoDecode] = Field(default=(), alias="CIVICDESK_WIDGET_ORIGINS")
    private_hosts: Annotated[tuple[str, ...], NoDecode] = Field(default=(), alias="CIVICDESK_PRIVATE_HOSTS")
    """Hosts of an internal network that translation and drafting may reach without TLS."""
    push_hosts: Annotated[tuple[str, ...], NoDecode] = Field(default=PUSH_HOSTS, alias="CIVICDESK_PUSH_HOSTS")
    """Push services that agents' browsers may name; ".example.org" stands for every host below it."""
    console_idle_minutes: int = Field(default=30, ge=5, le=720, alias="CIVICDESK_CONSOLE_IDLE_MINUTES")
    rate_scale: float = Field(default=1.0, gt=0, le=10_000, alias="CIVICDESK_RATE_SCALE")

    @classmethod
    def load(cls, **values: Any) -> Self:
        """Read the environment; `values`, keyed by variable name, take precedence.

        Raises SettingsError with one sentence about the first thing that is wrong.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            raise SettingsError(_sentence(error)) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then X, then the file named by X_FILE. No .env file is read implicitly."""
        return init_settings, env_settings, _Files(settings_cls)

    @property
    def cookie_secure(self) -> bool:
        """Whether cookies are sent over HTTPS only: always, unless the public address is plain HTTP."""
        return self.https if self.cookies_secure is None else self.cookies_secure

    @property
    def https(self) -> bool:
        """Whether citizens reach us over HTTPS."""
        return self.public_url.startswith("https://")

    def scanner(self) -> Scanner | None:
        """The scanner of PDFs, if there is one."""
        host, _, port = self.clamd.rpartition(":")
        return Scanner(host, int(port)) if host else None

    @field_validator("widget_origins", "proxy_networks", "private_hosts", "push_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("widget_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or f"{parts.scheme}://{parts.netloc}" != origin:
                raise ValueError(f"'{origin}' is no origin; write it as https://www.example.org")
        return value

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        _check_url(value, ("postgresql", "postgres"), "postgresql://user:password@host:5432/name")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        _check_url(value, ("redis", "rediss", "unix"), "redis://host:6379/0")
        return value

    @field_validator("public_url", "bot_url")
    @classmethod
    def _http(cls, value: str) -> str:
        _check_url(value, ("http", "https"), "https://desk.example.org")
        return value.rstrip("/")


class _Files(PydanticBaseSettingsSource):
    """X from the file that X_FILE names, which is how container engines provide secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = field.alias or field_name
        path = os.environ.get(f"{name}_FILE")
        if not path:
            return None, name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), name, False
        except (OSError, UnicodeDecodeError):
            raise SettingsError(
                f"{name}_FILE names {path}, which cannot be read. Check the path and its permissions."
            ) from None

    def __call__(self) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for field_name, field in self.settings_cls.model_fields.items():
            value, name, _ = self.get_field_value(field, field_name)
            if value:
                given[name] = value
        return given


def _check_url(value: str, schemes: tuple[str, ...], example: str) -> None:
    # The value may contain a password, so no message repeats it.
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError(f"this is no address; write it as {example}") from None
    if parts.scheme not in schemes or not (parts.netloc or parts.path.strip("/") or parts.query):
        raise ValueError(f"this is no such address; write it as {example}")


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "a setting"
    if first["type"] == "missing":
        return f"{name} is not set. Set it (or {name}_FILE) and start again; `make run` does so for you."
    reason = first["msg"].removeprefix("Value error, ")
    return f"{name} is wrong: {reason[:1].lower()}{reason[1:]}."
