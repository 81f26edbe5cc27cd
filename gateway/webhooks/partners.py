"""POST /partners/<name>/transfers/<id>: a partner desk accepts or declines a transfer, in a signed call."""

from collections.abc import Mapping
from uuid import UUID

import structlog
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from desk.partners.answers import ANSWER_BYTES, read_answer
from desk.partners.outcomes import Outcomes
from desk.partners.registry import Partner
from desk.partners.signatures import SIGNATURE, STAMP
from gateway.problems import Problem

log = structlog.get_logger("gateway")


def partners_blueprint(known: Mapping[str, Partner], outcomes: Outcomes) -> Blueprint:
    """The one call that partners make. Nothing is looked up before the signature was verified."""
    blueprint = Blueprint("partners", url_prefix="/partners")

    @blueprint.post("/<name:str>/transfers/<transfer_id:uuid>", ctx_body_bytes=ANSWER_BYTES)
    async def answer(request: Request, name: str, transfer_id: UUID) -> HTTPResponse:
        partner = known.get(name)
        stamp = request.headers.getone(STAMP, "")
        given = request.headers.getone(SIGNATURE, "")
        path = f"/partners/{name}/transfers/{transfer_id}"
        signature = partner.signature if partner else None
        if signature is None or not signature.is_authentic(stamp, given, "POST", path, request.body):
            log.warning("partner_not_authentic", partner=partner.config.name if partner else "unknown")
            raise Problem(403, "not_authentic", "The signature of this request is missing, wrong or too old.")
        said = read_answer(request.body)
        if said is None or said.state == "pending":
            raise Problem(400, "malformed", "Send JSON with a state: accepted or declined.")
        taken = await outcomes.take(name, transfer_id, said)
        if taken == "unknown":
            raise Problem(404, "no_such_transfer", "There is no such transfer of yours.")
        if taken in ("over", "early"):
            raise Problem(409, taken, "This transfer is not open to an answer. Nothing was changed.")
        return json({"state": said.state})

    return blueprint
