"""The contact's own reports, as the desk gives them in the turn's metadata (ADR 37). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from actions.services import Services
from actions.turn import DialogueTurn
from city.coordinates import read_latitude, read_longitude

JUST_NOW = timedelta(hours=1)
"""For this long after a report, "it" and a photo belong to that report."""


@dataclass(frozen=True, slots=True)
class FiledReport:
    """One report. `reference` is None until the back end has given a number; `here`: sent from this conversation."""

    id: str
    state: str
    reference: str | None
    backend: str
    service: str
    description: str
    address: str | None
    photos: int
    status: str | None
    at: datetime
    here: bool
    latitude: float | None = None
    longitude: float | None = None

    @property
    def withdrawn(self) -> bool:
        return self.state == "withdrawn"

    @property
    def on_its_way(self) -> bool:
        """Recorded, and not yet taken by the back end."""
        return self.state not in ("filed", "withdrawn")

    @property
    def open(self) -> bool:
        """Whether there is still something to do about it."""
        return not self.withdrawn and self.status != "closed"

    def fresh(self, now: datetime) -> bool:
        """Whether it was sent just now, in this conversation."""
        return self.here and now - self.at <= JUST_NOW

    def named(self, services: Services, language: str) -> str:
        """SR-7K2P-Q9XM (Pothole, 12 Elm Street), as far as it is known."""
        about = ", ".join(one for one in (services.name(self.service, language), self.address) if one)
        return f"{self.reference} ({about})" if self.reference else about

    def title(self, services: Services, language: str) -> str:
        """For a button: what and where, the number where there is no place."""
        return f"{services.name(self.service, language)}, {self.address or self.reference or self.at.date()}"[
            :60
        ]


def own_reports(turn: DialogueTurn) -> list[FiledReport]:
    """Newest first; empty where the worker gives none."""
    given = turn.metadata.get("own_reports")
    found = (
        [_read(one) for one in given if isinstance(one, Mapping)] if isinstance(given, list | tuple) else []
    )
    return [one for one in found if one is not None]


def now_of(turn: DialogueTurn) -> datetime:
    """The desk's time of the turn."""
    return _moment(turn.metadata.get("now")) or datetime.now(UTC)


def fresh_report(turn: DialogueTurn) -> FiledReport | None:
    """The report that was sent just now, if it is one and still open."""
    now = now_of(turn)
    return next((one for one in own_reports(turn) if one.open and one.fresh(now)), None)


def named_ones(reports: Sequence[FiledReport], services: Services, language: str) -> str:
    """One line for each."""
    return "\n".join(f"- {one.named(services, language)}" for one in reports)


def _read(given: Mapping[str, Any]) -> FiledReport | None:
    at = _moment(given.get("at"))
    if not given.get("id") or at is None:
        return None
    reference = given.get("reference")
    return FiledReport(
        id=str(given["id"]),
        state=str(given.get("state") or "filed"),
        reference=str(reference) if reference else None,
        backend=str(given.get("backend") or ""),
        service=str(given.get("service_code") or ""),
        description=str(given.get("description") or ""),
        address=str(given["address"]) if given.get("address") else None,
        photos=int(given.get("photos") or 0),
        status=str(given["status"]) if given.get("status") else None,
        at=at,
        here=bool(given.get("here")),
        latitude=read_latitude(given.get("latitude")),
        longitude=read_longitude(given.get("longitude")),
    )


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
