"""Faults of the bot: slow, silent, wrong, restarted, or running another model."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bench.fault.checker import settle
from bench.fault.peers.load_balancer import Behavior, Pass, silence
from bench.fault.scene import Fault, Scene

SLOW_SECONDS = 30.0
SHARE = 8  # every eighth conversation meets the fault


def bot_faults() -> list[Fault]:
    """The faults of the bot."""
    return [
        Fault("bot slow (30 s)", _bot(_slow)),
        Fault("bot hanging", _bot(silence)),
        Fault("bot answers 500", _bot(_says(500, b'{"error": "failed"}'), 3)),
        Fault("bot answers garbage", _bot(_says(200, b"\x00\xff<html>"), 3)),
        Fault("bot answers 200 []", _bot(_says(200, b"[]"), 3)),
        Fault("bot restarts in mid-turn", _bot_restarts),
        Fault("bot swaps its model", _model_swapped),
    ]


def _bot(behavior: Behavior, share: int = SHARE) -> Callable[[Scene], Awaitable[None]]:
    async def run(scene: Scene) -> None:
        asked: set[str] = set()

        async def sometimes(request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
            turn = json.loads(body)
            if int(turn["conversation_id"][:8], 16) % share:
                return await on()
            asked.add(turn["message_id"])
            return await behavior(request, body, on)

        for balancer in scene.deployment.bot_balancers:
            balancer.behavior = sometimes
        async with scene.talking(from_share=0):
            pass
        await settle(scene.crowd)
        outcomes = await _outcomes(scene, asked)
        scene.notes.append(f"{len(asked)} turns met it: {outcomes}")
        scene.expect(bool(asked), "the fault happened", "no turn met it")
        scene.expect(
            set(outcomes) <= {"failed", "dropped"}, "an apology and a handoff", f"outcomes are {outcomes}"
        )

    return run


async def _outcomes(scene: Scene, messages: set[str]) -> dict[str, int]:
    rows = await scene.deployment.store.pool.fetch(
        "SELECT outcome, count(*) AS count FROM turns WHERE message_id = ANY($1::uuid[]) GROUP BY outcome",
        list(messages),
    )
    return {row["outcome"]: row["count"] for row in rows}


async def _slow(_request: web.Request, _body: bytes, on: Pass) -> web.StreamResponse:
    await asyncio.sleep(SLOW_SECONDS)
    return await on()


def _says(status: int, body: bytes) -> Behavior:
    async def behavior(_request: web.Request, _body: bytes, _on: Pass) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type="application/json")

    return behavior


async def _bot_restarts(scene: Scene) -> None:
    async with scene.talking():
        took, _ = await scene.deployment.restart("bot-1")
    scene.notes.append(f"stopped within {took:.1f} s")


async def _model_swapped(scene: Scene) -> None:
    """Repack the model into another file, make it current, and restart both bots, one after the other."""
    deployment = scene.deployment
    path = deployment.models / "current.json"
    current = json.loads(path.read_text(encoding="utf-8"))
    packed = gzip.compress(gzip.decompress((deployment.models / current["model"]).read_bytes()), 1)
    swapped = {**current, "model": "swapped.tar.gz", "sha256": hashlib.sha256(packed).hexdigest()}
    (deployment.models / "swapped.tar.gz").write_bytes(packed)
    path.unlink()  # a link to the model that the other benchmarks use
    path.write_text(json.dumps(swapped), encoding="utf-8")
    async with scene.talking(spread=30):
        for name in ("bot-0", "bot-1"):
            await deployment.restart(name)
            await deployment.ready(name)
    models = {await _model(scene, url) for url in deployment.bots}
    scene.expect(models == {swapped["sha256"]}, "the new model answers", f"they serve {models}")


async def _model(scene: Scene, url: str) -> str:
    async with scene.crowd.http.get(f"{url}/webhooks/civicdesk/ready") as answer:
        return str((await answer.json())["model"])
