"""The action server's settings, from its environment."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_SECRET = 16  # characters


class SettingsError(Exception):
    """A setting is wrong; the message is one sentence for the operator."""


class Settings(BaseSettings):
    """Environment variables, all named CIVICDESK_…"""

    model_config = SettingsConfigDict(env_prefix="CIVICDESK_", extra="ignore")

    host: str = Field("127.0.0.1", validation_alias="CIVICDESK_ACTIONS_HOST")
    port: int = Field(5055, ge=0, le=65535, validation_alias="CIVICDESK_ACTIONS_PORT")
    city: Path = Path("city.yml")
    content: Path = Path("content")
    open311_url: str | None = None
    secret: SecretStr = Field(SecretStr(""), validation_alias="CIVICDESK_ACTIONS_SECRET")
    secret_file: Path | None = Field(None, validation_alias="CIVICDESK_ACTIONS_SECRET_FILE")

    @model_validator(mode="after")
    def _read_secret(self) -> Self:
        if not self.secret.get_secret_value() and self.secret_file is not None:
            try:
                self.secret = SecretStr(self.secret_file.read_text(encoding="utf-8").strip())
            except (OSError, UnicodeDecodeError):
                raise ValueError(
                    f"CIVICDESK_ACTIONS_SECRET_FILE names {self.secret_file}, which cannot be read"
                ) from None
        if len(self.secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(
                f"CIVICDESK_ACTIONS_SECRET needs {SHORTEST_SECRET} characters or more; "
                "the bot signs its calls with it, so that nobody else can call an action"
            )
        return self


def load_settings() -> Settings:
    """The settings. Raises SettingsError with a sentence."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        if not where:
            raise SettingsError(f"{reason}.") from None
        name = where if where.startswith("CIVICDESK") else f"CIVICDESK_{where.upper()}"
        raise SettingsError(f"{name} is wrong: {reason}. Correct it and start again.") from None
