"""Maps each kind of back end to its module. Adding a kind takes one module and one line here."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from backends.base import Backend, Change
from backends.open311.client import Open311
from backends.open311.http import keeps_secret
from backends.reference.client import Reference

KEY_FOLDER = "CIVICDESK_BACKEND_DIR"


class BackendConfigError(ValueError):
    """One sentence for the operator: which back end, and what to fix."""


class BackendConfig(Protocol):
    """What the registry needs from a back end's settings in city.yml."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def jurisdiction(self) -> str | None: ...

    @property
    def read_key(self) -> str | None: ...

    @property
    def statuses(self) -> Mapping[str, str]: ...

    @property
    def request_updates(self) -> Mapping[Change, str]: ...

    @property
    def read_updates(self) -> bool: ...


def build_backend(
    config: BackendConfig,
    session: aiohttp.ClientSession,
    key: str | None,
    *,
    url: str | None = None,
    zone: tzinfo = UTC,
    read_timeout: float = 60.0,
    private_hosts: Iterable[str] = (),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Backend:
    """Build the back end of a city.yml entry; `url` overrides the entry's own.

    `private_hosts` are host names inside an internal network to which a key may be sent without TLS. Raises
    BackendConfigError.
    """
    address = url or config.url
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        _ = parts.port
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise BackendConfigError(
            f"The address of the back end '{config.name}' must be like https://host/path."
        )
    if key and not keeps_secret(address, private_hosts):
        raise BackendConfigError(
            f"The back end '{config.name}' has a key, and its address is not https. "
            "Use https, or anybody on the way can read the key."
        )
    if config.kind not in KINDS:
        raise BackendConfigError(
            f"The back end '{config.name}' is of the unknown kind '{config.kind}'. "
            f"Use {', '.join(sorted(KINDS))}."
        )
    return KINDS[config.kind](
        session,
        address,
        key=key,
        jurisdiction=config.jurisdiction,
        zone=zone,
        read_timeout=read_timeout,
        private_hosts=private_hosts,
        key_in_query=config.read_key == "query",
        statuses=config.statuses,
        updates_as=config.request_updates,
        read_updates=config.read_updates,
        clock=clock,
    )


def key_from(environ: Mapping[str, str], name: str | None) -> str | None:
    """The secret in the environment variable `name`, in the file that `<name>_FILE` names, or in the folder
    CIVICDESK_BACKEND_DIR as the file of that name in lower case. Raises BackendConfigError if that cannot be read."""
    if name is None:
        return None
    if key := environ.get(name):
        return key
    path = environ.get(f"{name}_FILE")
    folder = environ.get(KEY_FOLDER)
    if not path and folder and (Path(folder) / name.lower()).is_file():
        path = str(Path(folder) / name.lower())
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise BackendConfigError(
            f"{name}_FILE names {path}, which cannot be read ({type(error).__name__})."
        ) from None


KINDS: dict[str, type[Open311]] = {"open311": Open311, "reference": Reference}
