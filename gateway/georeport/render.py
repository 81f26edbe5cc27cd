"""Renders GeoReport answers as JSON or XML from one description of each. Pure.

A document consists of dictionaries, lists and text; `Named` gives the items of a list their XML element name.
JSON follows the Spark convention: the root element is dropped, arrays stay arrays, empty values are null.
"""

import html
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from city.services import CityService, in_language
from desk.store.georeport import GeoRequest

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# What citizens provided: it may reveal who they are or where they live.
GIVEN = ("description", "address", "address_id", "zipcode", "lat", "long", "media_url")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Named:
    """A list whose items are `item` elements in XML."""

    item: str
    values: tuple[object, ...]


def render(root: str, document: object, form: str) -> bytes:
    """Render the document as `form` (json or xml)."""
    if form == "json":
        return json.dumps(_json(document), ensure_ascii=False).encode("utf-8", "replace")
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + _xml(root, document)).encode("utf-8", "replace")


def errors_document(errors: Iterable[tuple[int, str]]) -> Named:
    """`errors`: every code and description."""
    return Named("error", tuple({"code": code, "description": sentence} for code, sentence in errors))


def services_document(services: Mapping[str, CityService], language: str) -> Named:
    """`services`: the services that can be requested."""
    return Named("service", tuple(_service(service, language) for service in services.values()))


def definition_document(service: CityService, language: str) -> dict[str, object]:
    """`service_definition`: the questions of one service."""
    attributes = []
    for order, question in enumerate(service.questions, 1):
        values = tuple({"key": one.key, "name": in_language(one.name, language)} for one in question.values)
        attributes.append(
            {
                "variable": True,
                "code": question.code,
                "datatype": question.datatype,
                "required": question.required,
                "datatype_description": None,
                "order": order,
                "description": in_language(question.prompt, language),
                "values": Named("value", values),
            }
        )
    return {"service_code": service.code, "attributes": Named("attribute", tuple(attributes))}


def created_document(request: GeoRequest, account_id: str | None, notice: str | None = None) -> Named:
    """`service_requests`, as returned by a create. A token is for servers that have no number yet; ours has one."""
    created = {
        "service_request_id": request.reference,
        "service_notice": notice,
        "account_id": account_id,
    }
    return Named("request", (created,))


def token_document(request: GeoRequest) -> Named:
    """`service_requests`, as returned for a token."""
    return Named("request", ({"service_request_id": request.reference, "token": request.token},))


def requests_document(
    requests: Iterable[GeoRequest],
    services: Mapping[str, CityService],
    *,
    language: str,
    agency: str,
    zone: tzinfo,
    whole: bool,
    places: bool = False,
    address: Callable[[str], str] = str,
    distances: Mapping[str, float] | None = None,
) -> Named:
    """`service_requests`: the city's data, and if `whole` also what citizens provided, or with `places` only where it
    is. Never who reported it. `address` makes the address of a photo. `distances` are metres, of a search by place: told
    in steps of 10."""

    def time(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

    rows = []
    for request in requests:
        service = services.get(request.service_code)
        rows.append(
            {
                "service_request_id": request.reference,
                "status": request.status,
                "status_notes": request.status_notes,
                **({"status_media_url": address(request.status_media)} if request.status_media else {}),
                "service_name": service.called(language) if service else request.service_code,
                "service_code": request.service_code,
                "agency_responsible": agency,
                "service_notice": None,
                "requested_datetime": time(request.requested_at),
                "updated_datetime": time(request.updated_at),
                "expected_datetime": time(request.expected_at),
                **_given(request, address, whole=whole, places=places),
                **_far(distances, request.reference),
            }
        )
    return Named("request", tuple(rows))


def _far(distances: Mapping[str, float] | None, reference: str) -> dict[str, object]:
    return {} if distances is None else {"distance": math.ceil(distances[reference] / 10) * 10}


def _given(
    request: GeoRequest, address: Callable[[str], str], *, whole: bool, places: bool
) -> dict[str, object]:
    photo = address(request.media_urls[0]) if request.media_urls else None
    place = (request.address, request.address_id, request.zipcode, request.latitude, request.longitude)
    if not whole:
        return dict(zip(GIVEN, (None, *(place if places else (None,) * 5), None), strict=True))
    return dict(zip(GIVEN, (request.description or None, *place, photo), strict=True))


def discovery_document(
    *, changeset: str, contact: str, key_service: str, endpoint: str, kind: str
) -> dict[str, object]:
    """`discovery`: this server's address and the formats it supports."""
    formats = Named("format", ("text/xml", "application/json"))
    endpoints = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": endpoint,
        "changeset": changeset,
        "type": kind,
        "formats": formats,
    }
    return {
        "changeset": changeset,
        "contact": contact,
        "key_service": key_service,
        "endpoints": Named("endpoint", (endpoints,)),
    }


def _service(service: CityService, language: str) -> dict[str, object]:
    words = service.keywords.get(language) or next(iter(service.keywords.values()), ())
    name = service.called(language)
    return {
        "service_code": service.code,
        "service_name": name,
        "description": name,
        "metadata": bool(service.questions),
        "type": "realtime",
        "keywords": ", ".join(word.replace(",", " ") for word in words) or None,
        "group": service.group,
    }


def _json(value: object) -> object:
    if isinstance(value, Named):
        return [_json(one) for one in value.values]
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    return value


def _xml(name: str, value: object) -> str:
    if isinstance(value, Named):
        inner = "".join(_xml(value.item, one) for one in value.values)
    elif isinstance(value, dict):
        inner = "".join(_xml(key, one) for key, one in value.items())
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = "" if value is None else html.escape(_NOT_XML.sub("", str(value)), quote=False)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def notice(unknown: list[str], lost: int, more: int) -> str | None:
    """A notice about a request that was filed anyway."""
    said = []
    if unknown:
        names = ", ".join(code[:60] for code in unknown[:10])
        said.append(f"This service does not ask for: {names}. It was kept with the request.")
    if lost:
        said.append(
            f"{lost} file{'s' if lost > 1 else ''} could not be kept: not a photo, or too damaged to open."
        )
    if more:
        said.append(f"The last {more} of the files could not be kept: that is more than the server keeps.")
    return " ".join(said) or None
