"""Our own GeoReport v2 server, for a town without any other back end. One long file on purpose: the routes of one server.

    GET  discovery · services · services/<code> · requests · requests/<number> · tokens/<token>
    GET  servicerequestupdates                                                              each .json or .xml
    POST requests · servicerequestupdates · requests/<number>/withdrawal · …/reopening · …/notes (api_key)

The last three are our extension of the standard: the reporter withdraws the request, says that it is not solved, or adds to it.
`servicerequestupdates` is mySociety's, for the same and for the changes of all requests.

Built once with `open311_blueprint` and put under /open311/v2. Reads are public, as the specification says,
but what citizens provided (their words, their street, their photos) is shown only to clients with a key, sent
as X-Api-Key or as the specification's parameter api_key. A city may make the places public. The reporter is
never shown.
"""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from urllib.parse import unquote

import structlog
from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from city.services import CityService, in_all_days
from desk.model import Clock, NotFound, Refused
from desk.requests.book import RequestBook
from desk.store.georeport import GeoChange, GeoRequest, Given
from desk.store.pool import UNREACHABLE
from gateway.georeport import render
from gateway.georeport.errors import GeoReportErrors, error
from gateway.georeport.form import check_key, is_key, read_change, read_request, unknown_attributes
from gateway.georeport.near import by_distance, check_near
from gateway.georeport.photos import Kept, ReportPhotos
from gateway.georeport.query import read_references, read_search
from gateway.georeport.updates import (
    MOST,
    read_update,
    read_window,
    taken_document,
    updates_document,
    without_root,
)
from gateway.georeport.upload import CreateReader

log = structlog.get_logger("gateway")

Handler = Callable[[Request, str, str], Awaitable[HTTPResponse]]
"""Takes the request, the last path segment without its format, and the format."""
Wait = Callable[[Request], Awaitable[float]]
"""The seconds that this client must wait before its next public read; 0 if it may read now."""

MAX_ANSWER = 8 * 1_048_576
"""Bytes of one answer. Only a list with what citizens provided, for clients with a key, can come near."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the requests. `public_places`: everybody can read where a request is."""

    agency: str = ""
    contact: str = ""
    key_service: str = ""
    public_places: bool = False


def open311_blueprint(
    book: RequestBook,
    services: Mapping[str, CityService],
    api_keys: Collection[str],
    clock: Clock,
    *,
    jurisdiction: str | None = None,
    publisher: Callable[[], Publisher] = Publisher,
    language: str = "en",
    zone: tzinfo = UTC,
    public_url: str = "",
    demo: bool = False,
    prefix: str = "/open311/v2",
    wait: Wait | None = None,
    photos: ReportPhotos | None = None,
    address: Callable[[Request], str] = lambda request: "",
    promised: Callable[[CityService, datetime], datetime] = in_all_days,
    inside: Callable[[float, float], bool] = lambda latitude, longitude: True,
) -> Blueprint:
    """The routes. `publisher` is who publishes the requests, asked for at every answer; holders of one of `api_keys` may create requests, and without
    keys nobody may. `wait` limits how often requests are read without a key. Without `photos` those in a form are not kept.
    `address` is the client's, `promised` until when a service deals with a request, `inside` whether a point is in the city."""
    blueprint = Blueprint("open311", url_prefix=prefix)
    reader = CreateReader(photos.arriving if photos else None)
    started = clock().isoformat(timespec="seconds")
    acts = {"withdrawal": book.withdraw, "reopening": book.reopen, "notes": book.complement}
    by_update = {"withdraw": book.withdraw, "reopen": book.reopen, "complement": book.complement}
    listed = render.services_document(services, language)
    service_lists = {form: render.render("services", listed, form) for form in render.TYPES}

    async def discovery(request: Request, name: str, form: str) -> HTTPResponse:
        document = render.discovery_document(
            changeset=started,
            contact=publisher().contact,
            key_service=publisher().key_service,
            endpoint=f"{public_url.rstrip('/')}{prefix}",
            kind="test" if demo else "production",
        )
        return _answer(render.render("discovery", document, form), form, seconds=300)

    async def service_list(request: Request, name: str, form: str) -> HTTPResponse:
        _check_jurisdiction(request.args.get("jurisdiction_id"))
        return _answer(service_lists[form], form, seconds=300)

    async def definition(request: Request, name: str, form: str) -> HTTPResponse:
        _check_jurisdiction(request.args.get("jurisdiction_id"))
        service = services.get(name)
        if service is None:
            raise error(404, "service_code was not found. GET services lists the codes.")
        body = render.render("service_definition", render.definition_document(service, language), form)
        return _answer(body, form, seconds=300)

    async def create(request: Request, name: str, form: str) -> HTTPResponse:
        sent = await reader.read(request, address(request))
        fields = sent.fields
        # Not from the URL: a client that sends a form can put the key there.
        check_key(fields.get("api_key", [""])[0] or request.headers.get("x-api-key", ""), api_keys)
        named = fields.get("jurisdiction_id") or request.args.getlist("jurisdiction_id") or [None]
        _check_jurisdiction(named[0])
        new = read_request(fields, services, inside)
        service = services[new.service_code]
        photographed = await photos.keep(sent.files, f"georeport:{address(request)}") if photos else Kept()
        new = replace(new, media_urls=(*photographed.urls, *new.media_urls))
        kept = await book.create(new, promised(service, clock()))
        if photos:
            await photos.attach(kept.media_urls)
        unknown = unknown_attributes(new.attributes, service)
        log.info(
            "georeport_created", reference=kept.reference, service=new.service_code, unknown=len(unknown)
        )
        lost = photographed.refused if photos else len(sent.files)
        notice = render.notice(unknown, lost, sent.more)
        document = render.created_document(kept, new.reporter.get("account_id"), notice)
        return _answer(render.render("service_requests", document, form), form, private=True)

    async def listing(request: Request, name: str, form: str) -> HTTPResponse:
        query = {key: values[0] for key, values in request.args.items() if values}
        _check_jurisdiction(query.get("jurisdiction_id"))
        given = await _may_read(request)
        references = read_references(query)
        if references is not None:
            found = await book.find(references, given=given)
            return _requests(found, form, given)
        search = replace(read_search(query, clock(), zone), given=given)
        if search.near is None:
            return _requests(await book.search(search), form, given)
        check_near(search, search.near, services, given)
        near, distances = by_distance(await book.near(search, search.near))
        return _requests(near, form, given, distances)

    async def one(request: Request, name: str, form: str) -> HTTPResponse:
        _check_jurisdiction(request.args.get("jurisdiction_id"))
        given = await _may_read(request)
        if not (found := await book.find([name.replace("\x00", "")], given=given)):
            raise error(404, "service_request_id was not found. Check the number.")
        return _requests(found, form, given)

    async def token(request: Request, name: str, form: str) -> HTTPResponse:
        await _may_read(request)
        if (found := await book.of_token(name.replace("\x00", ""))) is None:
            raise error(404, "token was not found.")
        body = render.render("service_requests", render.token_document(found), form)
        return _answer(body, form, private=True)

    async def change(request: Request, name: str, form: str) -> HTTPResponse:
        fields = await _fields_with_key(request)
        new = read_change(fields, inside)
        what = request.path.rpartition("/")[2].partition(".")[0]
        kept = await _changed(acts[what], what, name, new)
        body = render.render("service_requests", render.created_document(kept, None), form)
        return _answer(body, form, private=True)

    async def add_update(request: Request, name: str, form: str) -> HTTPResponse:
        reference, what, new = read_update(await _fields_with_key(request))
        await _changed(by_update[what], what, reference, new)
        document = without_root(taken_document(new), form)
        return _answer(render.render("service_request_updates", document, form), form, private=True)

    async def update_list(request: Request, name: str, form: str) -> HTTPResponse:
        query = {key: values[0] for key, values in request.args.items() if values}
        _check_jurisdiction(query.get("jurisdiction_id"))
        given = await _may_read(request)
        since, until = read_window(query, clock(), zone)
        found = await book.updates(since, until, MOST, given=given)
        document = without_root(updates_document(found, zone, photos.address if photos else str), form)
        body = render.render("service_request_updates", document, form)
        return _answer(body, form, private=given == "all")

    async def _fields_with_key(request: Request) -> Mapping[str, list[str]]:
        """The form of a change. Raises GeoReportErrors without a key of ours."""
        fields = (await reader.read(request, address(request))).fields
        check_key(fields.get("api_key", [""])[0] or request.headers.get("x-api-key", ""), api_keys)
        _check_jurisdiction(next(iter(fields.get("jurisdiction_id", ())), None))
        return fields

    async def _changed(
        act: Callable[[str, GeoChange], Awaitable[GeoRequest]], what: str, name: str, new: GeoChange
    ) -> GeoRequest:
        try:
            kept = await act(name.replace("\x00", ""), new)
        except NotFound:
            raise error(404, "service_request_id was not found. Check the number.") from None
        except Refused as refused:
            raise error(400, str(refused)) from None
        log.info("georeport_changed", reference=kept.reference, what=what)
        return kept

    async def _may_read(request: Request) -> Given:
        """How much of what citizens provided this client may read: all of it with a key. Raises GeoReportErrors 429 for
        a client without a key that reads too often."""
        # The header is the better place: a key in a URL may end up in the logs of proxies. Our own do not log it.
        keys = (request.headers.get("x-api-key", ""), str(request.args.get("api_key", "")))
        if any([is_key(one, api_keys) for one in keys]):
            return "all"
        seconds = await wait(request) if wait else 0
        if seconds > 0:
            sentence = "Too many requests from this address. Wait a moment, then ask again."
            raise GeoReportErrors([(429, sentence)], retry_after=seconds)
        return "places" if publisher().public_places else "nothing"

    def _requests(
        found: Sequence[GeoRequest], form: str, given: Given, distances: Mapping[str, float] | None = None
    ) -> HTTPResponse:
        whole = given == "all"
        document = render.requests_document(
            found,
            services,
            language=language,
            agency=publisher().agency,
            zone=zone,
            whole=whole,
            places=publisher().public_places,
            address=photos.address if photos else str,
            distances=distances,
        )
        body = render.render("service_requests", document, form)
        if len(body) > MAX_ANSWER:
            raise error(400, "This list is larger than 8 MB. Ask for fewer at once with page_size.")
        return _answer(body, form, private=whole)

    def _check_jurisdiction(given: str | None) -> None:
        if given and jurisdiction and given != jurisdiction:
            raise error(404, "jurisdiction_id was not found. This server has one jurisdiction; leave it out.")

    plain: tuple[tuple[str, str, Handler], ...] = (
        ("GET", "discovery", discovery),
        ("GET", "services", service_list),
        ("GET", "requests", listing),
        ("POST", "requests", create),
        ("GET", "servicerequestupdates", update_list),
        ("POST", "servicerequestupdates", add_update),
    )
    for method, name, handler in plain:
        for form in render.TYPES:
            blueprint.add_route(
                _fixed(handler, form),
                f"/{name}.{form}",
                methods=[method],
                name=f"{method}_{name}_{form}".lower(),
                stream=method == "POST",  # it reads the form itself, which may hold photos
            )
    for folder, handler in (("services", definition), ("requests", one), ("tokens", token)):
        blueprint.add_route(
            _named(handler), f"/{folder}/<last:str>", methods=["GET"], name=f"get_{folder}_one"
        )
    for what in acts:
        for form in render.TYPES:
            blueprint.add_route(
                _of_request(change, form),
                f"/requests/<reference:str>/{what}.{form}",
                methods=["POST"],
                name=f"post_{what}_{form}",
                stream=True,
            )
    return blueprint


def _fixed(handler: Handler, form: str) -> Callable[[Request], Coroutine[object, object, HTTPResponse]]:
    async def route(request: Request) -> HTTPResponse:
        return await _guarded(handler, request, "", form)

    return route


def _of_request(
    handler: Handler, form: str
) -> Callable[[Request, str], Coroutine[object, object, HTTPResponse]]:
    async def route(request: Request, reference: str) -> HTTPResponse:
        return await _guarded(handler, request, unquote(reference, errors="replace"), form)

    return route


def _named(handler: Handler) -> Callable[[Request, str], Coroutine[object, object, HTTPResponse]]:
    async def route(request: Request, last: str) -> HTTPResponse:
        name, _, form = last.rpartition(".")
        if form not in render.TYPES or not name:
            document = render.errors_document([(404, "Ask for .json or .xml at the end of the address.")])
            return _answer(render.render("errors", document, "xml"), "xml", status=404)
        return await _guarded(handler, request, unquote(name, errors="replace"), form)

    return route


async def _guarded(handler: Handler, request: Request, name: str, form: str) -> HTTPResponse:
    """Call the handler and return every refusal in the requested format."""
    try:
        return await handler(request, name, form)
    except GeoReportErrors as refusal:
        errors, status, retry_after = refusal.errors, refusal.status, refusal.retry_after
    except UNREACHABLE as failure:
        log.error("georeport_unavailable", error=type(failure).__name__)
        errors, status = (
            ((503, "The requests cannot be reached for a moment. Nothing was filed. Try again."),),
            503,
        )
        retry_after = 2.0
    answer = _answer(render.render("errors", render.errors_document(errors), form), form, status=status)
    if retry_after is not None:
        answer.headers["retry-after"] = str(max(1, round(retry_after + 0.5)))
    return answer


def _answer(
    body: bytes, form: str, *, status: int = 200, seconds: int = 0, private: bool = False
) -> HTTPResponse:
    headers = {
        "cache-control": f"public, max-age={seconds}" if seconds else "no-store",
        "x-content-type-options": "nosniff",
    }
    if not private:
        # Open data: pages on other sites may read it. Creates are server to server only.
        headers["access-control-allow-origin"] = "*"
    return HTTPResponse(body, status=status, headers=headers, content_type=render.TYPES[form])
