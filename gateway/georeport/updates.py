"""`servicerequestupdates`, mySociety's extension: what a client adds to a request, and what requests went through. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from desk.requests.book import tidy_reference
from desk.store.georeport import GeoChange
from desk.store.georeport_changes import GeoUpdate
from gateway.georeport.errors import GeoReportErrors
from gateway.georeport.form import photos_of, text_of
from gateway.georeport.query import MAX_WINDOW, read_time
from gateway.georeport.render import Named

MOST = 1000
"""Updates of one answer; a client asks for shorter times."""
RECENT = timedelta(days=1)
"""What is listed without dates."""
_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_STATUS = re.compile(r"[A-Z_]{1,40}")
_WITHDRAWS = frozenset(("CLOSED", "FIXED", "CANCELLED", "WITHDRAWN", "NO_FURTHER_ACTION", "DUPLICATE"))
_REOPENS = frozenset(("REOPEN", "REOPENED"))

Act = Literal["withdraw", "reopen", "complement"]


def read_update(form: Mapping[str, list[str]]) -> tuple[str, Act, GeoChange]:
    """The number, what is to be done, and the change, from the form of a POST. Raises GeoReportErrors with everything that
    is wrong with it. The client's `update_id` is its own for one request: others may count from 1 as well."""
    single = {name: values[0].strip() for name, values in form.items() if values and values[0].strip()}
    errors: list[tuple[int, str]] = []
    reference, own = single.get("service_request_id", ""), single.get("update_id", "")
    status = single.get("status", "OPEN").upper()
    if not reference or len(reference) > 100:
        errors.append((400, "service_request_id was not provided."))
    if not _ID.fullmatch(own):
        errors.append(
            (400, "update_id must be the client's own id of the update: 1 to 80 letters and digits.")
        )
    if not _STATUS.fullmatch(status):
        errors.append((400, "status must be a word such as OPEN, CLOSED or REOPEN."))
    text = text_of(single, "description", errors)
    photos = photos_of(form, errors)
    act: Act = "withdraw" if status in _WITHDRAWS else "reopen" if status in _REOPENS else "complement"
    if act == "complement" and not text and not photos:
        errors.append((400, "description was not provided."))
    if errors:
        raise GeoReportErrors(errors)
    return reference, act, GeoChange(f"{tidy_reference(reference)}.{own}", text, photos)


def read_window(query: Mapping[str, str], now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """`start_date` and `end_date`; the last day without them. Raises GeoReportErrors."""
    errors: list[tuple[int, str]] = []
    start, end = (read_time(query, name, zone, errors) for name in ("start_date", "end_date"))
    end = end or now
    start = start or end - RECENT
    if not errors and end < start:
        errors.append((400, "end_date is before start_date."))
    if not errors and end - start > MAX_WINDOW:
        errors.append((400, "start_date and end_date may not span more than 90 days."))
    if errors:
        raise GeoReportErrors(errors)
    return start, end


def taken_document(change: GeoChange) -> dict[str, object]:
    """The answer to a POST. mySociety's clients read it within `service_request_updates`, in JSON too."""
    return {"service_request_updates": Named("request_update", ({"update_id": change.id},))}


def updates_document(
    updates: Iterable[GeoUpdate], zone: tzinfo, address: Callable[[str], str]
) -> dict[str, object]:
    """The answer to a GET."""
    rows = tuple(
        {
            "update_id": one.id,
            "service_request_id": one.reference,
            "status": one.status,
            "updated_datetime": one.at.astimezone(zone).isoformat(timespec="seconds"),
            "description": one.note or one.said or "",
            "media_url": address(one.media[0]) if one.media else "",
        }
        for one in updates
    )
    return {"service_request_updates": Named("request_update", rows)}


def without_root(document: dict[str, object], form: str) -> object:
    """XML has the name as its root already."""
    return document["service_request_updates"] if form == "xml" else document
