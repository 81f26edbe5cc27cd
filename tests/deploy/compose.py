"""docker-compose.yml as the engine reads it: anchors merged, `${NAME:-default}` filled in, `$$` made one."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).parents[2]
FILE = TOP / "docker-compose.yml"
ONCE = "prepare"  # runs to its end; everything else stays up

_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\})")


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The whole file, with `environ` for its variables (none: every default)."""
    return _fill(yaml.safe_load(FILE.read_text()), environ or {})


def services() -> dict[str, Any]:
    """Name -> service, every default taken."""
    found: dict[str, Any] = load()["services"]
    return found


def _fill(value: Any, environ: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _fill(inner, environ) for name, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, environ) for inner in value]
    if not isinstance(value, str):
        return value

    def one(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        given = environ.get(found["name"]) or found["default"]
        assert given is not None, f"{found[0]} has no default"
        return given

    return _VARIABLE.sub(one, value)
