"""Storage of our own GeoReport v2 server: the requests of a town without any other back end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from desk.store.pool import Executor

_COLUMNS = """reference, token, service_code, status, status_notes, description, address, address_id, zipcode,
    latitude, longitude, attributes, media_urls, requested_at, updated_at, expected_at, status_media, crew"""
_PUBLIC = """reference, token, service_code, status, status_notes, '' AS description, NULL AS address, NULL AS address_id,
    NULL AS zipcode, NULL::float8 AS latitude, NULL::float8 AS longitude, '{}'::jsonb AS attributes,
    '[]'::jsonb AS media_urls, requested_at, updated_at, expected_at, status_media, NULL::text AS crew"""

_PLACES = _COLUMNS.replace("description,", "'' AS description,").replace(
    "attributes, media_urls", "'{}'::jsonb AS attributes, '[]'::jsonb AS media_urls"
)

Given = Literal["all", "places", "nothing"]
"""How much of what the citizens wrote is read: everything, only the place, or nothing."""
_READ: Mapping[Given, str] = {"all": _COLUMNS, "places": _PLACES, "nothing": _PUBLIC}


@dataclass(frozen=True, slots=True)
class GeoRequest:
    """A stored request, without the reporter, so that nothing that reads it can disclose a name."""

    reference: str
    token: str
    service_code: str
    status: str
    status_notes: str | None
    description: str
    address: str | None
    address_id: str | None
    zipcode: str | None
    latitude: float | None
    longitude: float | None
    attributes: Mapping[str, Any]
    media_urls: Sequence[str]
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None
    status_media: str | None = None
    crew: str | None = None


@dataclass(frozen=True, slots=True)
class NewGeoRequest:
    """A validated create. `same_as` is equal for two creates that are the same request sent twice."""

    service_code: str
    description: str = ""
    address: str | None = None
    address_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    attributes: Mapping[str, list[str]] = field(default_factory=dict)
    media_urls: tuple[str, ...] = ()
    reporter: Mapping[str, str] = field(default_factory=dict)
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class GeoChange:
    """A validated change; the client's `id` makes it take effect once. With an `address` the request is there from then on."""

    id: str
    text: str = ""
    media_urls: tuple[str, ...] = ()
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A point in degrees (WGS 84), and metres around it."""

    latitude: float
    longitude: float
    metres: float


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, in degrees (WGS 84)."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Search:
    """Filters of a list; None means no filter. `skip` and `limit` count requests. `words` stand in the number, the
    description, the address or the note. `crew` is empty for requests that no crew has. `late_at`: those that are open and
    were expected before. `given`: how much of the
    citizens' own data (text, street, photos) is read; a public list of a thousand needs none of it."""

    codes: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    requested_from: datetime | None = None
    requested_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    skip: int = 0
    limit: int = 1000
    near: Near | None = None
    words: str = ""
    crew: str | None = None
    late_at: datetime | None = None
    area: Area | None = None
    given: Given = "all"


async def add_request(
    executor: Executor,
    reference: str,
    token: str,
    new: NewGeoRequest,
    now: datetime,
    expected_at: datetime | None,
) -> GeoRequest | None:
    """Store a new request; None if its `same_as` or its reference already exists."""
    row = await executor.fetchrow(
        f"""INSERT INTO georeport_requests
                (reference, token, service_code, description, address, address_id, latitude, longitude, attributes,
                 media_urls, account_id, reporter, requested_at, updated_at, expected_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)
            ON CONFLICT DO NOTHING RETURNING {_COLUMNS}""",  # noqa: S608  (our own columns)
        reference,
        token,
        new.service_code,
        new.description,
        new.address,
        new.address_id,
        new.latitude,
        new.longitude,
        dict(new.attributes),
        list(new.media_urls),
        new.same_as,
        dict(new.reporter),
        now,
        expected_at,
    )
    return GeoRequest(**row) if row else None


async def mark_repeated(executor: Executor, same_as: str) -> GeoRequest | None:
    """Write the request already stored under this id again, unchanged, and return it. The first write may
    have been cancelled while it waited for a standby, leaving the row on this server only. The commit of
    this write waits for everything before it, so the caller's answer is as durable as a first answer."""
    row = await executor.fetchrow(
        f"UPDATE georeport_requests SET account_id = $1 WHERE account_id = $1 RETURNING {_COLUMNS}",  # noqa: S608  (our own columns)
        same_as,
    )
    return GeoRequest(**row) if row else None


async def list_by_references(
    executor: Executor, references: Sequence[str], *, given: Given = "all"
) -> list[GeoRequest]:
    """The requests with these numbers, in the given order; unknown ones are left out. `given` as in
    `Search`."""
    rows = await executor.fetch(
        f"SELECT {_READ[given]} FROM georeport_requests WHERE reference = ANY($1::text[])",  # noqa: S608  (one of the constants of _READ)
        list(references),
    )
    found = {row["reference"]: GeoRequest(**row) for row in rows}
    return [found[reference] for reference in dict.fromkeys(references) if reference in found]


async def get_by_token(executor: Executor, token: str) -> GeoRequest | None:
    """The request with this token, or None."""
    row = await executor.fetchrow(
        f"SELECT {_COLUMNS} FROM georeport_requests WHERE token = $1",  # noqa: S608  (our own columns)
        token,
    )
    return GeoRequest(**row) if row else None


async def list_requests(executor: Executor, what: Search) -> list[GeoRequest]:
    """Requests, newest first."""
    area = what.area
    rows = await executor.fetch(
        f"""SELECT {_READ[what.given]} FROM georeport_requests
            WHERE ($1::text[] IS NULL OR service_code = ANY($1))
              AND ($2::text[] IS NULL OR status = ANY($2))
              AND ($3::timestamptz IS NULL OR requested_at >= $3)
              AND ($4::timestamptz IS NULL OR requested_at <= $4)
              AND ($5::timestamptz IS NULL OR updated_at >= $5)
              AND ($6::timestamptz IS NULL OR updated_at <= $6)
              AND ($9 = '' OR strpos(lower(concat_ws(' ', reference, description, address, status_notes)), lower($9)) > 0)
              AND ($10::text IS NULL OR coalesce(crew, '') = $10)
              AND ($11::timestamptz IS NULL OR (status = 'open' AND expected_at < $11))
              AND ($12::float8 IS NULL OR (latitude BETWEEN $12 AND $14 AND longitude BETWEEN $13 AND $15))
            ORDER BY requested_at DESC, reference OFFSET $7 LIMIT $8""",  # noqa: S608  (one of the constants of _READ)
        list(what.codes) if what.codes is not None else None,
        list(what.statuses) if what.statuses is not None else None,
        what.requested_from,
        what.requested_to,
        what.updated_from,
        what.updated_to,
        what.skip,
        what.limit,
        what.words,
        what.crew,
        what.late_at,
        area and area.south,
        area and area.west,
        area and area.north,
        area and area.east,
    )
    return [GeoRequest(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class NearRequest:
    """A request near a point; `metres` is how far it is."""

    request: GeoRequest
    metres: float


async def list_near(executor: Executor, what: Search, near: Near) -> list[NearRequest]:
    """Open requests of the search's one service around a point, the nearest first. The distance is exact enough for
    the size of a city."""
    degrees = near.metres / 111_320.0
    rows = await executor.fetch(
        f"""SELECT * FROM (
                SELECT {_READ[what.given]}, 111320.0 * sqrt(power(g.latitude - $2, 2)
                       + power((g.longitude - $3) * cos(radians($2)), 2)) AS metres
                FROM georeport_requests g
                WHERE service_code = ANY($1::text[]) AND status = 'open' AND requested_at >= $6
                  AND g.latitude BETWEEN $2 - $5 AND $2 + $5) found
            WHERE metres <= $4 ORDER BY metres, reference LIMIT $7""",  # noqa: S608  (one of the constants of _READ)
        list(what.codes or ()),
        near.latitude,
        near.longitude,
        near.metres,
        degrees,
        what.requested_from,
        what.limit,
    )
    return [
        NearRequest(
            GeoRequest(**{name: value for name, value in row.items() if name != "metres"}), row["metres"]
        )
        for row in map(dict, rows)
    ]


async def set_status(
    executor: Executor,
    reference: str,
    status: str,
    notes: str | None,
    now: datetime,
    media: str | None = None,
) -> GeoRequest | None:
    """Open or close a request, with a note that says why, and a photo (`media`) that shows it; None if there is no such
    request. Without a photo, one that the closure has already stays."""
    row = await executor.fetchrow(
        f"""WITH listed AS (
                INSERT INTO georeport_changes (id, reference, kind, at, status, note, media)
                SELECT $6, reference, 'status', $4, $2, $3, to_jsonb(array_remove(ARRAY[$5::text], NULL))
                FROM georeport_requests WHERE reference = $1)
            UPDATE georeport_requests SET status = $2, status_notes = $3, updated_at = $4,
                status_media = coalesce($5, CASE WHEN $2 = 'closed' THEN status_media END)
            WHERE reference = $1 RETURNING {_COLUMNS}""",  # noqa: S608  (our own columns)
        reference,
        status,
        notes,
        now,
        media,
        str(uuid4()),
    )
    return GeoRequest(**row) if row else None


async def set_crew(executor: Executor, reference: str, crew: str | None) -> GeoRequest | None:
    """Give a request to a crew, or to none; None if there is no such request. Its status and its time stay."""
    row = await executor.fetchrow(
        f"UPDATE georeport_requests SET crew = $2 WHERE reference = $1 RETURNING {_COLUMNS}",  # noqa: S608  (our own columns)
        reference,
        crew,
    )
    return GeoRequest(**row) if row else None


async def list_crews(executor: Executor) -> list[str]:
    """The crews that have requests, by name."""
    rows = await executor.fetch(
        "SELECT DISTINCT crew FROM georeport_requests WHERE crew IS NOT NULL ORDER BY crew LIMIT 200"
    )
    return [row["crew"] for row in rows]
