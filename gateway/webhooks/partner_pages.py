"""GET and POST /partners/<name>/answer/<id>/<token>: the page behind the link of a mail to a partner desk. Opening it changes
nothing, as mail programs open links by themselves; a button does. No word of the conversation is on it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog
from jinja2 import Environment
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, html

from city import City
from desk.model import Clock
from desk.partners.answers import ANSWER_BYTES, LONGEST_REASON, PartnerAnswer, is_reference
from desk.partners.links import is_link
from desk.partners.outcomes import Outcomes, Taken
from desk.partners.registry import Partner
from forms.request import read_form
from gateway.problems import Problem

log = structlog.get_logger("gateway")

_SAID: Mapping[Taken, tuple[int, str]] = {
    "done": (200, "Thank you. Your answer is recorded, and the citizen is told."),
    "again": (200, "This answer is recorded already."),
    "over": (409, "This is over: the time is up, it was withdrawn, or another answer came first. Please do nothing."),
    "early": (409, "This is not open to an answer yet. Nothing was changed."),
    "unknown": (404, "There is no such conversation any more. Nothing was changed."),
}  # fmt: skip
_WRONG = "This link is not valid, or its time is over. Nothing was changed."


def partner_pages_blueprint(
    known: Mapping[str, Partner],
    outcomes: Outcomes,
    templates: Environment,
    city: City,
    secrets: Sequence[str],
    clock: Clock,
) -> Blueprint:
    """Nothing is looked up before the link was verified. `secrets`: the present one and the one before."""
    blueprint = Blueprint("partner_pages", url_prefix="/partners")
    template = templates.get_template("partner.html")
    path = "/<name:str>/answer/<transfer_id:uuid>/<token:str>"

    def check(name: str, transfer_id: UUID, token: str) -> Partner:
        partner = known.get(name)
        if (
            partner is None
            or not partner.config.email
            or not is_link(secrets, clock, name, transfer_id, token)
        ):
            log.warning("partner_link_refused", partner=partner.config.name if partner else "unknown")
            raise Problem(403, "not_authentic", _WRONG)
        return partner

    def page(
        partner: Partner, status: int = 200, said: str | None = None, wrong: str | None = None
    ) -> HTTPResponse:
        present = city.partner(partner.config.name) or partner.config
        body = template.render(
            language="en", title=f"{city.name}: a conversation for {present.title}", city=city, said=said, wrong=wrong,
            longest=LONGEST_REASON,
        )  # fmt: skip
        headers = {
            "cache-control": "no-store",
            "x-robots-tag": "noindex, nofollow",
            "referrer-policy": "no-referrer",
        }
        return html(body, status=status, headers=headers)

    @blueprint.get(path)
    async def show(_: Request, name: str, transfer_id: UUID, token: str) -> HTTPResponse:
        return page(check(name, transfer_id, token))

    @blueprint.post(path, ctx_body_bytes=ANSWER_BYTES)
    async def answer(request: Request, name: str, transfer_id: UUID, token: str) -> HTTPResponse:
        partner = check(name, transfer_id, token)
        form = read_form(request)
        state, reference = form.get("state"), (form.get("reference") or "").strip()
        if state not in ("accepted", "declined"):
            return page(partner, 422, wrong="Press one of the two buttons. Nothing was changed.")
        if reference and not is_reference(reference):
            return page(
                partner,
                422,
                wrong="Your number may have 40 letters, digits and . / _ -. Nothing was changed.",
            )
        reason = (form.get("reason") or "").strip()[:LONGEST_REASON]
        said = (
            PartnerAnswer("accepted", reference=reference or None)
            if state == "accepted"
            else PartnerAnswer("declined", reason=reason or None)
        )
        status, sentence = _SAID[await outcomes.take(name, transfer_id, said)]
        return page(partner, status, said=sentence)

    return blueprint
