"""Health endpoints: /live always answers, /ready reports what is missing, /metrics is for the operator's
network."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
from prometheus_client import CONTENT_TYPE_LATEST
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, raw

from gateway.ops.metrics import GatewayMetrics
from gateway.problems import Problem

BOT_PATIENCE = 2.0  # seconds; a bot that is still loading must not delay the answer to an orchestrator


@dataclass
class Readiness:
    """The start-up state of this process. `sentence` says why it is not ready."""

    ready: bool = False
    sentence: str = "The gateway is starting: it waits for the database."

    def is_ready(self) -> bool:
        """The same, for those who ask later."""
        return self.ready


def health_blueprint(
    *,
    readiness: Readiness,
    database: Callable[[], Awaitable[bool]],
    redis: Callable[[], bool],
    bot: Callable[[], Awaitable[bool]],
    metrics: GatewayMetrics,
    inboxes: Callable[[], Awaitable[None]] | None = None,
) -> Blueprint:
    """`inboxes` refreshes the inbox gauges. `database` tells whether PostgreSQL accepts writes and `bot`
    whether the bot answers: anyone can call these, so both bound their own work. `redis` tells whether the
    live connection is up."""
    blueprint = Blueprint("health")

    @blueprint.get("/live")
    async def live(_: Request) -> HTTPResponse:
        return json({"live": True})

    @blueprint.get("/ready")
    async def ready(_: Request) -> HTTPResponse:
        answers, bot_answers = await asyncio.gather(database(), bot())
        fine = readiness.ready and answers
        sentence = (
            readiness.sentence if not readiness.ready else "The database does not answer or takes no writes."
        )
        body = {
            "ready": fine,
            "database": answers,
            "migrated": readiness.ready,
            # Without Redis we are only slower and without the bot replies are delayed, so neither makes us
            # unready.
            "redis": redis(),
            "bot": bot_answers,
        }
        return json(body if fine else {**body, "message": sentence}, status=200 if fine else 503)

    @blueprint.get("/metrics")
    async def show(request: Request) -> HTTPResponse:
        if not _from_inside(request):
            raise Problem(404, "not_found", "There is nothing at this address.")
        if inboxes is not None:
            await inboxes()
        return raw(metrics.render(), content_type=CONTENT_TYPE_LATEST)

    return blueprint


async def bot_is_ready(bot_url: str) -> bool:
    """Whether the bot has loaded its model."""
    timeout = aiohttp.ClientTimeout(total=BOT_PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{bot_url}/webhooks/civicdesk/ready", allow_redirects=False) as answer,
        ):
            return answer.status == 200
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False


def _from_inside(request: Request) -> bool:
    # A request through a proxy came from the internet, whatever the proxy's own address, and whether we know
    # it or not.
    if request.ctx.forwarded:
        return False
    try:
        address = ipaddress.ip_address(request.ip)
    except ValueError:
        return False
    return address.is_loopback or address.is_private
