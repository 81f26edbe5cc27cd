"""Turns a recorded directive (JSON) into a request to a back end. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from backends.base import Capabilities, NewRequest
from city.coordinates import read_latitude, read_longitude

MediaUrl = Callable[[str], str]
"""Maps a media id to a public, signed URL."""


class UnusablePayload(ValueError):
    """The recorded request cannot be filed as it is; the text says what is wrong."""


def new_request(id: str, service_code: str, payload: Mapping[str, object], media_url: MediaUrl) -> NewRequest:
    """The request of a `file_request` directive; its `media` are our media ids, and so are `documents`, PDFs: back ends take photos
    only, so they are linked in the description. Raises UnusablePayload."""
    media = payload.get("media") or ()
    if not isinstance(media, list | tuple):
        raise UnusablePayload("'media' is not a list")
    given = payload.get("documents") or ()
    documents = [f"Document: {media_url(str(one))}" for one in given] if isinstance(given, list) else []
    latitude = _degrees(payload, "latitude", read_latitude)
    longitude = _degrees(payload, "longitude", read_longitude)
    return NewRequest(
        id=id,
        service_code=service_code,
        description="\n".join([_text(payload, "description") or "", *documents]).strip(),
        address=_text(payload, "address"),
        latitude=latitude if longitude is not None else None,
        longitude=longitude if latitude is not None else None,
        attributes=_attributes(payload.get("attributes")),
        media_urls=tuple(media_url(str(one)) for one in media[:10]),
        name=_text(payload, "name"),
        email=_text(payload, "email"),
        phone=_text(payload, "phone"),
    )


def fit(request: NewRequest, capabilities: Capabilities) -> NewRequest:
    """Adapt the request to a back end: values without a field there become lines of the description."""
    lines = [f"Photo: {url}" for url in request.media_urls[capabilities.media :]]
    attributes = dict(request.attributes)
    if not capabilities.multivalue:
        for code, values in request.attributes.items():
            lines += [f"{code}: {value}" for value in values[1:]]
            attributes[code] = values[:1]
    if not lines:
        return request
    return replace(
        request,
        description="\n".join([request.description, *lines]).strip(),
        media_urls=request.media_urls[: capabilities.media],
        attributes=attributes,
    )


def _text(payload: Mapping[str, object], name: str) -> str | None:
    value = payload.get(name)
    if value is not None and not isinstance(value, str):
        raise UnusablePayload(f"'{name}' is not text")
    return value or None


def _degrees(
    payload: Mapping[str, object], name: str, read: Callable[[object], float | None]
) -> float | None:
    value = payload.get(name)
    if value is None:
        return None
    degrees = read(value)
    if degrees is None:
        raise UnusablePayload(f"'{name}' is not a number of degrees")
    return degrees


def _attributes(value: object) -> dict[str, tuple[str, ...]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise UnusablePayload("'attributes' has no names")
    answers: dict[str, tuple[str, ...]] = {}
    for code, given in value.items():
        several = given if isinstance(given, list | tuple) else [given]
        answers[str(code)] = tuple(str(one) for one in several if one is not None)
    return answers
