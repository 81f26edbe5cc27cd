"""GET /requests/<number>: the public page of a request in our own request book. It contains nothing written by the person who
reported it, and the place only if the city makes places public."""

from collections.abc import Callable, Mapping
from datetime import datetime

from babel.dates import format_date
from jinja2 import Environment
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, html

from city.services import CityService
from desk.requests.book import RequestBook
from desk.store.georeport import GeoRequest, Given
from gateway.citizen.pages import language_of
from gateway.citizen.widget import language_name
from gateway.deps import Deps
from gateway.headers import client_address
from gateway.languages import words

LONGEST = 40
"""Characters of a number, as people may write it."""


def request_pages_blueprint(
    deps: Deps,
    templates: Environment,
    services: Mapping[str, CityService],
    photo: Callable[[str], str],
) -> Blueprint:
    """The page. `photo` makes the address of the photo of a closure."""
    blueprint = Blueprint("request_pages", url_prefix="/requests")
    template = templates.get_template("request.html")
    book = RequestBook(deps.store, deps.clock)

    @blueprint.get("/<reference:str>")
    async def page(request: Request, reference: str) -> HTTPResponse:
        await deps.limits.check("status", address=client_address(request))
        language = language_of(deps, request)
        said = words(language)
        # Citizens' words are never read, so no mistake in the page can show them.
        given: Given = "places" if deps.city.public_places else "nothing"
        written = reference.replace("\x00", "")[:LONGEST]
        found = await book.find([written], given=given)
        one = found[0] if found else None
        service = services.get(one.service_code) if one else None
        body = template.render(
            words=said,
            language=language,
            languages=[(code, language_name(code)) for code in deps.city.offered_languages],
            city=deps.city,
            title=said["request_title"].format(reference=one.reference if one else written),
            number=one.reference if one else written,
            one=one,
            service=service.called(language) if service else one.service_code if one else "",
            late=_late(one, deps.clock()),
            photo=photo(one.status_media) if one and one.status_media else None,
            day=lambda at: format_date(at.astimezone(deps.city.zone), "long", locale=language),
        )
        headers = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}
        return html(body, status=200 if one else 404, headers=headers)

    return blueprint


def _late(one: GeoRequest | None, now: datetime) -> bool:
    return bool(one and one.status == "open" and one.expected_at and one.expected_at < now)
