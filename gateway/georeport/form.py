"""Parses the form of `POST requests` into a validated request, or reports every error at once. Pure."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from math import isfinite
from urllib.parse import urlsplit

from city.coordinates import LATITUDES, LONGITUDES, read_latitude, read_longitude
from city.services import CityService, ServiceQuestion
from desk.store.georeport import GeoChange, NewGeoRequest
from forms.reader import FormLimits
from gateway.georeport.errors import GeoReportErrors, error

LIMITS_OF_FORM = FormLimits(parts=500)
MAX_DESCRIPTION = 4000
MAX_PHOTOS = 10
# In characters. device_id is accepted but not stored: we have no use for it.
LIMITS = {
    "address_string": 500,
    "address_id": 100,
    "email": 254,
    "first_name": 100,
    "last_name": 100,
    "phone": 50,
    "account_id": 200,
    "service_code": 100,
}
LONGEST_CODE = 100
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,100})\](\[\d{0,4}\])?")
_CHANGE_ID = re.compile(r"[A-Za-z0-9_-]{8,100}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s][^@\s.]*\.[^@\s]+")
# XML cannot represent these, and PostgreSQL refuses NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def clean(value: str) -> str:
    """A field's value without control characters, stripped."""
    return _CONTROL.sub("", value).strip()


def is_key(given: str, keys: Collection[str]) -> bool:
    """Whether the key is one of ours; any wrong key takes the same time to reject."""
    known = False
    for key in keys:
        known |= bool(key) and hmac.compare_digest(given.encode(), key.encode())
    return known


def check_key(given: str, keys: Collection[str]) -> None:
    """Raises GeoReportErrors unless the key is one of ours."""
    if not is_key(given, keys):
        raise error(403, "The api_key is missing or not one of ours. Ask the city for a key.")


def read_request(
    form: Mapping[str, list[str]],
    services: Mapping[str, CityService],
    inside: Callable[[float, float], bool] = lambda latitude, longitude: True,
) -> NewGeoRequest:
    """Build the request from a form. Raises GeoReportErrors listing everything that is wrong with it. `inside`: whether a
    point is in the city."""
    errors: list[tuple[int, str]] = []

    def say(sentence: str, code: int = 400) -> None:
        errors.append((code, sentence))

    single = {name: values[0] for name, values in form.items() if values and values[0]}
    for name, limit in LIMITS.items():
        if len(single.get(name, "")) > limit:
            say(f"{name} is longer than {limit} characters.")
    code = single.get("service_code")
    service = services.get(code) if code else None
    if code is None:
        say("service_code was not provided.")
    elif service is None:
        say("service_code was not found. GET services lists the codes.", 404)
    description = single.get("description", "")
    if len(description) > MAX_DESCRIPTION:
        say(f"description is longer than {MAX_DESCRIPTION} characters.")
    latitude, longitude = _point(single, inside, errors)
    placed = "lat" in single or single.get("address_string") or single.get("address_id")
    if service is not None and service.needs_location and not placed:
        say("A location is required: lat and long, address_string or address_id.")
    email = single.get("email")
    if email and not _EMAIL.fullmatch(email):
        say("email is not an e-mail address.")
    photos = photos_of(form, errors)
    attributes = _attributes(form, service, errors) if service is not None else {}
    if errors or service is None:
        raise GeoReportErrors(errors)
    request = NewGeoRequest(
        service_code=service.code,
        description=description,
        address=single.get("address_string"),
        address_id=single.get("address_id"),
        latitude=latitude,
        longitude=longitude,
        attributes=attributes,
        media_urls=photos,
        reporter={
            name: single[name] for name in ("first_name", "last_name", "email", "phone") if name in single
        },
    )
    return _with_identity(request, single.get("account_id"))


def read_change(
    form: Mapping[str, list[str]],
    inside: Callable[[float, float], bool] = lambda latitude, longitude: True,
) -> GeoChange:
    """Build a change of a stored request from a form; `inside` as for read_request. Raises GeoReportErrors."""
    single = {name: values[0] for name, values in form.items() if values and values[0]}
    change_id = single.get("change_id", "")
    errors: list[tuple[int, str]] = []
    if not _CHANGE_ID.fullmatch(change_id):
        errors.append(
            (400, "change_id must be the client's own id of the change: 8 to 100 letters and digits.")
        )
    text = text_of(single, "text", errors)
    photos = photos_of(form, errors)
    latitude, longitude = _point(single, inside, errors)
    address = single.get("address_string")
    if address is not None and len(address) > LIMITS["address_string"]:
        errors.append((400, f"address_string is longer than {LIMITS['address_string']} characters."))
    if address is None and latitude is not None:
        errors.append((400, "A corrected place needs its address_string."))
    if errors:
        raise GeoReportErrors(errors)
    return GeoChange(change_id, text, photos, address, latitude, longitude)


def _point(
    single: Mapping[str, str], inside: Callable[[float, float], bool], errors: list[tuple[int, str]]
) -> tuple[float | None, float | None]:
    """The degrees of the place; what is wrong with them is added to `errors`."""
    latitude = _degrees(single, "lat", read_latitude, LATITUDES, errors)
    longitude = _degrees(single, "long", read_longitude, LONGITUDES, errors)
    if ("lat" in single) != ("long" in single):
        errors.append((400, "lat and long must come together."))
    if latitude is not None and longitude is not None and not inside(latitude, longitude):
        errors.append((400, "lat and long are outside the city's boundary. Report this where the place is."))
    return latitude, longitude


def text_of(single: Mapping[str, str], name: str, errors: list[tuple[int, str]]) -> str:
    """What a client writes in this field; a text that is too long is added to `errors`."""
    text = single.get(name, "")
    if len(text) > MAX_DESCRIPTION:
        errors.append((400, f"{name} is longer than {MAX_DESCRIPTION} characters."))
    return text


def photos_of(form: Mapping[str, list[str]], errors: list[tuple[int, str]]) -> tuple[str, ...]:
    """The addresses of the photos; what is wrong with them is added to `errors`."""
    photos = tuple(url for url in form.get("media_url", []) if url)
    if len(photos) > MAX_PHOTOS or not all(_is_web_address(url) for url in photos):
        errors.append(
            (400, f"media_url must be a web address of at most 2,000 characters, {MAX_PHOTOS} at most.")
        )
    return photos


def _with_identity(request: NewGeoRequest, account_id: str | None) -> NewGeoRequest:
    # In the specification `account_id` is a person's account, which may report twice. So a create counts as a
    # repeat only if account and content are the same; photos are left out because their signatures change.
    if account_id is None:
        return request
    content = json.dumps(
        [
            request.service_code,
            request.description,
            request.address,
            request.address_id,
            request.latitude,
            request.longitude,
            sorted(request.attributes.items()),
        ]
    )
    same_as = f"{account_id}#{hashlib.sha256(content.encode()).hexdigest()[:32]}"
    return replace(request, reporter={**request.reporter, "account_id": account_id}, same_as=same_as)


def _attributes(
    form: Mapping[str, list[str]], service: CityService, errors: list[tuple[int, str]]
) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, values in form.items():
        if not name.startswith("attribute["):
            continue
        found = _ATTRIBUTE.fullmatch(name)
        # A malformed name matches no question: it is kept like any other unknown one.
        code = (
            found.group(1)
            if found
            else name.removeprefix("attribute[").strip("[]")[:LONGEST_CODE] or "attribute"
        )
        given.setdefault(code, []).extend(value for value in values if value)
    # Unknown attributes of other systems (FixMyStreet's `uprn`) are kept as they came and never make the report fail.
    for code in unknown_attributes(given, service):
        if any(len(value) > MAX_DESCRIPTION for value in given[code]):
            errors.append((400, f"attribute[{code[:60]}] is longer than {MAX_DESCRIPTION} characters."))
    for question in service.questions:
        values = given.get(question.code, [])
        if not values and question.required:
            errors.append((400, f"attribute[{question.code}] is required."))
        for flaw in _flaws(question, values):
            errors.append((400, f"attribute[{question.code}] {flaw}."))
    return {code: values for code, values in given.items() if values}


def unknown_attributes(given: Iterable[str], service: CityService) -> list[str]:
    """The codes that this service does not ask for, in order."""
    asked = {question.code for question in service.questions}
    return [code for code in given if code not in asked]


def _flaws(question: ServiceQuestion, values: list[str]) -> list[str]:
    flaws = []
    if len(values) > 1 and question.datatype != "multivaluelist":
        flaws.append("takes one value")
    if question.datatype.endswith("list") and set(values) - {choice.key for choice in question.values}:
        flaws.append("has a value that is not on its list")
    if question.datatype == "number" and not all(_is_number(value) for value in values):
        flaws.append("must be a number")
    if question.datatype == "datetime" and not all(_is_time(value) for value in values):
        flaws.append("must be a W3C date and time")
    if any(len(value) > MAX_DESCRIPTION for value in values):
        flaws.append(f"is longer than {MAX_DESCRIPTION} characters")
    return flaws


def _degrees(
    single: Mapping[str, str],
    name: str,
    read: Callable[[object], float | None],
    most: int,
    errors: list[tuple[int, str]],
) -> float | None:
    if name not in single:
        return None
    degrees = read(single[name])
    if degrees is None:
        errors.append((400, f"{name} must be a number of degrees from -{most} to {most} (WGS 84)."))
    return degrees


def _is_number(text: str) -> bool:
    try:
        return len(text) < 50 and "_" not in text and isfinite(float(text))
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return len(url) <= 2000 and parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
