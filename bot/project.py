"""The project's files, and the city's settings that the bot needs.

The bot runs in its own interpreter and imports none of our packages, so it reads
the few fields that it uses from city.yml itself.
"""

import csv
import os
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

ROOT = Path(__file__).resolve().parent.parent


class ProjectError(Exception):
    """A file of the project is missing or wrong; the message is one sentence for the user."""


@dataclass(frozen=True)
class Project:
    """Paths (absolute) and the city's fields that understanding needs."""

    city_file: Path
    content: Path
    services_file: Path
    streets_file: Path
    languages: tuple[str, ...]
    variables: dict[str, str]  # {city}, {phone} …: what answers may mention
    month_first: bool  # whether 5/6 in English means May 6
    zone: tzinfo  # the city's time zone
    postal_codes: tuple[str, ...]  # patterns
    reference_patterns: tuple[str, ...]  # of all numbers: service requests, permits, fines …
    register_patterns: tuple[str, ...]  # of permits, fines and the like alone
    streets: tuple[str, ...]
    services: dict[str, dict[str, Any]]  # code -> its entry in services.yml
    middle: tuple[float, float] | None = None  # of its streets, or else of its boundary: degrees


def load_project() -> Project:
    """Read city.yml and what it names. Raises ProjectError."""
    city_file = _path(os.environ.get("CIVICDESK_CITY"), "city.yml")
    content = _path(os.environ.get("CIVICDESK_CONTENT"), "content")
    city = read_yaml(city_file)
    languages = tuple(str(code) for code in city.get("languages") or ["en"])
    numbered = [*(city.get("backends") or []), *(city.get("registers") or [])]
    home = city_file.parent
    services = home / str(city.get("services", "content/services.yml"))
    streets = home / str(city.get("gazetteer", "content/streets.txt"))
    return Project(
        city_file=city_file,
        content=content,
        services_file=services,
        streets_file=streets,
        languages=languages,
        variables={
            "city": str(city.get("name", "")),
            "phone": str(city.get("phone", "")),
            "emergency_number": str(city.get("emergency_number", "")),
            "office_address": str(city.get("office_address", "")),
        },
        month_first=str(city.get("time_zone", "")).startswith(("America/", "US/")),
        zone=_zone(city_file, str(city.get("time_zone") or "UTC")),
        postal_codes=tuple(str(pattern) for pattern in city.get("postal_codes") or ()),
        reference_patterns=tuple(b["reference_pattern"] for b in numbered if b.get("reference_pattern")),
        register_patterns=tuple(
            str(one["reference_pattern"])
            for one in city.get("registers") or []
            if one.get("reference_pattern")
        ),
        streets=tuple(_lines(streets)),
        services={code: entry or {} for code, entry in read_yaml(services).items()}
        if services.exists()
        else {},
        middle=_middle(content / "street_positions.csv", city.get("boundary") or []),
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """Returns the mapping in a YAML file. Raises ProjectError with the file's name and line."""
    try:
        with path.open(encoding="utf-8") as file:
            found = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (either is a safe loader)
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise ProjectError(f"{path} is not valid YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(found, dict):
        raise ProjectError(f"{path} must hold a mapping.")
    return found


def _zone(city_file: Path, name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ProjectError(f"{city_file}: there is no time zone {name!r}.") from error


def _path(setting: str | None, default: str) -> Path:
    path = Path(setting or default)
    return path if path.is_absolute() else ROOT / path


def _middle(streets: Path, boundary: list[list[float]]) -> tuple[float, float] | None:
    """Where the city is. Its crews may go much farther than its streets, so that those come first."""
    points = [(float(one[0]), float(one[1])) for one in boundary]
    if streets.exists():
        with streets.open(encoding="utf-8", newline="") as file:
            try:
                points = [
                    (float(row["from_latitude"]), float(row["from_longitude"]))
                    for row in csv.DictReader(file)
                ] or points
            except (KeyError, ValueError, TypeError) as error:
                raise ProjectError(f"{streets} is no table of street positions.") from error
    if not points:
        return None
    return sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points)


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
