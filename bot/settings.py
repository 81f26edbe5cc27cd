"""The settings that the bot process reads from its environment. A secret X may also come from the file named by X_FILE."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path


class SettingError(Exception):
    """A setting is missing or wrong; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """`secret` signs the worker's turns, `actions_secret` our calls; `actions_url` is the base URL of the actions process."""

    host: str
    port: int
    secret: str
    actions_url: str
    actions_secret: str


def read_settings() -> Settings:
    """Raises SettingError."""
    given = secret("CIVICDESK_BOT_SECRET")
    if not given:
        raise SettingError(
            "CIVICDESK_BOT_SECRET is not set: set it to the secret that the worker signs with, so that nobody else can talk to the bot."
        )
    signs = secret("CIVICDESK_ACTIONS_SECRET")
    if not signs:
        raise SettingError(
            "CIVICDESK_ACTIONS_SECRET is not set: set it to the secret that the actions check, or they refuse every call."
        )
    port = os.environ.get("CIVICDESK_BOT_PORT", "5005")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingError(f"CIVICDESK_BOT_PORT is {port!r}; it must be a number from 1 to 65535.")
    host = (
        os.environ.get("CIVICDESK_BOT_HOST") or "127.0.0.1"
    )  # never the address that the gateway listens on
    actions = os.environ.get("CIVICDESK_ACTIONS_URL") or "http://127.0.0.1:5055"
    if not actions.startswith(("http://", "https://")):
        raise SettingError(f"CIVICDESK_ACTIONS_URL is {actions!r}; it must begin with http:// or https://.")
    return Settings(
        host=host, port=int(port), secret=given, actions_url=actions.rstrip("/"), actions_secret=signs
    )


def take_port(host: str, port: int) -> socket.socket:
    """Bind the port before the slow part. It does not listen yet: callers are refused and try again.

    Raises SettingError.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
    except OSError as error:
        raise SettingError(
            f"The bot cannot listen on {host}:{port}: {error.strerror or error}. Stop what uses it or set CIVICDESK_BOT_PORT."
        ) from error
    return taken


def secret(name: str) -> str | None:
    """Returns the variable `name`, or the content of the file named by `name`_FILE. Raises SettingError."""
    path = os.environ.get(f"{name}_FILE")
    if os.environ.get(name) or not path:
        return os.environ.get(name) or None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise SettingError(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
