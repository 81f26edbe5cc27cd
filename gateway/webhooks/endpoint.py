"""/webhooks/<inbox>: verify, parse, commit, and only then acknowledge to the provider."""

import structlog
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, text

from channels.base import Acknowledges, Channel, Handshakes, MalformedPayload, NotAuthentic, Webhook
from gateway.deps import Deps
from gateway.problems import Problem
from gateway.webhooks.ignored import Ignored

log = structlog.get_logger("gateway")

WEBHOOK_BYTES = 2 * 1_048_576
"""A provider's batch of a thousand events."""


def webhooks_blueprint(deps: Deps) -> Blueprint:
    """Every configured inbox except the web chat, which has its own endpoints."""
    blueprint = Blueprint("webhooks", url_prefix="/webhooks")
    # Computed once: an isinstance check against a protocol costs more than verifying a signature. `object`,
    # as channels are selected by capability.
    built: dict[str, object] = dict(deps.channels)
    ignored = Ignored(deps.metrics.ignored)
    acknowledging = {name: one for name, one in built.items() if isinstance(one, Acknowledges)}

    @blueprint.get("/<inbox:str>")
    async def confirm_address(request: Request, inbox: str) -> HTTPResponse:
        channel = _channel(deps, inbox)
        if not isinstance(channel, Handshakes):
            raise Problem(405, "post_only", "This inbox takes what its provider posts, nothing else.")
        try:
            answer = channel.handshake(_webhook(deps, request, inbox))
        except NotAuthentic as error:
            raise _not_authentic(inbox, error) from None
        return text(
            answer
        )  # plain text: the provider chose these bytes, so no browser may treat them as a page

    @blueprint.post("/<inbox:str>", ctx_body_bytes=WEBHOOK_BYTES)
    async def receive(request: Request, inbox: str) -> HTTPResponse:
        channel = _channel(deps, inbox)
        webhook = _webhook(deps, request, inbox)
        try:
            channel.verify(webhook)
        except NotAuthentic as error:
            raise _not_authentic(inbox, error) from None
        try:
            inbounds = channel.parse(webhook)
        except MalformedPayload as error:
            log.warning("webhook_malformed", inbox=inbox, reason=str(error))
            raise Problem(400, "malformed", "This is not what this channel's provider sends.") from None
        received = await deps.intake.receive(inbox, inbounds, trace_id=request.ctx.request_id)
        ignored.count(inbox, inbounds)
        new = sum(one.new for one in received)
        deps.metrics.messages.labels(inbox).inc(new)
        if inbox in acknowledging:
            thanks = acknowledging[inbox].acknowledgement
            return HTTPResponse(thanks.body, 200, content_type=thanks.content_type)
        return json({"received": len(received), "new": new})

    return blueprint


def _channel(deps: Deps, inbox: str) -> Channel:
    channel = deps.channels.get(inbox)
    if channel is None:
        raise Problem(404, "no_such_inbox", "There is no inbox of this name.")
    return channel


def _webhook(deps: Deps, request: Request, inbox: str) -> Webhook:
    # The URL that was registered with the provider, whatever Host says: signatures cover it.
    url = f"{deps.settings.public_url}/webhooks/{inbox}"
    return Webhook(
        # Headers with this prefix are internal; nobody outside may set them.
        headers={
            k.lower(): v for k, v in request.headers.items() if not k.lower().startswith("x-civicdesk-")
        },
        body=request.body,
        path=request.path,
        query={name: str(values[0]) for name, values in request.args.items()},
        url=f"{url}?{request.query_string}" if request.query_string else url,
        method="GET" if request.method == "GET" else "POST",
    )


def _not_authentic(inbox: str, error: NotAuthentic) -> Problem:
    log.warning("webhook_not_authentic", inbox=inbox, reason=str(error))
    return Problem(403, "not_authentic", "The signature of this request is missing or wrong.")
