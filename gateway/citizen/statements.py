"""The chat's public statements on accessibility and privacy."""

from jinja2 import Environment
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, html

from gateway.citizen.pages import language_of
from gateway.deps import Deps
from gateway.headers import client_address
from gateway.languages import words

STATEMENTS = {
    "accessibility": ("accessible_aim", "accessible_how", "accessible_gaps", "accessible_help"),
    "privacy_notice": ("privacy_kept", "privacy_seen", "privacy_device", "privacy_rights", "privacy_help"),
}
"""Title -> its paragraphs, as in gateway/languages."""


def statements_blueprint(deps: Deps, templates: Environment) -> Blueprint:
    """GET /chat/accessibility and /chat/privacy."""
    blueprint = Blueprint("statements", url_prefix="/chat")
    template = templates.get_template("statement.html")

    async def shown(request: Request, title: str) -> HTTPResponse:
        await deps.limits.check("page", address=client_address(request))
        language = language_of(deps, request)
        said = words(language)
        return html(
            template.render(
                words=said,
                language=language,
                title=said[title],
                paragraphs=[said[one].format(phone=deps.city.phone) for one in STATEMENTS[title]],
                back=said["title"].format(city=deps.city.name),
            )
        )

    @blueprint.get("/accessibility")
    async def accessibility(request: Request) -> HTTPResponse:
        return await shown(request, "accessibility")

    @blueprint.get("/privacy")
    async def privacy(request: Request) -> HTTPResponse:
        return await shown(request, "privacy_notice")

    return blueprint
