"""What the action server is told by its environment."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    open311_key: SecretStr | None = None
    open311_key_file: Path | None = None

    @model_validator(mode="after")
    def _read_key(self) -> "Settings":
        if self.open311_key is None and self.open311_key_file is not None:
            try:
                self.open311_key = SecretStr(self.open311_key_file.read_text(encoding="utf-8").strip())
            except OSError as error:
                raise ValueError(f"CIVICDESK_OPEN311_KEY_FILE cannot be read ({error.strerror})") from None
        return self


def load_settings() -> Settings:
    """The settings. Raises SettingsError with a sentence."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        name = (
            where if where.startswith("CIVICDESK") else f"CIVICDESK_{where.upper()}" if where else "A setting"
        )
        raise SettingsError(f"{name} is wrong: {first['msg']}. Correct it and start again.") from None
