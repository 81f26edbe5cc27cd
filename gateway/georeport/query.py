"""Parses the query of `GET requests`: filters, time windows and pages. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from city.coordinates import read_latitude, read_longitude
from desk.store.georeport import Near, Search
from gateway.georeport.errors import GeoReportErrors, error

# The specification's limit: 90 days or the first 1,000 requests.
MAX_WINDOW = timedelta(days=90)
MAX_PAGE_SIZE = 1000
# The database reads and discards the rows that a page skips.
MAX_SKIP = 50_000
MAX_REFERENCES = 200
MAX_FILTERS = 100
STATUSES = ("open", "closed")


def read_references(query: Mapping[str, str]) -> list[str] | None:
    """`service_request_id`, which overrides all other filters; None if it is not given."""
    given = _several(query.get("service_request_id"))
    if given is not None and len(given) > MAX_REFERENCES:
        raise error(400, f"service_request_id takes at most {MAX_REFERENCES} numbers.")
    return given


def read_search(query: Mapping[str, str], now: datetime, zone: tzinfo) -> Search:
    """The filters. Raises GeoReportErrors listing everything that is wrong with them."""
    errors: list[tuple[int, str]] = []
    times = {
        name: read_time(query, name, zone, errors)
        for name in ("start_date", "end_date", "updated_after", "updated_before")
    }
    start, end = times["start_date"], times["end_date"]
    if start and end and end < start:
        errors.append((400, "end_date is before start_date."))
    if start and end and end - start > MAX_WINDOW:
        errors.append((400, "start_date and end_date may not span more than 90 days."))
    statuses = _several(query.get("status"))
    statuses = [status.lower() for status in statuses] if statuses is not None else None
    if statuses is not None and set(statuses) - set(STATUSES):
        errors.append((400, "status takes open and closed."))
    codes = _several(query.get("service_code"))
    if codes is not None and len(codes) > MAX_FILTERS:
        errors.append((400, f"service_code takes at most {MAX_FILTERS} codes."))
    near = _near(query, errors)
    page = _count(query, "page", 1, 1_000_000, errors)
    size = min(_count(query, "page_size", MAX_PAGE_SIZE, 1_000_000, errors), MAX_PAGE_SIZE)
    if (page - 1) * size > MAX_SKIP:
        errors.append((400, f"Pages end after {MAX_SKIP:,} requests. Ask for a shorter time."))
    if errors:
        raise GeoReportErrors(errors)
    if not any(times.values()):
        start = now - MAX_WINDOW
    elif start and not end:
        end = _shifted(start, MAX_WINDOW)
    elif end and not start:
        start = _shifted(end, -MAX_WINDOW)
    return Search(
        codes=tuple(dict.fromkeys(codes)) if codes is not None else None,
        statuses=tuple(dict.fromkeys(statuses)) if statuses is not None else None,
        requested_from=start,
        requested_to=end,
        updated_from=times["updated_after"],
        updated_to=times["updated_before"],
        skip=(page - 1) * size,
        limit=size,
        near=near,
    )


def _near(query: Mapping[str, str], errors: list[tuple[int, str]]) -> Near | None:
    """`lat`, `long` and `radius` in metres, an extension; all three or none."""
    given = [query.get(name, "").strip() for name in ("lat", "long", "radius")]
    if not any(given):
        return None
    latitude, longitude = read_latitude(given[0]), read_longitude(given[1])
    if (
        latitude is None
        or longitude is None
        or not re.fullmatch(r"[0-9]{1,4}", given[2])
        or int(given[2]) < 1
    ):
        errors.append(
            (400, "A search by place takes lat and long in degrees, and radius in metres, up to 9999.")
        )
        return None
    return Near(latitude, longitude, float(given[2]))


def _several(value: str | None) -> list[str] | None:
    if value is None or not value.strip():
        return None
    return [one.strip() for one in value.replace("\x00", "").split(",") if one.strip()]


def read_time(
    query: Mapping[str, str], name: str, zone: tzinfo, errors: list[tuple[int, str]]
) -> datetime | None:
    """A date of the query in UTC, None if it is not given; what is wrong with it is added to `errors`."""
    # A "+" that the client did not encode arrives as a space.
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", query.get(name, "").strip())
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        errors.append((400, f"{name} must be a W3C date and time, such as 2026-01-31T08:00:00Z."))
        return None


def _count(
    query: Mapping[str, str], name: str, default: int, most: int, errors: list[tuple[int, str]]
) -> int:
    text = query.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,7}", text) or not 1 <= int(text) <= most:
        errors.append((400, f"{name} must be a whole number from 1 on."))
        return default
    return int(text)


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment
