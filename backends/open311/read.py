"""Converts documents to services, requests, references and errors: lenient in form, strict in meaning."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from backends.base import RequestStatus
from backends.open311.status import StatusWords
from backends.open311.text import plain_answer, without_controls
from backends.open311.time import read_time
from city.coordinates import read_latitude, read_longitude

MAX_TEXT = 10_000
MAX_HANDLE = 100
_DEEPEST = 6  # wrappers around a record
_REQUESTS = ("service_requests", "requests", "service_request", "request")
_ERRORS = ("errors", "error")
_WORDS = StatusWords()
_NOT_OF_ERRORS = {"service_code", "service_request_id", "token", "attributes", "service_name", "status"}


@dataclass(frozen=True, slots=True)
class Record:
    """A request as listed. `reference` is None until a batch server has assigned a number."""

    reference: str | None
    token: str | None
    account_id: str | None
    notice: str | None
    description: str | None
    latitude: float | None
    longitude: float | None
    status: RequestStatus
    photo: str | None = None
    distance: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing beside a number and a status. Some servers invent such an open case for any number
        that they are asked for."""
        said = self.status
        return (
            not any((self.token, self.account_id, self.description, said.notes, said.address, said.agency))
            and not any((said.service_code, said.service_name, said.requested_at, said.updated_at))
            and said.expected_at is None
            and not (self.latitude or self.longitude)
        )


def read_requests(document: object, zone: tzinfo, words: StatusWords = _WORDS) -> list[Record]:
    """Requests, or the answer to a create: both have the same shape."""
    return [_record(row, zone, words) for row in rows(document, _REQUESTS)]


def read_errors(document: object) -> tuple[tuple[str, str], ...]:
    """(code, description) pairs if the document is an error body, otherwise an empty tuple. Codes may be ""."""
    if isinstance(document, dict):
        for name in _ERRORS:
            if document.get(name):
                return _error_rows(document[name])
        return _error_rows([document]) if _is_error(document) else ()
    if isinstance(document, list) and document and all(_is_error(row) for row in document):
        return _error_rows(document)
    return ()


def text(row: dict[str, object], name: str) -> str | None:
    """A field as text: "0", 0 and "" stay distinct, and numbers are written as a person would write them."""
    value = first(row.get(name))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Some servers send 1234.0 for the id 1234; infinities and NaN are never valid ids.
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**50 else None
    if not isinstance(value, str):
        return None
    return without_controls(value[:MAX_TEXT]).strip() or None


def first(value: object) -> object:
    """The first value of a list, of `["a"]` and `[["a"]]`; anything else as it is."""
    for _ in range(3):
        if not isinstance(value, list):
            break
        value = next((item for item in value if item is not None), None)
    return value


def flag(value: object) -> bool:
    """Parse the booleans seen in practice: true, 1, "1", "true", "True", "yes"."""
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "yes", "y", "t")
    return bool(value) and isinstance(value, int | float)


def _record(row: dict[str, object], zone: tzinfo, words: StatusWords) -> Record:
    reference = _handle(row, "service_request_id")
    raw = text(row, "status") or ""
    status, understood = words.read(raw)
    return Record(
        reference=reference,
        token=_handle(row, "token"),
        account_id=_handle(row, "account_id"),
        notice=prose(row, "service_notice"),
        description=text(row, "description"),
        latitude=read_latitude(first(row.get("lat"))),
        longitude=read_longitude(first(row.get("long", row.get("lon")))),
        status=RequestStatus(
            reference=reference or "",
            status=status,
            raw_status=raw[:100] or "open",
            notes=prose(row, "status_notes"),
            service_code=text(row, "service_code"),
            service_name=prose(row, "service_name"),
            requested_at=read_time(text(row, "requested_datetime"), zone),
            updated_at=read_time(text(row, "updated_datetime"), zone),
            expected_at=read_time(text(row, "expected_datetime"), zone),
            address=prose(row, "address"),
            agency=prose(row, "agency_responsible"),
            understood=understood,
            not_ours=words.is_not_ours(raw),
            stage=words.stage(raw),
            photo=_address(row, "status_media_url"),
        ),
        photo=_address(row, "media_url"),
        distance=_distance(first(row.get("distance"))),
    )


def _address(row: dict[str, object], name: str) -> str | None:
    found = text(row, name)
    return found if found and found.startswith(("https://", "http://")) and found.isprintable() else None


def _distance(value: object) -> float | None:
    """Metres, as our own server gives them for a search by place."""
    metres = number(value, default=-1.0)
    return metres if metres >= 0 else None


def rows(document: object, wrappers: Sequence[str]) -> list[dict[str, object]]:
    """Dictionaries in a list, in one or several wrapper objects or lists, or on their own."""
    return list(_unwrapped(document, wrappers, _DEEPEST))


def _unwrapped(document: object, wrappers: Sequence[str], depth: int) -> Iterator[dict[str, object]]:
    if depth == 0:
        return
    if isinstance(document, list):
        for row in document:
            # {"services": [{"service": [{...}, {...}]}]}: each element may be a wrapper again.
            if isinstance(row, dict | list):
                yield from _unwrapped(row, wrappers, depth - 1)
    elif isinstance(document, dict):
        inner = [document[name] for name in wrappers if name in document]
        wrapped = [value for value in inner if value is None or isinstance(value, dict) or _holds_rows(value)]
        if wrapped:
            yield from _unwrapped(wrapped[0], wrappers, depth - 1)
        else:
            yield document


def _holds_rows(value: object) -> bool:
    # ["Pothole"] is one text in a list, not a list of records.
    return isinstance(value, list) and (not value or any(isinstance(row, dict | list) for row in value))


def _is_error(row: object) -> bool:
    return (
        isinstance(row, dict)
        and any(name in row for name in ("description", "message", "error", "detail"))
        and not row.keys() & _NOT_OF_ERRORS
    )


def _error_rows(value: object) -> tuple[tuple[str, str], ...]:
    if isinstance(value, str):
        return (("", plain_answer(value[:MAX_TEXT])[:500]),)
    rows: list[object] = list(value) if isinstance(value, list) else [value]
    pairs: list[tuple[str, str]] = []
    for row in rows[:50]:
        if isinstance(row, str):
            pairs.append(("", plain_answer(row[:MAX_TEXT])[:500]))
        elif isinstance(row, dict):
            nested = row.get("error")
            if isinstance(nested, dict | list):
                row = nested if isinstance(nested, dict) else (nested[0] if nested else {})
            if isinstance(row, dict):
                said = (prose(row, name) for name in ("description", "message", "error", "detail"))
                words = next(filter(None, said), None)
                pairs.append((text(row, "code") or "", (words or "no reason given")[:500]))
    return tuple(pairs)


def prose(row: dict[str, object], name: str) -> str | None:
    found = text(row, name)
    return (plain_answer(found) or None) if found else None


def _handle(row: dict[str, object], name: str) -> str | None:
    """A reference or token; None if it could not be used in a later request."""
    found = text(row, name)
    return found if found and len(found) <= MAX_HANDLE and found.isprintable() else None


def number(value: object, default: float) -> float:
    try:
        number = float(value) if isinstance(value, int | float | str) else default
    except (ValueError, OverflowError):
        return default
    return number if abs(number) < 1e9 else default
