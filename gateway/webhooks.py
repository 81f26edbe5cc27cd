"""POST /webhooks/<inbox>: verify, parse, commit, and only then thank the provider."""

import structlog
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from channels.base import MalformedPayload, NotAuthentic, Webhook
from gateway.deps import Deps
from gateway.problems import Problem

log = structlog.get_logger("gateway")


def webhooks_blueprint(deps: Deps) -> Blueprint:
    """Every configured inbox but the web chat, which has its own door."""
    blueprint = Blueprint("webhooks", url_prefix="/webhooks")

    @blueprint.post("/<inbox:str>")
    async def receive(request: Request, inbox: str) -> HTTPResponse:
        channel = deps.channels.get(inbox)
        if channel is None:
            raise Problem(404, "no_such_inbox", "There is no inbox of this name.")
        webhook = Webhook(
            # What begins so is said inside the house alone; nobody outside may say it.
            headers={
                k.lower(): v for k, v in request.headers.items() if not k.lower().startswith("x-civicdesk-")
            },
            body=request.body,
            path=request.path,
            query={name: str(values[0]) for name, values in request.args.items()},
        )
        try:
            channel.verify(webhook)
        except NotAuthentic as error:
            log.warning("webhook_not_authentic", inbox=inbox, reason=str(error))
            raise Problem(
                403, "not_authentic", "The signature of this request is missing or wrong."
            ) from None
        try:
            inbounds = channel.parse(webhook)
        except MalformedPayload as error:
            log.warning("webhook_malformed", inbox=inbox, reason=str(error))
            raise Problem(400, "malformed", "This is not what this channel's provider sends.") from None
        received = await deps.intake.receive(inbox, inbounds, trace_id=request.ctx.request_id)
        new = sum(one.new for one in received)
        deps.metrics.messages.labels(inbox).inc(new)
        return json({"received": len(received), "new": new})

    return blueprint
