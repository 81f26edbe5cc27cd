"""GET /official (a page), /official.json, and POST /official: everybody may check a message without the chat. What they check is not kept."""

import hashlib
import json

from jinja2 import Environment
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, html

from city import City
from desk.knowledge.catalogue import Catalog
from desk.official.checking import OfficialChecks
from desk.official.languages import words_of
from desk.official.reading import LONGEST
from forms.request import read_form
from gateway.headers import client_address
from gateway.limits import Limits

KEPT = "public, max-age=60, stale-if-error=600"
OPEN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


def official_blueprint(
    checks: OfficialChecks, catalog: Catalog, templates: Environment, city: City, limits: Limits, base: str
) -> Blueprint:
    """`base` is the public address of this installation."""
    blueprint = Blueprint("official")
    template = templates.get_template("official.html")
    base = base.rstrip("/")

    def language_of(asked: object) -> str:
        return str(asked) if asked in city.languages else city.language

    def show(language: str, text: str = "", said: str = "") -> str:
        words = words_of(language)
        named = {"city": city.name, "phone": city.phone, "number": city.emergency_number}
        return template.render(
            words=words, language=language, city=city, listed=city.official_list, title=words.title.format(**named),
            lead=words.lead.format(**named), never=words.never.format(**named), text=text, said=said, longest=LONGEST,
            languages=city.languages,
        )  # fmt: skip

    @blueprint.get("/official")
    async def page(request: Request) -> HTTPResponse:
        await limits.check("page", address=client_address(request))
        return html(show(language_of(request.args.get("language"))), headers={"cache-control": KEPT})

    @blueprint.post("/official")
    async def check(request: Request) -> HTTPResponse:
        await limits.check("page", address=client_address(request))
        form = read_form(request)
        language = language_of(form.get("language"))
        text = form.get("text").strip()[:LONGEST]
        headers = {"cache-control": "no-store"}
        if not text:
            return html(show(language, "", words_of(language).nothing), status=422, headers=headers)
        said = await checks.check(text, language)
        composed = catalog.system(said.name, language, said.variables)
        return html(show(language, text, composed.text), headers=headers)

    @blueprint.get("/official.json")
    async def listed(request: Request) -> HTTPResponse:
        await limits.check("page", address=client_address(request))
        body = json.dumps(as_json(city, base)).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
        headers = {"etag": etag, "cache-control": KEPT, **OPEN}
        if etag in request.headers.getone("if-none-match", "").split(", "):
            return HTTPResponse(status=304, headers=headers)
        return HTTPResponse(body, headers=headers, content_type="application/json; charset=utf-8")

    return blueprint


def as_json(city: City, base: str) -> dict[str, object]:
    """The list for programs."""
    listed = city.official_list
    return {
        "city": city.name,
        "demonstration": city.demo,
        "page": f"{base}/official",
        "telephones": list(listed.phones),
        "domains": list(listed.domains),
        "mail": list(listed.mails),
        "accounts": [
            {"network": one.network, "handle": one.handle, "url": one.url} for one in listed.accounts
        ],
    }
